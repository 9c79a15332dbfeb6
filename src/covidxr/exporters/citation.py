"""CITATION.cff: how the collection wants to be cited, for people, GitHub, Zenodo and Zotero."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from covidxr import exportcontents
from covidxr.model import Artifact, ImageDepth
from covidxr.plugins import exporter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.about import Maker
    from covidxr.dataset import Dataset

_ORCID = re.compile(r"(?:https?://orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])")
# Ids that the schema of Citation File Format 1.2.0 (August 2021) does not list among licences:
# SPDX gave most of them out later.
_NOT_IN_SCHEMA = frozenset(
    {"CC-BY-2.5-AU", "CC-BY-3.0-AU", "CC-BY-3.0-DE", "CC-BY-3.0-IGO", "CC-BY-3.0-NL", "CC-PDM-1.0"}
    | {f"CC-{family}-3.0-DE" for family in ("BY-NC", "BY-ND", "BY-SA", "BY-NC-ND", "BY-NC-SA")}
    | {f"CC-BY-NC-SA-{port}" for port in ("3.0-IGO", "2.0-DE", "2.0-FR", "2.0-UK")}
    | {"CC-BY-SA-3.0-IGO"}
)


@exporter("citation", title="CITATION.cff 1.2.0", since="0.1", depth=ImageDepth.NONE)
def citation(dataset: Dataset) -> Iterator[Artifact]:
    """Write CITATION.cff, from which GitHub, Zenodo and Zotero make a reference.

    It names the collection; what each image must be credited with stands in its own row. A licence
    is named only where all rows share one that the format knows: in this format several licences
    mean that the reader may choose.
    """
    lines = list(_lines(dataset))
    yield Artifact(path="CITATION.cff", data=("\n".join(lines) + "\n").encode())


def _lines(dataset: Dataset) -> Iterator[str]:
    about = dataset.about
    yield "cff-version: 1.2.0"
    yield "message: " + _quoted(
        about.citation
        or "If you use this collection, please cite it, and each image by the credit in its row."
    )
    yield f"title: {_quoted(exportcontents.title(dataset))}"
    yield "type: dataset"
    yield "authors:"
    for maker in about.makers:
        yield from _author(maker)
    if not about.makers:
        yield f"  - name: {_quoted(exportcontents.NOT_STATED)}"
    yield f"abstract: {_quoted(exportcontents.description(dataset))}"
    for key, value in (("version", about.version), ("doi", about.doi), ("url", about.url)):
        if value:
            yield f"{key}: {_quoted(value)}"
    if about.released_on:
        # A day without quotes is a date to a reader of YAML, which the format's schema is not.
        yield f"date-released: {_quoted(about.released_on)}"
    found = exportcontents.terms(dataset)
    if len(found) == 1 and found[0].spdx and found[0].spdx not in _NOT_IN_SCHEMA:
        yield f"license: {_quoted(found[0].spdx)}"
    if about.keywords:
        yield "keywords:"
        yield from (f"  - {_quoted(word)}" for word in about.keywords)


def _author(maker: Maker) -> Iterator[str]:
    is_person = bool(maker.family or maker.given)
    named = (
        {"family-names": maker.family, "given-names": maker.given}
        if is_person
        else {"name": maker.spoken}
    )
    orcid = _ORCID.fullmatch(maker.orcid)
    if orcid is not None:
        named["orcid"] = f"https://orcid.org/{orcid[1]}"
    if is_person:
        named["affiliation"] = maker.affiliation
    held = [f"{key}: {_quoted(value)}" for key, value in named.items() if value]
    yield f"  - {held[0]}"
    yield from (f"    {line}" for line in held[1:])


def _quoted(text: str) -> str:
    """Write a text between double quotes; YAML takes JSON's escapes (YAML 1.2.2, chapter 1.2)."""
    written = json.dumps(text, ensure_ascii=False)
    return "".join(
        letter if letter.isprintable() else json.dumps(letter)[1:-1] for letter in written
    )
