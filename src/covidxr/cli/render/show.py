"""One image or patient for a terminal or as JSON: fields with their meaning, course, problems.

This module owns the layout; pictures stand in :mod:`covidxr.cli.render.terminalpicture`. It prints
nothing.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import escaped
from covidxr.cli.render.json_ import as_object
from covidxr.columns import BY_NAME, COLUMNS
from covidxr.licences import LICENCES
from covidxr.provenance import HEADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.model import Diagnostic
    from covidxr.provenance import Line
    from covidxr.showing import Course, Showing, Shown, Step
    from covidxr.table import Row

NOTICE = "Not for diagnosis: a collection for research, whose labels are what sources say."

_WIDTH = 100
_NAME = 24


def page(showing: Showing) -> str:
    """Show what was found, safe for a terminal, without pictures.

    Parameters
    ----------
    showing : Showing
        What was found.
    """
    blocks = [*map(_row, showing.rows), *(_course(each) for each in showing.courses)]
    blocks += [_problems(showing), f"{NOTICE}\n"]
    return "\n".join(blocks)


def as_json(showing: Showing) -> str:
    """Write what was found as one JSON object."""
    return safe_json(
        {
            "version": 1,
            "name": showing.name,
            "rows": [_row_object(each) for each in showing.rows],
            "is_patient": showing.is_patient,
            "courses": [_course_object(each) for each in showing.courses],
            "diagnostics": [as_object(each) for each in showing.diagnostics],
        },
        indent=2,
    )


def _row_object(shown: Shown) -> dict[str, Any]:
    origin = shown.origin
    return {
        "line": shown.row.line,
        "path": shown.row.path,
        "cells": _cells(shown.row),
        "provenance": None if origin is None else {name: getattr(origin, name) for name in HEADER},
    }


def _course_object(course: Course) -> dict[str, Any]:
    return {
        "patientid": course.patientid,
        "steps": [
            {
                "line": step.row.line,
                "path": step.row.path,
                **{name: step.row[name] for name in ("offset", "date", "view", "finding")},
                "changes": [
                    {"column": each.name, "before": each.before, "now": each.now}
                    for each in step.changes
                ],
            }
            for step in course.steps
        ],
    }


def _cells(row: Row) -> dict[str, str]:
    """Give every cell by its column's name, in the order of the file."""
    return {name: row[name] for name in row.table.labels if name}


def _row(shown: Shown) -> str:
    row = shown.row
    lines = [f"{escaped(row.path)}  (metadata.csv, line {row.line})"]
    for name, text in _cells(row).items():
        if text:
            lines += _field(name, text, _meaning(name, text))
    blank = [column.name for column in COLUMNS if not row[column.name]]
    if blank:
        lines += _field("blank", ", ".join(blank))
    lines += _origin(shown.origin)
    return "\n".join(lines) + "\n"


def _meaning(name: str, text: str) -> str:
    """Say what a cell means, where its column knows more than the cell shows."""
    column = BY_NAME.get(name)
    if column is None:
        return "a column that covidxr does not know"
    if column.unit:
        return column.unit
    if column.kind == "licence":
        known = LICENCES.get(text)
        return "" if known is None else known.title
    meant = column.allowed.get(text, "")
    return "" if meant.casefold() == text.casefold() else meant


def _origin(line: Line | None) -> Iterator[str]:
    if line is None:
        yield "  provenance.csv has no line on it"
        return
    yield "  from provenance.csv:"
    for name in HEADER:
        text = getattr(line, name)
        if text and name != "filename":
            yield from _field(name, text, indent="    ")


def _field(name: str, text: str, meaning: str = "", indent: str = "  ") -> list[str]:
    """Lay a field out, long texts on several lines; a word is never cut."""
    shown = escaped(" ".join(text.split())) + (f"  ({meaning})" if meaning else "")
    head = f"{indent}{escaped(name).ljust(_NAME)} "
    return textwrap.wrap(
        shown,
        width=max(_WIDTH, len(head) + 20),
        initial_indent=head,
        subsequent_indent=" " * len(head),
        break_long_words=False,
        break_on_hyphens=False,
    ) or [head.rstrip()]


def _course(course: Course) -> str:
    count = len(course.steps)
    images = "1 image" if count == 1 else f"{count} images"
    head = ("Line", "Offset", "Date", "View", "Finding", "File", "Changes")
    rows = [_step(each) for each in course.steps]
    return f"Patient {escaped(course.patientid)}: {images}\n" + textwrap.indent(
        aligned(head, rows, right=("Line", "Offset")), "  "
    )


def _step(step: Step) -> tuple[str, ...]:
    row = step.row
    changes = ", ".join(f"{each.name} {each.before} → {each.now}" for each in step.changes)
    offset = f"day {row['offset']}" if row["offset"] else ""
    view = row["view"] or row["modality"]
    return (str(row.line), offset, row["date"], view, row["finding"], row["filename"], changes)


def _problems(showing: Showing) -> str:
    if not showing.diagnostics:
        return "No diagnostic is about these rows (files were looked at by their headers alone).\n"
    lines = ["Diagnostics (files were looked at by their headers alone):"]
    for each in showing.diagnostics:
        lines += _problem(each)
    return "\n".join(lines) + "\n"


def _problem(each: Diagnostic) -> list[str]:
    told = f"line {each.line}  {each.severity.value}  {each.code} {each.name}: {each.message}"
    lines = [f"  {escaped(told)}"]
    return [*lines, f"    → {escaped(each.suggestion)}"] if each.suggestion else lines
