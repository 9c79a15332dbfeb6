"""Cleaned files of one patient as a case that waits for review.

This module owns what of a contribution stands in which part of a ``case.json``. Names of the
original files stand in none: people name files after patients. It touches no disk.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr import casefile, ingestsaid
from covidxr.casefile import KeptFile, KeptImage
from covidxr.cases import Case, ImageCandidate, LicenceClaim, Provenance
from covidxr.columns import HEADER
from covidxr.drafts import draft_row
from covidxr.ingesting import SOURCE
from covidxr.licences import read_licence

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from covidxr.cases import Json
    from covidxr.ingesting import CleanDicom, Terms
    from covidxr.ingestmapping import TableRow
    from covidxr.ingestsaid import Said
    from covidxr.model import ImageFacts

_NO_LICENCE = (
    "the contributor states no licence: ask for one, since nobody may pass the image on without"
)
# What has a place of its own in the draft, besides the table's.
_BY_DRAFT = frozenset({"license", "other_notes"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One image or volume of a case, cleaned and written.

    Parameters
    ----------
    label : str
        Its number within the case.
    file : str
        Name of the file that becomes the row's.
    facts : ImageFacts
        Of that file.
    beside : mapping of str to Json
        What else lies beside it, by what it is.
    dicom : CleanDicom or None
        What the tags say; its bytes are not kept.
    row : TableRow or None
        The contributor's.
    warnings : tuple of str
        What a curator must know.
    source_ids : tuple of str
        Pseudonyms of the original files, so that they are known again.
    """

    label: str
    file: str
    facts: ImageFacts
    beside: Mapping[str, Json] = field(default_factory=dict)
    dicom: CleanDicom | None = None
    row: TableRow | None = None
    warnings: tuple[str, ...] = ()
    source_ids: tuple[str, ...] = ()

    @property
    def day(self) -> dt.date | None:
        """The shifted day of its acquisition, where its tags say one."""
        return ingestsaid.day_of(self.dicom.acquired_on) if self.dicom else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What holds for all images of a case.

    Parameters
    ----------
    id : str
        Of the case: that of the patient, with a number behind it from the second contribution on.
    patient : str
        Pseudonym of the patient.
    terms : Terms
        Who contributes, and under which terms.
    retrieved_at : str
        UTC, ISO 8601 with ``Z``.
    days : frozenset of datetime.date
        Shifted days of the patient's images that were taken in before.
    warnings : tuple of str
        What a curator must know of the whole case.
    """

    id: str
    patient: str
    terms: Terms
    retrieved_at: str
    days: frozenset[dt.date] = frozenset()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A case as it is kept.

    Parameters
    ----------
    case : Case
        With its images.
    images : tuple of KeptImage
        The same with their files.
    rows : tuple of dict of str to str
        What the rows would be, image by image.
    """

    case: Case
    images: tuple[KeptImage, ...]
    rows: tuple[dict[str, str], ...]

    @property
    def text(self) -> str:
        """The text of its ``case.json``."""
        record = json.loads(casefile.case_text(self.case, self.images, ()))
        for image, row in zip(record["images"], self.rows, strict=True):
            image["draft"] = row
        return casefile.as_text(record)


def made(frame: Frame, pieces: Sequence[Piece]) -> Made:
    """Make a case of its images.

    Parameters
    ----------
    frame : Frame
        What holds for all of them.
    pieces : sequence of Piece
        Its images, at least one.

    Returns
    -------
    Made
        Where the images of the patient name two sexes, none is drafted.
    """
    days = frame.days | {piece.day for piece in pieces if piece.day}
    said = [_said(piece, days) for piece in pieces]
    read = [ingestsaid.cells_of(each) for each in said]
    cells = [each for each, _ in read]
    warnings = list(frame.warnings)
    # One image where tags and table disagree makes the others doubtful as well.
    sexes = {one.value for each in said for one in each if one.column == "sex" and one.plain}
    if len(sexes) > 1:
        warnings.append("its images name two sexes: is it one patient?")
        for each in cells:
            each.pop("sex", None)
    images = tuple(
        _image(frame, piece, each, found, told)
        for piece, each, (found, told) in zip(pieces, said, read, strict=True)
    )
    if any(not (image.licence and image.licence.spdx) for image in images):
        warnings.append(_NO_LICENCE)
    ages = ingestsaid.agreed(cells, "age")
    one_age = len(ages) == 1 and all(each.get("age") for each in cells)
    case = Case(
        source=SOURCE,
        id=frame.id,
        url="",
        title=_title(frame),
        age=ages[0] if one_age else "",
        sex=next(iter(sexes)) if len(sexes) == 1 else "",
        licence=stated(frame.terms),
        credit=frame.terms.credit,
        authors=tuple(filter(None, (frame.terms.contributor,))),
        images=images,
        warnings=tuple(warnings),
        extra=_extra(frame, pieces),
    )
    kept = tuple(
        KeptImage(candidate=image, files=(_file(frame, piece, image, found),))
        for piece, image, found in zip(pieces, images, cells, strict=True)
    )
    rows = tuple(
        _row(case, image, piece.file, found)
        for piece, image, found in zip(pieces, images, cells, strict=True)
    )
    return Made(case=case, images=kept, rows=rows)


