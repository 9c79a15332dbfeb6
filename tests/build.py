"""Small collections for tests, described as data."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from covidxr import csvread
from covidxr.columns import HEADER
from covidxr.dataset import Dataset
from covidxr.model import ImageDepth, ImageFacts
from covidxr.plugins import discover
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GOOD_ROW = {
    "patientid": "1",
    "offset": "3",
    "sex": "F",
    "age": "54",
    "finding": "Pneumonia/Viral/COVID-19",
    "RT_PCR_positive": "Y",
    "survival": "Y",
    "view": "PA",
    "modality": "X-ray",
    "date": "2020-03-04",
    "location": "Phantom Hospital, Springfield",
    "folder": "images",
    "filename": "one.png",
    "url": "https://example.org/case/1",
    "license": "CC-BY-4.0",
    "other_notes": "Case courtesy of A. Radiologist",
}
"""A row that no rule has anything to say about."""


def csv_text(rows: Iterable[Mapping[str, str]], header: Iterable[str] = HEADER) -> str:
    """A table as text; cells that a row does not name are blank."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = list(header)
    writer.writerow(names)
    for row in rows:
        writer.writerow([row.get(name, "") for name in names])
    return out.getvalue()


def rows(*changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Good rows with the given cells changed; each row gets a file name and patient of its own."""
    made = []
    for number, change in enumerate(changes, start=1):
        own = {
            "patientid": str(number),
            "filename": f"image-{number}.png",
            "url": f"https://example.org/case/{number}",
        }
        made.append({**GOOD_ROW, **own, **change})
    return made


def from_text(text: str | bytes, **more: Any) -> Dataset:
    """A data set whose table is this text."""
    data = text.encode() if isinstance(text, str) else text
    return Dataset(table=Table(csvread.parse(data)), **more)


def dataset(*changes: Mapping[str, str], **more: Any) -> Dataset:
    """A data set of good rows with the given cells changed, and a good PNG for each row."""
    made = rows(*changes)
    if "files" not in more:
        paths = [f"{row['folder'] or 'images'}/{row['filename']}" for row in made]
        more["files"] = {path: png(path) for path in paths}
        more.setdefault("folders", frozenset({"images", "volumes"}))
        more.setdefault("depth", ImageDepth.STRUCTURE)
    return from_text(csv_text(made), **more)


def png(path: str, **facts: Any) -> ImageFacts:
    """Facts of a sound PNG of 512 x 512 pixels, with some changed."""
    known: dict[str, Any] = {
        "bytes": 100_000,
        "format": "PNG",
        "width": 512,
        "height": 512,
        "mode": "L",
        "sha256": path.encode().hex().ljust(64, "0")[:64],
    }
    return ImageFacts(path=path, **{**known, **facts})


def judged(data: Dataset) -> Dataset:
    """The same data set with what the schema refuses."""
    import dataclasses

    from covidxr import schema

    return dataclasses.replace(data, failures=tuple(schema.failures(data)))


def hits(code: str, data: Dataset) -> list[tuple[int, str | None, str]]:
    """What one rule says: (physical line, column name, message) per row, in file order.

    Line 0 stands for a hit that has neither row nor line.
    """
    found = []
    for hit in discover("covidxr.rules")[code].check(data):
        lines = [data.row(index).line for index in hit.rows] or [hit.line or 0]
        found += [(line, hit.field, hit.message) for line in lines]
    return sorted(found, key=lambda each: (each[0], each[1] or ""))
