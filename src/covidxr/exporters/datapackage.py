"""Data Package: the table, its columns and their constraints, for Frictionless and its kin."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from covidxr import exportcontents
from covidxr.about import NOTICE
from covidxr.columntypes import Kind, Typed, typed
from covidxr.exportcontents import FILES, NOT_STATED, TABLE
from covidxr.model import Artifact
from covidxr.plugins import exporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.about import Maker
    from covidxr.dataset import Dataset
    from covidxr.exportcontents import Terms

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_FILES_MEANING: dict[str, tuple[str, str]] = {
    "path": ("string", "Path of the file beside this descriptor."),
    "filename": ("string", "Its path below its folder; of an image as metadata.csv has it."),
    "bytes": ("integer", "Its size in bytes."),
    "sha256": ("string", "SHA-256 of its bytes, in hex."),
    "format": ("string", "What it holds, by its content."),
    "width": ("integer", "Width of the picture in pixels."),
    "height": ("integer", "Height of the picture in pixels."),
    "part": ("string", "Part of a split that it is in."),
}


@exporter("datapackage", title="Data Package v2", since="0.1")
def datapackage(dataset: Dataset) -> Iterator[Artifact]:
    """Write a Data Package: datapackage.json beside the table, the images and their list.

    Frictionless, R's frictionless package and Open Data Editor read it. Each column has its type,
    its meaning and those constraints that every row fulfils: a table that breaks one is described
    without it, so that the package is valid, and `covidxr validate` says what is wrong.
    """
    descriptor = _descriptor(dataset)
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    yield Artifact(path="datapackage.json", data=text.encode("utf-8", "backslashreplace"))
    yield Artifact(path=FILES, parts=lambda: exportcontents.files_pieces(dataset))
    yield from exportcontents.companions(dataset)


def _descriptor(dataset: Dataset) -> dict[str, Any]:
    about = dataset.about
    said = {
        "$schema": _PROFILE,
        "name": about.name.lower(),
        "id": f"https://doi.org/{about.doi}" if about.doi else "",
        "title": exportcontents.title(dataset),
        "description": exportcontents.description(dataset),
        "version": about.version,
        "created": f"{about.released_on}T00:00:00Z" if about.released_on else "",
        "homepage": about.url,
        "keywords": list(about.keywords),
        "contributors": [_contributor(maker) for maker in about.makers],
        "licenses": [_licence(each) for each in exportcontents.terms(dataset)],
        "sources": [
            {"title": host, "path": f"https://{host}/"} for host, _ in exportcontents.sites(dataset)
        ],
        "notice": NOTICE,
        "citation": about.citation,
        "annotations": _annotations(dataset),
    }
    resources = [_table(dataset), _files(dataset)]
    return {key: value for key, value in said.items() if value} | {"resources": resources}


def _contributor(maker: Maker) -> dict[str, Any]:
    said: dict[str, Any] = {"title": maker.spoken, "givenName": maker.given}
    said |= {"familyName": maker.family, "organization": maker.affiliation}
    if maker.orcid:
        said["path"] = f"https://orcid.org/{maker.orcid}"
    return {key: value for key, value in said.items() if value} | {"roles": ["creator"]}


def _licence(each: Terms) -> dict[str, Any]:
    rows = f"{exportcontents.counted(each.images, 'row')} of metadata.csv"
    if each.spdx:
        return {"name": each.spdx, "path": each.url, "title": f"{each.title} ({rows})"}
    if each.text.startswith("LicenseRef-"):
        return {"name": each.text, "title": f"{each.text}, explained in LICENSES.md ({rows})"}
    # A licence without an id or an address has neither; the format asks for a name all the same.
    return {"name": "other-unstated", "title": f"{each.text or NOT_STATED} ({rows})"}


def _table(dataset: Dataset) -> dict[str, Any]:
    size, digest = exportcontents.table_weight(dataset)
    columns = typed(dataset.table)
    schema: dict[str, Any] = {"fields": [_field(each) for each in columns], "missingValues": [""]}
    keys = {each.name for each in columns if each.unique and _is_name(each)}
    if keys:
        schema["primaryKey"] = sorted(keys)
    return {
        "name": "metadata",
        "type": "table",
        "path": TABLE,
        "title": "One row an image",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def _is_name(each: Typed) -> bool:
    return each.column is not None and each.column.name == "filename"


def _field(each: Typed) -> dict[str, Any]:
    kinds = {Kind.TEXT: "string"}
    said: dict[str, Any] = {"name": each.name, "type": kinds.get(each.kind, each.kind.value)}
    if each.meaning:
        said["description"] = each.meaning
    held = _constraints(each)
    if held:
        said["constraints"] = held
    return said


def _constraints(each: Typed) -> dict[str, Any]:
    """Give what a column demands and every one of its cells fulfils."""
    held: dict[str, Any] = {}
    if each.column is None:
        return held
    if not each.column.blank and not each.blank:
        held["required"] = True
    if _is_name(each) and each.unique:
        held["unique"] = True
    if each.choices:
        held["enum"] = list(each.choices)
    if each.fulfilled and each.kind in {Kind.INTEGER, Kind.NUMBER}:
        bounds = {"minimum": each.column.minimum, "maximum": each.column.maximum}
        held |= {key: _number(value) for key, value in bounds.items() if value is not None}
    return held


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _files(dataset: Dataset) -> dict[str, Any]:
    size, digest = exportcontents.weight(exportcontents.files_pieces(dataset))
    fields = [
        {"name": name, "type": _FILES_MEANING[name][0], "description": _FILES_MEANING[name][1]}
        for name in exportcontents.files_header(dataset)
    ]
    return {
        "name": "files",
        "type": "table",
        "path": FILES,
        "title": "The files that are here: images and volumes that rows name, and annotations",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{digest}",
        "schema": {"fields": fields, "missingValues": [""], "primaryKey": ["path"]},
    }


def _annotations(dataset: Dataset) -> list[dict[str, str]]:
    """Say what each set of annotations is; its files stand in the list of files.

    They are no resources: a table below remarks, as scores are published, is none to Frictionless.
    """
    return [
        {
            "path": file.path,
            "format": file.format or NOT_STATED,
            "license": file.licence or NOT_STATED,
            "citation": file.citation or NOT_STATED,
        }
        for file in dataset.annotations
    ]
