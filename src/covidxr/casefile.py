"""``case.json``: what is kept of a candidate beside its images, and how it is read back.

This module owns the file's form and its version; :data:`SCHEMA` describes it for other programs. It
touches no disk. The same case gives the same text, byte for byte.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.columns import HEADER
from covidxr.drafts import draft_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.cases import Case, FigureRecord, ImageCandidate, Provenance

VERSION = 1
NAME = "case.json"
SCHEMA_URL = "https://github.com/covidxr/covidxr/blob/main/docs/case.schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file of an image, as it lies beside ``case.json``.

    Parameters
    ----------
    name : str
        Path below the case's folder, with ``/``.
    format : str
        By content, as in :class:`covidxr.model.ImageFacts`.
    width, height : int or None
        In pixels.
    provenance : Provenance
        Where the bytes came from.
    """

    name: str
    format: str
    width: int | None
    height: int | None
    provenance: Provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """An address from which no usable file came.

    Parameters
    ----------
    url : str
        The address.
    reason : str
        What came instead.
    again : bool
        Whether it may go well another time.
    """

    url: str
    reason: str
    again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptImage:
    """An image candidate and what became of its addresses.

    Parameters
    ----------
    candidate : ImageCandidate
        As the source describes it.
    files : tuple of KeptFile
        One for an image, one a slice for a series; empty where nothing usable came.
    missing : tuple of Missing
        Addresses that were tried in vain.
    """

    candidate: ImageCandidate
    files: tuple[KeptFile, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFigure:
    """A figure of an article and its files; parts that were cut out are images of the case.

    Parameters
    ----------
    record : FigureRecord
        What was decided on it.
    files : tuple of KeptFile
        The figure as it was published, one file a graphic; never thrown away.
    missing : tuple of Missing
        Graphics that no file came for.
    """

    record: FigureRecord
    files: tuple[KeptFile, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCase:
    """What a list of candidates shows of one, read from its ``case.json``.

    Parameters
    ----------
    source, id, url, title, published, licence : str
        As in :class:`covidxr.cases.Case`; `licence` is the SPDX id.
    addresses : tuple of str
        `url` and every other address of the case.
    images, missing : int
        How many have a file, and how many have none.
    complete : bool
        Whether nothing is left that another run could bring.
    warnings : tuple of str
        For the curator.
    path : str
        Its folder below that of all candidates, with ``/``.
    """

    source: str
    id: str
    url: str
    title: str
    published: str
    licence: str
    addresses: tuple[str, ...]
    images: int
    missing: int
    complete: bool
    warnings: tuple[str, ...]
    path: str


def case_text(
    case: Case,
    images: Sequence[KeptImage],
    pages: Sequence[Provenance],
    figures: Sequence[KeptFigure] = (),
) -> str:
    """Write the record of a case.

    Parameters
    ----------
    case : Case
        As the source describes it.
    images : sequence of KeptImage
        Its images, in the source's order.
    pages : sequence of Provenance
        Every page that was read for it, in order.
    figures : sequence of KeptFigure
        The figures that the images are parts of; none for a case that is no article.

    Returns
    -------
    str
        JSON, indented, with a line end behind it.
    """
    record = {
        "$schema": SCHEMA_URL,
        "version": VERSION,
        "source": case.source,
        "id": case.id,
        "url": case.url,
        "also_at": list(case.also_at),
        "title": case.title,
        "published": case.published,
        "complete": is_complete(case, images),
        "patient": {
            "age": case.age,
            "age_words": case.age_words,
            "sex": case.sex,
            "sex_words": case.sex_words,
        },
        "date": case.date,
        "location": case.location,
        "history": case.history,
        "findings": case.findings,
        "discussion": case.discussion,
        "diagnosis": case.diagnosis,
        "differential": list(case.differential),
        "authors": list(case.authors),
        "doi": case.doi,
        "licence": dataclasses.asdict(case.licence),
        "credit": case.credit,
        "suggestions": [dataclasses.asdict(each) for each in case.suggestions],
        "warnings": list(case.warnings),
        "images": [_image(case, image) for image in images],
        "left_out": [dataclasses.asdict(each) for each in case.left_out],
        "pages": [dataclasses.asdict(each) for each in pages],
        "markup": case.markup,
        "extra": dict(case.extra),
    }
    if figures:
        record["figures"] = [_figure(each) for each in figures]
    return as_text(record)


def is_complete(case: Case, images: Sequence[KeptImage]) -> bool:
    """Tell whether nothing is left that another run could bring."""
    return not (case.partial or any(each.again for image in images for each in image.missing))


def as_text(record: object) -> str:
    """Write a value as covidxr writes JSON: indented, UTF-8, lone surrogates as question marks."""
    text = json.dumps(record, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "replace").decode() + "\n"


def _image(case: Case, image: KeptImage) -> dict[str, Any]:
    each = image.candidate
    single = image.files[0].name if image.files and not each.parts else ""
    return {
        "label": each.label,
        "folder": each.folder,
        "study": each.study,
        "modality": each.modality,
        "view": each.view,
        "caption": each.caption,
        "findings": each.findings,
        "suggestions": [dataclasses.asdict(suggestion) for suggestion in each.suggestions],
        "draft": draft_row(case, each, single),
        "files": [_file(file) for file in image.files],
        "missing": [dataclasses.asdict(missing) for missing in image.missing],
        "extra": dict(each.extra),
    }


def _file(file: KeptFile) -> dict[str, Any]:
    return {
        "name": file.name,
        "format": file.format,
        "width": file.width,
        "height": file.height,
        "provenance": dataclasses.asdict(file.provenance),
    }


def _figure(figure: KeptFigure) -> dict[str, Any]:
    return {
        **dataclasses.asdict(figure.record),
        "files": [_file(file) for file in figure.files],
        "missing": [dataclasses.asdict(missing) for missing in figure.missing],
    }


def stored_case(text: str, path: str) -> StoredCase:
    """Read a record back as far as a list needs it.

    Parameters
    ----------
    text : str
        Of a ``case.json``.
    path : str
        Its folder below that of all candidates.

    Raises
    ------
    ValueError
        If it is not such a record, or one of a later version; the message says which.
    """
    try:
        record = json.loads(text)
        if record["version"] != VERSION:
            raise ValueError(f"it has version {record['version']!r}, not {VERSION}")
        images = [bool(image["files"]) for image in record["images"]]
        return StoredCase(
            source=str(record["source"]),
            id=str(record["id"]),
            url=str(record["url"]),
            title=str(record["title"]),
            published=str(record["published"]),
            licence=str(record["licence"]["spdx"]),
            addresses=(str(record["url"]), *map(str, record["also_at"])),
            images=sum(images),
            missing=len(images) - sum(images),
            complete=record["complete"] is True,
            warnings=tuple(map(str, record["warnings"])),
            path=path,
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"it is no record of a case: {error!r} is missing or odd") from error


def _object(meaning: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": meaning,
        "required": list(properties),
        "additionalProperties": False,
        "properties": properties,
    }


def _list(items: dict[str, Any], meaning: str = "") -> dict[str, Any]:
    return {"type": "array", "items": items, **({"description": meaning} if meaning else {})}


def _text(meaning: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": meaning, **more}


_SIZE = {"type": ["integer", "null"], "minimum": 1}
_LICENCE = _object(
    "Under which licence, and how that is known.",
    {
        "spdx": _text("SPDX id; empty where the words name no exact licence."),
        "words": _text("What the page or the site's terms say."),
        "evidence": _text(
            "page: the case's own page or the article's text; source: the site's terms; record: a "
            "registry that speaks of the article.",
            enum=["page", "source", "record", ""],
        ),
        "url": _text("Address of the licence or of the terms."),
    },
)
_SUGGESTION = _object(
    "What was inferred, and the words that it rests on.",
    {
        "column": _text("Name of a column.", enum=list(HEADER)),
        "value": _text("As the table would write it."),
        "words": _text("The source's words.", minLength=1),
        "where": _text("Where they stand."),
    },
)
_PROVENANCE = _object(
    "Where bytes came from.",
    {
        "source": _text("Key of the source."),
        "page_url": _text("Address of the page."),
        "image_url": _text("Address of the file; empty for a page, and for an unknown address."),
        "retrieved_at": _text("UTC, ISO 8601.", pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"),
        "sha256": _text("Of the bytes.", pattern="^[0-9a-f]{64}$"),
        "bytes": {"type": "integer", "minimum": 0},
        "doi": _text("Bare."),
        "licence": _LICENCE,
        "credit": _text("The credit line."),
        "via": _text("Base address of the mirror that answered; empty for the site itself."),
        "saved_as": _text("Name of the curator's file, for a saved page."),
        "permission": _text("Who permitted a crawl that the site's terms forbid, and when."),
    },
)
_FILE = _object(
    "One file beside case.json.",
    {
        "name": _text("Path below the case's folder.", minLength=1),
        "format": _text("By content: JPEG, PNG, DICOM, NIFTI.GZ …"),
        "width": _SIZE,
        "height": _SIZE,
        "provenance": _PROVENANCE,
    },
)
_MISSING = _object(
    "An address from which no usable file came.",
    {
        "url": _text("The address."),
        "reason": _text("What came instead."),
        "again": {"type": "boolean", "description": "Whether it may go well another time."},
    },
)
_IMAGE = _object(
    "One image, or one volume.",
    {
        "label": _text("In the source's own count."),
        "folder": _text("As in the table.", enum=["images", "volumes"]),
        "study": _text("The source's id of the study."),
        "modality": _text("Where a field of the page says so.", enum=["X-ray", "CT", ""]),
        "view": _text("Where a field of the page says so."),
        "caption": _text("What the source writes to this image."),
        "findings": _text("The radiologist's words on its study."),
        "suggestions": _list(_SUGGESTION),
        "draft": {
            "type": "object",
            "description": "Cells of the row, as far as the source says them.",
            "propertyNames": {"enum": list(HEADER)},
            "additionalProperties": {"type": "string", "minLength": 1},
            "required": ["finding", "folder"],
        },
        "files": _list(_FILE, "One for an image, one a slice for a series, none where missing."),
        "missing": _list(_MISSING),
        "extra": {"type": "object", "description": "What else the source says of it."},
    },
)

_BOX = {
    "type": ["array", "null"],
    "items": {"type": "integer", "minimum": 0},
    "minItems": 4,
    "maxItems": 4,
    "description": "Left, top, right, bottom in pixels of the file, the last two exclusive.",
}
_FIGURE = _object(
    "A figure of an article, and what was decided on it.",
    {
        "id": _text("The article's own id.", minLength=1),
        "label": _text("As printed."),
        "caption": _text("Whole, on one line."),
        "group": _text("Caption of the group that it stands in."),
        "mentions": _list({"type": "string"}, "Sentences that cite it."),
        "shown": _text("What it shows.", enum=["X-ray", "CT", "X-ray and CT"]),
        "words": _text("The words that say so."),
        "where": _text("Where they stand."),
        "body": _text("Part of the body.", enum=["chest", "other", "assumed"]),
        "unsure": {"type": "boolean", "description": "Whether a person should look first."},
        "licence": _LICENCE,
        "cleared": {
            "type": "boolean",
            "description": "Whether it may be passed on; without, it is for private review only.",
        },
        "reason": _text("Why it may not."),
        "crops": {"type": "boolean", "description": "Whether parts of it may be passed on."},
        "split": {"type": "boolean", "description": "Whether the panels were cut out."},
        "method": _text("How the panels were found."),
        "why": _text("Why they were not cut out."),
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "panels": _list(
            _object(
                "One panel: cut out, or proposed.",
                {
                    "letter": _text("As the caption has it."),
                    "file": _text("Name of the figure's file that it is a part of."),
                    "box": _BOX,
                    "caption": _text("The caption's words on it."),
                },
            )
        ),
        "made": _text("How a picture was taken out of a PDF; empty for a file of its own."),
        "warnings": _list({"type": "string"}),
        "files": _list(_FILE, "As published, one a graphic."),
        "missing": _list(_MISSING),
    },
)

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": SCHEMA_URL,
    "title": "A candidate of covidxr",
    **_object(
        "One case as one source publishes it, waiting for a curator.",
        {
            "$schema": _text("Address of this schema."),
            "version": {"const": VERSION},
            "source": _text("Key of the source.", minLength=1),
            "id": _text("The source's own name or number of the case.", minLength=1),
            "url": _text("Address of the case."),
            "also_at": _list({"type": "string"}, "Other addresses of the same case."),
            "title": _text("As published."),
            "published": _text("Day of publication, never of an examination."),
            "complete": {"type": "boolean", "description": "Whether no image is left to try."},
            "patient": _object(
                "Who, as the page says.",
                {
                    "age": _text("In years."),
                    "age_words": _text("The page's words."),
                    "sex": _text("M, F or empty.", enum=["M", "F", ""]),
                    "sex_words": _text("The page's words."),
                },
            ),
            "date": _text("Day of the examination, where a field of the page says so."),
            "location": _text("Place of the examination, where a field of the page says so."),
            "history": _text("Clinical history."),
            "findings": _text("Findings of the case as a whole."),
            "discussion": _text("Discussion."),
            "diagnosis": _text("Final diagnosis."),
            "differential": _list({"type": "string"}, "Differential diagnoses."),
            "authors": _list({"type": "string"}),
            "doi": _text("Bare."),
            "licence": _LICENCE,
            "credit": _text("The credit line."),
            "suggestions": _list(_SUGGESTION, "For every image of the case."),
            "warnings": _list({"type": "string"}, "What a curator must know."),
            "images": _list(_IMAGE),
            "left_out": _list(
                _object(
                    "An image that the collection has no use for.",
                    {
                        "label": _text("In the source's own count."),
                        "url": _text("Its address."),
                        "reason": _text("Why, such as MRI."),
                    },
                )
            ),
            "pages": _list(_PROVENANCE, "Every page that was read."),
            "markup": _text("Which generations of the page's markup matched."),
            "extra": {"type": "object", "description": "What else the source says."},
        },
    ),
}
# Cases that are no article have none.
SCHEMA["properties"]["figures"] = _list(_FIGURE, "The figures that the images are parts of.")

"""JSON Schema of the file."""
