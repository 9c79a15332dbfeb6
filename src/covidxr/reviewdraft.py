"""What the record of a case says of one of its images, as a reviewer needs it.

This module owns which parts of a ``case.json`` become draft, origin and picture. A record is
anybody's text: what is odd in it is shown as text or left out. It touches no disk.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from covidxr import reviewform
from covidxr.columns import HEADER
from covidxr.imaging.formats import EXTENSIONS, MOST_DECODED
from covidxr.passages import figure_of
from covidxr.reviewsheet import Origin, Picture, Remark

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.reviewqueue import Candidate

PAPERS = "figures"
"""Source of the images of papers: one paper may show several patients."""

# Parts of `extra` that are shown elsewhere or say nothing to a reader.
_SHOWN_ELSEWHERE = frozenset(
    {"cleared", "warnings", "image", "content_type", "width", "height"}
) | {"source_ids"}
_LONGEST = 500


def drafted(image: Mapping[str, Any]) -> dict[str, str]:
    """Give the cells that the source filled in, without a patient: nobody has said whose it is."""
    cells = image.get("draft")
    if not isinstance(cells, dict):
        return {"finding": "todo", "folder": "images"}
    return {name: str(cells[name]) for name in HEADER if cells.get(name) and name != "patientid"}


def origin(record: Mapping[str, Any], image: Mapping[str, Any], candidate: Candidate) -> Origin:
    """Say where an image comes from, under which terms, and what a curator must know."""
    known = candidate.provenance
    extra = _mapping(image.get("extra"))
    figure = figure_of(record, image)
    warnings = [
        *_texts(record.get("warnings")),
        *_texts(extra.get("warnings")),
        *_texts(figure.get("warnings")),
    ]
    return Origin(
        page_url=known.page_url,
        image_url=known.image_url,
        doi=known.doi,
        retrieved_at=known.retrieved_at,
        sha256=known.sha256,
        credit=known.credit,
        licence=known.licence,
        cleared=_cleared(extra, figure),
        via=known.via,
        permission=known.permission,
        saved_as=known.saved_as,
        warnings=tuple(dict.fromkeys(warnings)),
    )


def _cleared(extra: Mapping[str, Any], figure: Mapping[str, Any]) -> bool:
    return extra.get("cleared", True) is True and figure.get("cleared", True) is True


def picture(image: Mapping[str, Any]) -> Picture:
    """Describe the file that is shown: the only one, or the middle slice of a volume."""
    files = image["files"]
    file = files[len(files) // 2]
    width, height = file.get("width"), file.get("height")
    size = (width or 0) * (height or 0) if _whole(width) and _whole(height) else 0
    reason = ""
    if size > MOST_DECODED:
        reason = (
            f"it has {size / 1e6:.0f} megapixels ({width} x {height}); more than "
            f"{MOST_DECODED / 1e6:.0f} are not decoded: look at the file with another program"
        )
    return Picture(
        name=str(file["name"]),
        format=str(file.get("format", "")),
        width=width if _whole(width) else None,
        height=height if _whole(height) else None,
        bytes=int(file["provenance"]["bytes"]),
        why_not=reason,
    )


def why_not(
    record: Mapping[str, Any], image: Mapping[str, Any], candidate: Candidate
) -> tuple[Remark, ...]:
    """Say why an image cannot be accepted whatever its row says; empty where it can."""
    found = []
    if not _cleared(_mapping(image.get("extra")), figure_of(record, image)):
        reason = str(figure_of(record, image).get("reason") or "no licence clears it")
        found.append(
            Remark(
                field="",
                message=f"it is for private review only: {reason}",
                suggestion="reject it, or defer it until its publisher has permitted it",
            )
        )
    if candidate.slices > 1:
        found.append(
            Remark(
                field="",
                message=f"it is a volume of {candidate.slices} DICOM slices, not one file",
                suggestion="defer it: a series becomes a row once it is one NIfTI file",
            )
        )
    form = str(image["files"][0].get("format", ""))
    if form not in EXTENSIONS:
        found.append(Remark(field="", message=f"its format, {form or 'unknown'}, is not kept"))
    return tuple(found)


def licence_remarks(
    candidate: Candidate, cells: Mapping[str, str], reason: str
) -> tuple[Remark, ...]:
    """Ask for evidence where the curator gives another licence than the source states."""
    stated, given = candidate.provenance.licence.spdx, cells.get("license", "")
    if not given or given == stated or reason.strip():
        return ()
    return (
        Remark(
            field="license",
            message=f"the source states {stated or 'no exact licence'}",
            suggestion="give as the reason where this one is stated",
        ),
    )


def place_remarks(image: Mapping[str, Any], cells: Mapping[str, str]) -> tuple[Remark, ...]:
    """Keep a file in the folder that it was drafted for."""
    folder = drafted(image).get("folder", "images")
    if cells.get("folder", folder) == folder:
        return ()
    return (Remark(field="folder", message=f"this file belongs into {folder}/"),)


def patient_remarks(cells: Mapping[str, str], known: Sequence[str]) -> tuple[Remark, ...]:
    """Ask whose image it is where that is open."""
    if cells.get("patientid"):
        return ()
    who = " or ".join(known[:3])
    return (
        Remark(
            field="patientid",
            message=f"is it patient {who}, or another one?" if known else "whose image is it?",
            suggestion=f"choose one, or {reviewform.NEW} for a patient who is not here yet",
        ),
    )


def also(image: Mapping[str, Any]) -> dict[str, str]:
    """Give what else the source says of an image, as text."""
    found = {}
    for name, value in _mapping(image.get("extra")).items():
        if name not in _SHOWN_ELSEWHERE and value not in (None, "", [], {}):
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            found[str(name)] = text[:_LONGEST]
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