def _extra(frame: Frame, pieces: Sequence[Piece]) -> dict[str, Json]:
    """What a later run knows the case again by."""
    ids: list[Json] = [each for piece in pieces for each in piece.source_ids]
    days: list[Json] = [*sorted({piece.day.isoformat() for piece in pieces if piece.day})]
    return {
        "patient": frame.patient,
        "contributor": frame.terms.contributor,
        "source_ids": ids,
        "days": days,
    }


def page_of(patient: str) -> str:
    """Give what stands for the page of a patient whom a contributor sent, in ``provenance.csv``.

    Images of one page are one patient's to the review, so that it is no real address: that of a
    data set would make all its patients one.
    """
    return f"{SOURCE}:{patient}"


def _title(frame: Frame) -> str:
    by = f" of {frame.terms.contributor}" if frame.terms.contributor else ""
    return f"Contribution{by}, patient {frame.patient[:8]}"


def _said(piece: Piece, days: frozenset[dt.date]) -> list[Said]:
    tags = ingestsaid.of_tags(piece.dicom) if piece.dicom else []
    return [*tags, *ingestsaid.of_row(piece.row), *ingestsaid.of_days(piece.day, days)]


def _image(
    frame: Frame, piece: Piece, said: Sequence[Said], cells: Mapping[str, str], told: Sequence[str]
) -> ImageCandidate:
    volume = piece.facts.format.startswith("NIFTI")
    # So that annotations that come later find the image that they were drawn on.
    extra: dict[str, Json] = {**piece.beside, "source_ids": list(piece.source_ids)}
    warnings: list[Json] = [*piece.warnings, *told]
    if warnings:
        extra["warnings"] = warnings
    if piece.day:
        extra["acquired_on_shifted"] = piece.day.isoformat()
    return ImageCandidate(
        label=piece.label,
        url="",
        folder="volumes" if volume else "images",
        modality=cells.get("modality", ""),
        view=cells.get("view", ""),
        study=piece.dicom.study if piece.dicom else "",
        suggestions=tuple(each.suggestion for each in said if each.column not in _BY_DRAFT),
        licence=_licence(frame.terms, said),
        credit=_credit(frame.terms, cells),
        extra=extra,
    )


def stated(terms: Terms) -> LicenceClaim:
    """Give the licence that a contributor states for all that they send."""
    if not terms.licence:
        return LicenceClaim()
    spdx = read_licence(terms.licence).spdx or ""
    words = f"stated by the contributor{_named(terms)}: {terms.licence}"
    return LicenceClaim(spdx=spdx, words=words, evidence="source")


def _licence(terms: Terms, said: Sequence[Said]) -> LicenceClaim:
    """Give the licence of one image: that of its own row before that of the whole contribution."""
    for each in said:
        if each.column == "license":
            words = f"{each.where}{_named(terms)}: {each.words}"
            return LicenceClaim(spdx=each.value, words=words, evidence="source")
    return stated(terms)


def _named(terms: Terms) -> str:
    return f" ({terms.contributor})" if terms.contributor else ""


def _credit(terms: Terms, cells: Mapping[str, str]) -> str:
    """Credit line and the contributor's notes: the column holds both."""
    return " ".join(filter(None, (terms.credit, cells.get("other_notes", ""))))


def _file(frame: Frame, piece: Piece, image: ImageCandidate, cells: Mapping[str, str]) -> KeptFile:
    return KeptFile(
        name=piece.file,
        format=piece.facts.format,
        width=piece.facts.width,
        height=piece.facts.height,
        provenance=Provenance(
            source=SOURCE,
            page_url=page_of(frame.patient),
            image_url="",
            retrieved_at=frame.retrieved_at,
            sha256=piece.facts.sha256,
            bytes=piece.facts.bytes,
            doi=cells.get("doi", ""),
            licence=image.licence or LicenceClaim(),
            credit=image.credit,
        ),
    )


def _row(case: Case, image: ImageCandidate, file: str, cells: Mapping[str, str]) -> dict[str, str]:
    own = {name: text for name, text in cells.items() if name not in _BY_DRAFT}
    row = {**draft_row(case, image, file), **own}
    return {name: row[name] for name in HEADER if row.get(name)}


def sha256_of(data: bytes) -> str:
    """Give the SHA-256 of bytes as hex digits."""
    return hashlib.sha256(data).hexdigest()


def without_bytes(dicom: CleanDicom) -> CleanDicom:
    """Give the same record without the file, which may be large."""
    return replace(dicom, data=b"")
