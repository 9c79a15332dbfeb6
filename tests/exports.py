"""Collections to hand on: on the disk as curators have them, in memory as exporters see them."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import TYPE_CHECKING, Any

from PIL import Image
from tests import build

from covidxr.about import About, Maker

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from covidxr.dataset import Dataset
    from covidxr.model import Artifact

ABOUT = About(
    name="phantoms",
    title="Phantoms",
    description="Drawn for a test.",
    makers=(Maker(family="Doe", given="Jo", orcid="0000-0002-1825-0097"), Maker(name="The group")),
    url="https://example.org/phantoms",
    doi="10.5555/12345678",
    citation="Doe J. Phantoms. 2026.",
    keywords=("X-ray", "phantom: drawn"),
    version="1.2.0",
    released_on="2026-11-26",
)

SETTINGS = """
[collection]
name = "phantoms"
title = "Phantoms"
description = "Drawn for a test."
url = "https://example.org/phantoms"
doi = "10.5555/12345678"
citation = "Doe J. Phantoms. 2026."
keywords = ["X-ray", "phantom: drawn"]
version = "1.2.0"
released-on = 2026-11-26
makers = [
  { family = "Doe", given = "Jo", orcid = "0000-0002-1825-0097" },
  { name = "The group" },
]
"""
"""The same, as a settings' file says it."""

CT = {"view": "Axial", "modality": "CT", "license": "CC0-1.0", "offset": "", "age": "7.5"}


def dataset(*changes: Mapping[str, str], **more: Any) -> Dataset:
    """A collection that says all of itself; by default an X-ray and a CT slice."""
    made = build.dataset(*(changes or ({}, CT)), about=ABOUT)
    return dataclasses.replace(made, **more)


def png(number: int) -> bytes:
    """A small picture, another one for each number."""
    picture = Image.new("L", (64, 64))
    picture.putdata([(each * (number + 3)) % 251 for each in range(64 * 64)])
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def collection(root: Path, *changes: Mapping[str, str], settings: str = SETTINGS) -> Path:
    """A collection on the disk with a picture for each row, a box, and a licence of its own."""
    rows = build.rows(*(changes or ({}, CT)))
    (root / "images").mkdir(parents=True)
    (root / "metadata.csv").write_text(build.csv_text(rows), encoding="utf-8")
    (root / "covidxr.toml").write_text(settings, encoding="utf-8")
    (root / "LICENSES.md").write_text("# Licences\n", encoding="utf-8")
    for number, row in enumerate(rows):
        (root / "images" / row["filename"]).write_bytes(png(number))
    (root / "annotations").mkdir()
    box = {
        "info": {"description": "License: CC0-1.0 Citation: none"},
        "categories": [{"id": 1, "name": "lung"}],
        "images": [{"id": 1, "file_name": rows[0]["filename"], "width": 64, "height": 64}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 2, 30, 40]}],
    }
    (root / "annotations" / "boxes.json").write_text(json.dumps(box), encoding="utf-8")
    return root


def contents(artifacts: Iterator[Artifact]) -> dict[str, bytes | None]:
    """What artifacts hold, by path; None for a copy."""
    made: dict[str, bytes | None] = {}
    for each in artifacts:
        made[each.path] = b"".join(each.parts()) if each.parts else each.data
    return made


def tree(folder: Path) -> dict[str, bytes]:
    """What every file below a folder holds, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
