"""Tables of tasks as text, CSV and JSON. Returns strings, prints nothing."""

from __future__ import annotations

import csv
import dataclasses
import io
from typing import TYPE_CHECKING, Any

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json, counted, escaped
from covidxr.taskrows import TaskRow, counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from covidxr.taskrows import Step, TaskTable

_COLUMNS = tuple(field.name for field in dataclasses.fields(TaskRow))
_REASONS = 6
_TOLD = 10


def listing(tables: Sequence[TaskTable]) -> str:
    """List tasks with what each has."""
    head = ("task", "images", "patients", "0", "1", "question")
    return aligned(head, [_line(each) for each in tables], head[1:5])


def _line(each: TaskTable) -> list[str]:
    last = each.steps[-1]
    sums = _sums(each)
    classes = [f"{sums.get(label, 0):,}" if not each.task.score else "" for label in "01"]
    return [each.task.name, f"{last.images:,}", f"{last.patients:,}", *classes, each.task.question]


def _sums(each: TaskTable) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for row in each.rows:
        found[row.label] = found.get(row.label, 0) + 1
    return found


def text(each: TaskTable) -> str:
    """Tell what every filter left, and how many there are of each answer and view."""
    return "\n".join(_lines(each)) + "\n"


def _lines(each: TaskTable) -> Iterator[str]:
    yield f"{each.task.name}: {each.task.question}"
    yield ""
    head = ("step", "images", "patients", "left out")
    yield aligned(head, [_step(step) for step in each.steps], head[1:3])
    if each.rows:
        yield from _classes(each)
        yield _days(each)
    for told in each.told[:_TOLD]:
        yield escaped(f"left out: {told}")
    if len(each.told) > _TOLD:
        yield f"and {len(each.told) - _TOLD:,} more in --format json"


def _step(step: Step) -> list[str]:
    reasons = [f"{count:,} {why}" for why, count in step.left_out.items()]
    if len(reasons) > _REASONS:
        rest = sum([*step.left_out.values()][_REASONS:])
        reasons = [*reasons[:_REASONS], f"{rest:,} for other reasons"]
    return [step.what, f"{step.images:,}", f"{step.patients:,}", ", ".join(reasons)]


def _classes(each: TaskTable) -> Iterator[str]:
    if each.task.score:
        head: tuple[str, ...] = ("view", "images", "least", "median", "greatest")
        yield aligned(head, list(_spread(each)), head[1:])
        return
    head = ("view", "0: images", "0: patients", "1: images", "1: patients")
    rows = []
    for view, found in counts(each.rows).items():
        cells = [f"{count:,}" for label in "01" for count in found.get(label, (0, 0))]
        rows.append([view or "not known", *cells])
    yield aligned(head, rows, head[1:])


def _spread(each: TaskTable) -> Iterator[list[str]]:
    views: dict[str, list[float]] = {}
    for row in each.rows:
        views.setdefault(row.view, []).append(float(row.label))
    for view, scores in sorted(views.items()):
        ordered = sorted(scores)
        middle = (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2
        numbers = (f"{number:g}" for number in (ordered[0], middle, ordered[-1]))
        yield [view or "not known", f"{len(scores):,}", *numbers]


def _days(each: TaskTable) -> str:
    known = sum(row.offset_days is not None for row in each.rows)
    said = f"The day is known of {known:,} of {counted(len(each.rows), 'image')}"
    if each.task.now:
        there = sum(row.already == "yes" for row in each.rows)
        unsure = sum(row.already == "" for row in each.rows)
        said += f"; on {there:,} the outcome is there already, of {unsure:,} that is not known"
    return f"{said}."


def csv_text(each: TaskTable) -> str:
    """One line an image or a patient; a blank cell is what is not known."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    out.writerow(_COLUMNS)
    for row in each.rows:
        cells = [getattr(row, name) for name in _COLUMNS]
        out.writerow(["" if cell is None else cell for cell in cells])
    return written.getvalue()


def json_text(each: TaskTable) -> str:
    """Write the table, and how it came to be, as one object."""
    return as_json({**_record(each), "rows": [_cells(row) for row in each.rows]}, indent=1) + "\n"


def _cells(row: TaskRow) -> dict[str, Any]:
    return dataclasses.asdict(row)


def _record(each: TaskTable) -> dict[str, Any]:
    return {
        "task": each.task.name,
        "question": each.task.question,
        "steps": [
            {
                "what": step.what,
                "images": step.images,
                "patients": step.patients,
                "left_out": dict(step.left_out),
            }
            for step in each.steps
        ],
        "told": list(each.told),
    }


def listing_csv(tables: Sequence[TaskTable]) -> str:
    """One line a task."""
    written = io.StringIO()
    out = csv.writer(written, lineterminator="\n")
    out.writerow(["task", "images", "patients", "label_0", "label_1", "question"])
    for each in tables:
        last, sums = each.steps[-1], _sums(each)
        classes = ["", ""] if each.task.score else [sums.get("0", 0), sums.get("1", 0)]
        question = each.task.question
        out.writerow([each.task.name, last.images, last.patients, *classes, question])
    return written.getvalue()


def listing_json(tables: Sequence[TaskTable]) -> str:
    """Write how each task's table came to be, without its rows."""
    return as_json([_record(each) for each in tables], indent=1) + "\n"


TABLES = {"text": text, "csv": csv_text, "json": json_text}
LISTS = {"text": listing, "csv": listing_csv, "json": listing_json}
