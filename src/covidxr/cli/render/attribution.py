"""Credits as Markdown, text, CSV and JSON. Returns strings, prints nothing."""

from __future__ import annotations

import csv
import dataclasses
import io
from typing import TYPE_CHECKING

from covidxr.attributionpage import LACKS, markdown
from covidxr.cli.render.diagnostics import as_json, counted, escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from covidxr.credits import Credit

_HEAD = ("file", "source", "credit", "form", "url", "license", "license_url", "changes", "missing")


def text(found: Sequence[Credit]) -> str:
    """Give a line an image, and what is missing of how many."""
    lines = []
    for each in found:
        parts = (each.text or "nobody is named", each.licence or "no licence given", each.url)
        told = [part for part in parts if part]
        if each.url and each.url in each.text:
            told.remove(each.url)
        lines.append(escaped(f"{each.path}: {'; '.join(told)}"))
    return "\n".join([*lines, "", summary(found), *_lacking(found)]) + "\n"


def _lacking(found: Sequence[Credit]) -> list[str]:
    return [
        f"{counted(count, 'image')}: {words}."
        for what, words in LACKS.items()
        if (count := sum(what in each.missing for each in found))
    ]


def summary(found: Sequence[Credit]) -> str:
    """Say how many images have all that a credit needs."""
    whole = sum(not each.missing for each in found)
    return f"{whole:,} of {counted(len(found), 'image')} have author or work, source and licence."


def csv_text(found: Sequence[Credit]) -> str:
    """Give a line an image with every part in a cell of its own."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEAD)
    for each in found:
        writer.writerow(
            (
                *(each.path, each.source, each.text, each.form, each.url, each.licence),
                *(each.licence_url, each.changes, " ".join(each.missing)),
            )
        )
    return out.getvalue()


def json_text(found: Sequence[Credit]) -> str:
    """Give a list of objects."""
    listed = []
    for each in found:
        told = dataclasses.asdict(each)
        del told["row"]
        listed.append(told)
    return as_json(listed, indent=2) + "\n"


FORMS: dict[str, Callable[[Sequence[Credit]], str]] = {
    "markdown": markdown,
    "text": text,
    "csv": csv_text,
    "json": json_text,
}
"""How credits are printed, by name."""
