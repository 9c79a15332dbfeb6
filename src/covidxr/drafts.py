"""The row that a candidate would become, as far as its source says it.

This module owns which part of a case fills which column. It fills no cell with an inference: those
are suggestions, and ``finding`` is ``todo`` until a curator has read the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import HEADER

if TYPE_CHECKING:
    from covidxr.cases import Case, ImageCandidate


def draft_row(case: Case, image: ImageCandidate, filename: str) -> dict[str, str]:
    """Fill the cells that the source fills.

    Parameters
    ----------
    case : Case
        The patient.
    image : ImageCandidate
        The image.
    filename : str
        Name of its file; empty where there is none yet, as for a series of slices.

    Returns
    -------
    dict of str to str
        By column, in the header's order; columns that would be blank are left out. There is no
        ``patientid``: whose images these are is decided when they are accepted.
    """
    cells = {
        "sex": case.sex,
        "age": case.age,
        "finding": "todo",
        "view": image.view,
        "modality": image.modality,
        "date": case.date,
        "location": case.location,
        "folder": image.folder,
        "filename": filename,
        "doi": case.doi,
        "url": case.url,
        "license": (image.licence or case.licence).spdx,
        "clinical_notes": _notes(case, image),
        "other_notes": _line(image.credit or case.credit),
    }
    return {name: cells[name] for name in HEADER if cells.get(name)}


def _notes(case: Case, image: ImageCandidate) -> str:
    """History and the words on this image, each once, on one line: a cell holds no line end."""
    kept: list[str] = []
    for text in map(_line, (case.history, image.findings or case.findings, image.caption)):
        if text and not any(text in earlier for earlier in kept):
            kept.append(text)
    return " ".join(kept)


def _line(text: str) -> str:
    return " ".join(text.split())
