"""Candidates for tests, written as `covidxr scrape` writes them, with drawn pictures."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image

from covidxr import casefile
from covidxr.candidatestore import candidates_of
from covidxr.casefile import KeptFile, KeptImage
from covidxr.cases import Case, ImageCandidate, LicenceClaim, Provenance, Suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

BY = LicenceClaim(
    spdx="CC-BY-4.0",
    words="Licensed under CC BY 4.0",
    evidence="page",
    url="https://creativecommons.org/licenses/by/4.0/",
)


def picture(seed: int, size: tuple[int, int] = (320, 300), form: str = "PNG") -> bytes:
    """A grey picture, another one for each seed, that compares like a radiograph."""
    import numpy as np

    noise = np.random.default_rng(seed)
    coarse = Image.fromarray(noise.integers(0, 256, (7, 8), dtype=np.uint8).astype(np.uint8))
    written = io.BytesIO()
    coarse.resize(size, Image.Resampling.BICUBIC).save(written, form)
    return written.getvalue()


def case(number: int = 1, images: int = 1, **changes: object) -> Case:
    """An invented case whose caption tells view and finding."""
    made = Case(
        source="eurorad",
        id=str(number),
        url=f"https://www.eurorad.org/case/{number}",
        title=f"Invented pneumonia {number}",
        published="2020-05-01",
        age=str(30 + number % 50),
        sex="F" if number % 2 else "M",
        history="Fever and dry cough for four days.",
        diagnosis="COVID-19 pneumonia",
        licence=BY,
        credit=f"A. Author. Invented case {number}",
        images=tuple(
            ImageCandidate(
                label=str(label),
                url=f"https://www.eurorad.org/files/{number}-{label}.png",
                modality="X-ray",
                caption="PA radiograph on day 3 shows opacities.",
                suggestions=(
                    Suggestion(column="view", value="PA", words="PA radiograph", where="caption"),
                    Suggestion(column="offset", value="3", words="day 3", where="caption"),
                ),
            )
            for label in range(1, images + 1)
        ),
        suggestions=(
            Suggestion(
                column="finding",
                value="Pneumonia/Viral/COVID-19",
                words="COVID-19 pneumonia",
                where="diagnosis",
            ),
        ),
    )
    return replace(made, **changes)  # type: ignore[arg-type] # fields by name, as tests write them


def keep(root: Path, made: Case, pictures: Sequence[bytes] = ()) -> list[str]:
    """Write a case among the candidates, and give the ids of its images."""
    number = int(made.id) if made.id.isdigit() else 0
    ids = []
    candidates = candidates_of(root, None)
    with candidates.working_on(made.source), candidates.filling(made.source, made.id) as folder:
        kept = []
        for at, image in enumerate(made.images):
            data = pictures[at] if at < len(pictures) else picture(1000 * number + at)
            name = f"{made.source}-{made.id}-{image.label}.png"
            folder.write(name, data)
            kept.append(KeptImage(candidate=image, files=(_file(made, image, name, data),)))
            ids.append(f"{made.source}/{made.id}/{name}")
        folder.write(casefile.NAME, casefile.case_text(made, kept, ()).encode())
    return ids


def _file(made: Case, image: ImageCandidate, name: str, data: bytes) -> KeptFile:
    with Image.open(io.BytesIO(data)) as shown:
        form, (width, height) = str(shown.format), shown.size
    return KeptFile(
        name=name,
        format=form,
        width=width,
        height=height,
        provenance=Provenance(
            source=made.source,
            page_url=made.url,
            image_url=image.url,
            retrieved_at="2026-01-02T03:04:05Z",
            sha256=hashlib.sha256(data).hexdigest(),
            bytes=len(data),
            doi=made.doi,
            licence=image.licence or made.licence,
            credit=image.credit or made.credit,
        ),
    )
