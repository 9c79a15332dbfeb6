"""An image's row, its patient's course and its origin, for a terminal and as JSON.

Returns what is to be printed. What the table holds is anybody's text and is escaped.
"""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING, Any

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import counted, escaped
from covidxr.columns import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.showing import Shown
    from covidxr.table import Row

JSON_VERSION = 1

_COURSE = (
    ("Offset", "offset"),
    ("Date", "date"),
    ("View", "view"),
    ("Finding", "finding"),
    ("ICU", "in_icu"),
    ("Intubated", "intubation_present"),
    ("File", "filename"),
)
_ORIGIN = (
    ("source", "source"),
    ("page_url", "page"),
    ("image_url", "image"),
    ("license", "licence"),
    ("license_evidence", "said by"),
    ("credit", "credit"),
    ("retrieved_at", "retrieved"),
)
_NARROWEST = 20


def as_text(shown: Shown, *, width: int) -> str:
    """Show an image: its cells, its patient's course, where it came from.

    Parameters
    ----------
    shown : Shown
        What there is; of a patient the rows themselves are left out, which are the course.
    width : int
        Columns of the terminal; long cells are broken there.
    """
    parts = []
    if not shown.is_patient:
        parts += [_row(shown, row, width) for row in shown.rows]
    parts.append(_course(shown))
    parts += [part for row in shown.rows if (part := _origin(shown, row, width))]
    return "\n".join(parts)


def heading(row: Row) -> str:
    """Name a row on one line."""
    return escaped(f"{row['filename'] or '(no file)'} ({row.table.name}:{row.line})")


def _row(shown: Shown, row: Row, width: int) -> str:
    cells = {name: row[name] for name in shown.columns if row[name]}
    lines = [
        heading(row),
        *_pairs({name: _meant(name, cell) for name, cell in cells.items()}, width),
    ]
    blank = len(shown.columns) - len(cells)
    if blank:
        lines.append(f"  {counted(blank, 'blank cell')} left out")
    return "\n".join(lines) + "\n"


def _meant(name: str, cell: str) -> str:
    """Add to a cell its unit, or what its value means."""
    column = BY_NAME.get(name)
    if column is None:
        return cell
    if column.unit:
        return f"{cell} {column.unit}"
    meaning = column.allowed.get(cell)
    return f"{cell} ({meaning})" if meaning else cell


def _pairs(cells: dict[str, str], width: int) -> Iterator[str]:
    """Lay names and texts out in two columns; a long text goes on below itself."""
    names = {name: escaped(name) for name in cells}
    indent = max(map(len, names.values()), default=0) + 4
    room = max(width - indent, _NARROWEST)
    for name, text in cells.items():
        first, *rest = textwrap.wrap(escaped(" ".join(text.split())), room) or [""]
        yield f"  {names[name]:<{indent - 4}}  {first}"
        yield from (" " * indent + line for line in rest)


def _course(shown: Shown) -> str:
    """List the patient's images; what every one of them leaves blank has no column."""
    if not shown.course[0]["patientid"]:
        return "No patient is named.\n"
    own = {row.line for row in shown.rows} if not shown.is_patient else set()
    kept = [
        (head, name)
        for head, name in _COURSE
        if name == "filename" or any(row[name] for row in shown.course)
    ]
    rows = [
        (">" if row.line in own else "", *(_cell(row[name]) for _, name in kept))
        for row in shown.course
    ]
    head = ("", *(head for head, _ in kept))
    table = aligned(head, rows, right=("Offset",))
    patients = list(dict.fromkeys(row["patientid"] for row in shown.course))
    who = " and ".join(map(escaped, patients))
    said = _person(shown.course)
    title = f"Patient {who}{said}: {counted(len(shown.course), 'image')}, earliest first"
    return f"{title}\n{table}"


def _person(course: Sequence[Row]) -> str:
    """Say sex and age as far as the rows agree on one, or all that they say."""
    told = []
    for name in ("sex", "age"):
        said = dict.fromkeys(row[name] for row in course if row[name])
        if said:
            told.append(f"{name} {escaped(' or '.join(said))}")
    return f" ({', '.join(told)})" if told else ""


_LONGEST_CELL = 60


def _cell(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"


def _origin(shown: Shown, row: Row, width: int) -> str:
    """Say where a file came from, who accepted it, and which annotations name it."""
    name = row["filename"]
    line, files = shown.provenance.get(name), shown.annotations.get(name, ())
    told: dict[str, str] = {}
    if line is not None:
        told = {words: value for field, words in _ORIGIN if (value := str(getattr(line, field)))}
        decided = (line.decision, line.decided_by and f"by {line.decided_by}", line.decided_at)
        told["decision"] = " ".join(filter(None, (*decided, line.reason and f"({line.reason})")))
    if files:
        told["annotations"] = ", ".join(files)
    if not told:
        return ""
    return "\n".join([f"Origin of {escaped(name)}", *_pairs(told, width)]) + "\n"


def as_json(shown: Shown) -> str:
    """Write the same as JSON, with a line end."""
    said = {
        "version": JSON_VERSION,
        "kind": "patient" if shown.is_patient else "image",
        "name": shown.name,
        "rows": [_json_row(shown, row) for row in shown.rows],
        "course": [
            {"line": row.line, "filename": row["filename"], "patientid": row["patientid"]}
            for row in shown.course
        ],
    }
    return f"{safe_json(said, indent=2)}\n"


def _json_row(shown: Shown, row: Row) -> dict[str, Any]:
    name = row["filename"]
    line = shown.provenance.get(name)
    return {
        "line": row.line,
        "path": row.path,
        "cells": {column: row[column] for column in shown.columns if row[column]},
        "provenance": None if line is None else dataclasses.asdict(line),
        "annotations": list(shown.annotations.get(name, ())),
    }
