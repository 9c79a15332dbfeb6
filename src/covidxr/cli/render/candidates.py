"""Candidates as a terminal's table, JSON, and a page each; prints nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.casefile import StoredCase


_SHOWN = 3
"""Addresses that were tried in vain; a series can have hundreds."""


def as_table(cases: Sequence[StoredCase]) -> str:
    """Lay candidates out for a terminal, one line each."""
    rows = [
        (
            case.path,
            str(case.images),
            str(case.missing or ""),
            "" if case.complete else "incomplete",
            case.published,
            case.licence or "none",
            case.title,
        )
        for case in cases
    ]
    head = ("Candidate", "Images", "Missing", "State", "Published", "Licence", "Title")
    return aligned(head, rows, right=("Images", "Missing"))


def as_json(cases: Sequence[StoredCase]) -> str:
    """Write a list of candidates as JSON."""
    listed = [dataclasses.asdict(case) for case in cases]
    return safe_json({"version": 1, "candidates": listed}, indent=2)


def records_json(records: Sequence[dict[str, Any]]) -> str:
    """Write whole records as JSON."""
    return safe_json({"version": 1, "candidates": list(records)}, indent=2)


def page(record: dict[str, Any], folder: str) -> str:
    """Show one candidate in full, safe for a terminal.

    Parameters
    ----------
    record : dict
        A ``case.json``.
    folder : str
        Where it stands.
    """
    return "\n".join(map(escaped, _lines(record, folder))) + "\n"


def _lines(record: dict[str, Any], folder: str) -> Iterator[str]:
    yield f"{record['source']} {record['id']}: {record['title']}"
    yield f"  {record['url']}"
    yield f"  in {folder}"
    patient = record["patient"]
    yield from _fields(
        {
            "published": record["published"],
            "age": f"{patient['age']} ({patient['age_words']})" if patient["age_words"] else "",
            "sex": f"{patient['sex']} ({patient['sex_words']})" if patient["sex_words"] else "",
            "licence": _licence(record["licence"]),
            "credit": record["credit"],
            "doi": record["doi"],
            "history": record["history"],
            "findings": record["findings"],
            "diagnosis": record["diagnosis"],
        }
    )
    yield from _suggestions(record["suggestions"], "  ")
    for warning in record["warnings"]:
        yield f"  note: {warning}"
    for figure in record.get("figures", ()):
        yield from _figure(figure)
    for image in record["images"]:
        yield from _image(image)
    for left in record["left_out"]:
        yield f"  left out {left['label']}: {left['reason']}"


def _figure(figure: dict[str, Any]) -> Iterator[str]:
    panels = len(figure["panels"])
    done = f"cut into {panels} panels" if figure["split"] else "whole"
    if panels and not figure["split"]:
        done = f"whole, {panels} panels proposed: {figure['why']}"
    words = f"{figure['shown']} ({figure['where']}: “{figure['words']}”)"
    yield f"  figure {figure['label'] or figure['id']}: {words}, {done}"
    yield from _fields({"caption": figure["caption"]}, "    ")
    if not figure["cleared"]:
        yield f"    not cleared, for private review only: {figure['reason']}"
    for warning in figure["warnings"]:
        yield f"    note: {warning}"
    for missing in figure["missing"][:_SHOWN]:
        yield f"    in vain: {missing['reason']}"


def _image(image: dict[str, Any]) -> Iterator[str]:
    files = image["files"]
    first = files[0] if files else None
    size = f", {first['width']} x {first['height']}" if first and first["width"] else ""
    name = f"{first['name']} ({first['format']}{size})" if first else "no file"
    more = f" and {len(files) - 1} more" if len(files) > 1 else ""
    yield f"  image {image['label']}: {name}{more}"
    yield from _fields(image["draft"], "    ")
    yield from _suggestions(image["suggestions"], "    ")
    for missing in image["missing"][:_SHOWN]:
        yield f"    in vain: {missing['reason']}"
    if len(image["missing"]) > _SHOWN:
        yield f"    in vain: {len(image['missing']) - _SHOWN} more, in case.json"


def _fields(fields: dict[str, str], indent: str = "  ") -> Iterator[str]:
    for name, value in fields.items():
        if value:
            yield f"{indent}{name}: {' '.join(value.split())}"


def _suggestions(suggestions: Sequence[dict[str, str]], indent: str) -> Iterator[str]:
    for each in suggestions:
        yield f"{indent}{each['column']}? {each['value']} ({each['where']}: “{each['words']}”)"


def _licence(licence: dict[str, str]) -> str:
    stated = {
        "page": "stated on the page",
        "source": "stated by the site",
        "record": "by a registry's word",
    }
    where = stated.get(licence["evidence"], "not stated")
    return (
        f"{licence['spdx'] or 'none'} ({where}{': ' if licence['words'] else ''}{licence['words']})"
    )
