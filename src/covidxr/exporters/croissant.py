"""Croissant 1.0: the collection as machine-learning tools and data-set search read it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from covidxr import exportcontents, labels
from covidxr.about import NOTICE
from covidxr.columntypes import Kind, Typed, typed
from covidxr.exportcontents import FILES, NOT_STATED, TABLE, TERMS
from covidxr.model import Artifact
from covidxr.plugins import exporter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from covidxr.about import Maker
    from covidxr.dataset import Dataset
    from covidxr.exportcontents import Terms
    from covidxr.model import ImageFacts

# The specification's context (docs/croissant-spec-1.0.md, appendix 1), and two keys without which
# mlcroissant 1.1 calls it not standard.
_OWN = (
    *("citeAs", "column", "equivalentProperty", "extract", "field", "fileObject", "fileProperty"),
    *("fileSet", "format", "includes", "isLiveDataset", "jsonPath", "key", "md5", "parentField"),
    *("path", "recordSet", "references", "regex", "repeated", "replace", "samplingRate"),
    *("separator", "source", "subField", "transform"),
)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    **{name: f"cr:{name}" for name in _OWN},
}
_TYPES = {
    Kind.INTEGER: "sc:Integer",
    Kind.NUMBER: "sc:Float",
    Kind.DATE: "sc:Date",
    Kind.TEXT: "sc:Text",
}
# IANA's media types of what is read as a picture; a DICOM file or a volume is not.
_PICTURES = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "TIFF": "image/tiff",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "WEBP": "image/webp",
}
_OTHERS = {"DICOM": "application/dicom", "NIFTI.GZ": "application/gzip"}
_UNKNOWN = "application/octet-stream"
_FILE_FIELDS = {
    "path": ("sc:Text", "Path of the file beside this description."),
    "filename": ("sc:Text", "Its path below its folder; of an image as metadata.csv has it."),
    "bytes": ("sc:Integer", "Its size in bytes."),
    "sha256": ("sc:Text", "SHA-256 of its bytes, in hex."),
    "format": ("sc:Text", "What it holds, by its content."),
    "width": ("sc:Integer", "Width of the picture in pixels."),
    "height": ("sc:Integer", "Height of the picture in pixels."),
}
# What people call the three parts, and what Croissant calls them.
_SPLITS = {
    "train": "cr:TrainingSplit",
    "training": "cr:TrainingSplit",
    "val": "cr:ValidationSplit",
    "valid": "cr:ValidationSplit",
    "validation": "cr:ValidationSplit",
    "test": "cr:TestSplit",
}
# Media types of annotation files, by extension.
_MEDIA = {"csv": "text/csv", "json": "application/json", "xml": "application/xml"} | {
    "png": "image/png", "tsv": "text/tab-separated-values", "md": "text/markdown",
}  # fmt: skip


@exporter("croissant", title="Croissant 1.0", since="0.1")
def croissant(dataset: Dataset) -> Iterator[Artifact]:
    """Write Croissant 1.0: croissant.json beside the table, the images and the annotations.

    mlcroissant, TensorFlow Datasets and data-set search read it. The record set `images` is the
    table with types, `files` lists what lies here with hashes, `pictures` gives each image as
    pixels. A date that is known to the month only is a text: Croissant has days alone.
    """
    text = json.dumps(_description(dataset), ensure_ascii=False, indent=2) + "\n"
    yield Artifact(path="croissant.json", data=text.encode("utf-8", "backslashreplace"))
    yield Artifact(path=FILES, parts=lambda: exportcontents.files_pieces(dataset))
    yield from exportcontents.companions(dataset)


def _description(dataset: Dataset) -> dict[str, Any]:
    about = dataset.about
    said: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": exportcontents.title(dataset),
        "alternateName": about.name,
        "description": exportcontents.description(dataset),
        "license": [_licence(each) for each in exportcontents.terms(dataset)] or [NOT_STATED],
        "url": about.url or NOT_STATED,
        "sameAs": f"https://doi.org/{about.doi}" if about.doi else "",
        "creator": [_creator(maker) for maker in about.makers] or [_nobody()],
        "citeAs": about.citation or NOT_STATED,
        "keywords": list(about.keywords),
        # A day and a version that nobody stated are left out: only real ones are valid here.
        "datePublished": about.released_on,
        "version": about.version,
        "isLiveDataset": False,
        "rai:dataLimitations": [NOTICE],
        "rai:dataUseCases": ["Research and teaching; not the diagnosis of patients."],
        "rai:dataBiases": [exportcontents.BIASES],
    }
    said = {key: value for key, value in said.items() if value not in ("", [])}
    return said | {
        "distribution": list(_distribution(dataset)),
        "recordSet": list(_record_sets(dataset)),
    }


def _licence(each: Terms) -> str:
    return each.url or each.text or NOT_STATED


def _creator(maker: Maker) -> dict[str, Any]:
    is_person = bool(maker.family or maker.given)
    said: dict[str, Any] = {"@type": "sc:Person" if is_person else "sc:Organization"}
    said["name"] = maker.spoken or NOT_STATED
    if maker.orcid:
        said["url"] = f"https://orcid.org/{maker.orcid}"
    return said


def _nobody() -> dict[str, Any]:
    return {"@type": "sc:Organization", "name": NOT_STATED}


# --- files ---------------------------------------------------------------------------------------


def _distribution(dataset: Dataset) -> Iterator[dict[str, Any]]:
    yield _file(TABLE, *exportcontents.table_weight(dataset))
    yield _file(FILES, *exportcontents.weight(exportcontents.files_pieces(dataset)))
    if TERMS in dataset.documents:
        data = dataset.documents[TERMS].encode("utf-8", "surrogateescape")
        yield _file(TERMS, len(data), hashlib.sha256(data).hexdigest())
    for name, kinds in (("picture-files", _PICTURES), ("other-files", _OTHERS)):
        held = [facts for facts in exportcontents.carried(dataset) if _is_of(facts, kinds)]
        if held:
            media = sorted({kinds.get(facts.format, _UNKNOWN) for facts in held})
            yield _set(name, (facts.path for facts in held), media)
    yield from _annotations(dataset)


def _is_of(facts: ImageFacts, kinds: Mapping[str, str]) -> bool:
    return (facts.format in _PICTURES) == (kinds is _PICTURES)


def _annotations(dataset: Dataset) -> Iterator[dict[str, Any]]:
    """Describe each annotation file, and a folder of masks as one set."""
    folders = {each.path for each in dataset.annotations if each.format}
    sets: dict[str, list[str]] = {}
    for facts in exportcontents.annotated(dataset):
        folder = facts.path.rpartition("/")[0]
        if folder in folders:
            sets.setdefault(folder, []).append(facts.path)
        else:
            yield _file(facts.path, facts.bytes, facts.sha256)
    for folder, paths in sets.items():
        media = sorted({_media(path) for path in paths})
        yield _set(folder, paths, media)


def _file(path: str, size: int, digest: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{size} B",
        "encodingFormat": _media(path),
        "sha256": digest,
    }


def _media(path: str) -> str:
    return _MEDIA.get(path.rpartition(".")[2].lower(), _UNKNOWN)


def _set(name: str, paths: Iterable[str], media: list[str]) -> dict[str, Any]:
    patterns = set()
    for path in paths:
        folder, _, file = path.rpartition("/")
        _, dot, extension = file.rpartition(".")
        patterns.add(f"{folder}/*{dot}{extension if dot else ''}")
    return {
        "@type": "cr:FileSet",
        "@id": name,
        "name": name,
        "encodingFormat": media[0] if len(media) == 1 else media,
        "includes": sorted(patterns),
    }


# --- records -------------------------------------------------------------------------------------


def _record_sets(dataset: Dataset) -> Iterator[dict[str, Any]]:
    columns = typed(dataset.table)
    for each in columns:
        if each.column is not None and each.choices:
            yield _enumeration(f"values-of-{each.name}", each.meaning, each.column.allowed)
    yield _enumeration("findings", "Every finding that the column `finding` may name.", _findings())
    if dataset.parts:
        yield _splits(dataset)
    yield _images(columns)
    yield _files(dataset)
    if any(facts.format in _PICTURES for facts in exportcontents.carried(dataset)):
        yield _pictures()


def _findings() -> dict[str, str]:
    return {node.path: node.path.rpartition("/")[2] for node in labels.NODES if node.is_finding}


def _enumeration(name: str, meaning: str, values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": meaning,
        "dataType": "sc:Enumeration",
        "key": {"@id": f"{name}/name"},
        "field": [
            _field(f"{name}/name", "sc:Text", "The value."),
            _field(f"{name}/meaning", "sc:Text", "What it means."),
        ],
        "data": [
            {f"{name}/name": value, f"{name}/meaning": means} for value, means in values.items()
        ],
    }


def _splits(dataset: Dataset) -> dict[str, Any]:
    found = sorted(set(dataset.parts.values()))
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "Parts of a split; the field `part` of `files` says each image's.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            _field("splits/name", "sc:Text", "The part."),
            _field("splits/url", "sc:URL", "Which of Croissant's splits it is, if one."),
        ],
        "data": [
            {"splits/name": part, "splits/url": _SPLITS.get(part.lower(), "cr:Split")}
            for part in found
        ],
    }


def _images(columns: Iterable[Typed]) -> dict[str, Any]:
    fields = []
    made: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": "images",
        "name": "images",
        "description": "One record an image: what metadata.csv says of it.",
    }
    for number, each in enumerate(columns):
        # A column that covidxr does not know may be called anything, which an id may not.
        known = each.name if each.name.replace("_", "").isalnum() and each.name.isascii() else ""
        field = _field(f"images/{known or f'column-{number}'}", _TYPES[each.kind], each.meaning)
        field["name"] = each.name
        field["source"] = {"fileObject": {"@id": TABLE}, "extract": {"column": each.name}}
        if each.choices:
            field["references"] = {"field": {"@id": f"values-of-{each.name}/name"}}
        if each.unique and each.column is not None and each.column.name == "filename":
            made["key"] = {"@id": field["@id"]}
        fields.append(field)
    return made | {"field": fields}


def _files(dataset: Dataset) -> dict[str, Any]:
    fields = []
    for name in exportcontents.files_header(dataset):
        kind, meaning = _FILE_FIELDS.get(name, ("sc:Text", "Part of a split that it is in."))
        field = _field(f"files/{name}", kind, meaning)
        field["source"] = {"fileObject": {"@id": FILES}, "extract": {"column": name}}
        if name == "part":
            field["references"] = {"field": {"@id": "splits/name"}}
        fields.append(field)
    return {
        "@type": "cr:RecordSet",
        "@id": "files",
        "name": "files",
        "description": "The files that are here: images and volumes that rows name, annotations.",
        "key": {"@id": "files/path"},
        "field": fields,
    }


def _pictures() -> dict[str, Any]:
    name = _field("pictures/filename", "sc:Text", "Its name, as metadata.csv has it.")
    content = _field("pictures/content", "sc:ImageObject", "The picture.")
    for field, wanted in ((name, "filename"), (content, "content")):
        field["source"] = {
            "fileSet": {"@id": "picture-files"},
            "extract": {"fileProperty": wanted},
        }
    return {
        "@type": "cr:RecordSet",
        "@id": "pictures",
        "name": "pictures",
        "description": "Each image as a picture; DICOM files and volumes are not among them.",
        "key": {"@id": "pictures/filename"},
        "field": [name, content],
    }


def _field(name: str, kind: str, meaning: str) -> dict[str, Any]:
    said = {"@type": "cr:Field", "@id": name, "name": name, "description": meaning}
    return {key: value for key, value in said.items() if value} | {"dataType": kind}
