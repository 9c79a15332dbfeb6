"""One image, or one patient: the row, where it came from, the patient's course, what is wrong.

This workflow reads the collection through the store and the rules. It prints nothing, draws
nothing and guesses nothing: a name that fits no row is refused, with names that are like it.
"""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import checking, contactsheet, dates, provenance, store, validate
from covidxr.columns import BY_NAME, COLUMNS
from covidxr.errors import UsageError
from covidxr.levels import ImageDepth
from covidxr.report import Expander

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.contactsheet import Look
    from covidxr.dataset import Dataset
    from covidxr.model import Diagnostic
    from covidxr.provenance import Line
    from covidxr.table import Row
    from covidxr.validate import Validation

FOLLOWED = tuple(
    column.name
    for column in COLUMNS
    if column.kind in {"choice", "number"} and column.name not in {"view", "modality", "folder"}
)
"""Columns whose changes make a course: sex and age among them, for they should not change oddly."""

_SHOWN = 200
_CLOSE = 3
# difflib compares with each text in turn, some ten thousand a second.
_MOST_COMPARED = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to look up.

    Parameters
    ----------
    root : Path
        The collection's folder.
    name : str
        A file's name, its path with its folder in front, or a patientid.
    today : datetime.date
        The day of the checks.
    workers : Executor or None
        Looks at files side by side.
    """

    root: Path
    name: str
    today: dt.date
    workers: Executor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One row in full.

    Parameters
    ----------
    row : Row
        The row.
    origin : Line or None
        The line of ``provenance.csv`` with which its file came; None where there is none.
    """

    row: Row
    origin: Line | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a column said in the last row that said anything, and what it says now."""

    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One image of a course.

    Parameters
    ----------
    row : Row
        Its row.
    changes : tuple of Change
        Against the images before it, of the `FOLLOWED` columns; a blank is no change.
    """

    row: Row
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A patient's images, from the first to the last.

    Parameters
    ----------
    patientid : str
        The patient.
    steps : tuple of Step
        By offset, then by date; those that have neither last, in the order of the table.
    """

    patientid: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What was found under a name.

    Parameters
    ----------
    name : str
        The name.
    rows : tuple of Shown
        Rows that name such a file; empty where only a patient is called so.
    is_patient : bool
        Whether a patient is called so.
    courses : tuple of Course
        Of the patients of these rows, and of the patient who is called so.
    diagnostics : tuple of Diagnostic
        On all rows that are shown.
    dataset : Dataset
        The collection.
    """

    name: str
    rows: tuple[Shown, ...]
    is_patient: bool
    courses: tuple[Course, ...]
    diagnostics: tuple[Diagnostic, ...]
    dataset: Dataset


def find(options: Options) -> Showing:
    """Look up an image or a patient.

    Parameters
    ----------
    options : Options
        What to look up.

    Raises
    ------
    UsageError
        If nothing is called so; the message names what is like it.
    CovidxrError
        If the collection cannot be read.
    """
    # Looked up before anything is checked: a name that is misspelt is told at once.
    _meant(store.read_collection(options.root), options.name)
    asked = checking.as_set(options.root, options.today)
    # Headers alone: one image is not worth reading every file of a collection from end to end.
    asked = replace(asked, depth=ImageDepth.HEADER, limit=1, workers=options.workers)
    return _found(options, validate.validate(asked))


def picture(root: Path, showing: Showing, row: Row) -> Look:
    """Decode the file of a row, or say why it cannot be shown.

    Parameters
    ----------
    root : Path
        The collection's folder.
    showing : Showing
        What was found there.
    row : Row
        A row of it.
    """
    return contactsheet.look(root, row.path, showing.dataset.files.get(row.path))


def course(dataset: Dataset, patientid: str) -> Course:
    """Put a patient's images in order.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    patientid : str
        The patient.
    """
    said: dict[str, str] = {}
    steps = []
    for row in sorted(_rows_holding(dataset, "patientid", patientid), key=_moment):
        changes = tuple(
            Change(name=name, before=said[name], now=row[name])
            for name in FOLLOWED
            if row[name] and name in said and said[name] != row[name]
        )
        said |= {name: row[name] for name in FOLLOWED if row[name]}
        steps.append(Step(row=row, changes=changes))
    return Course(patientid=patientid, steps=tuple(steps))


def _found(options: Options, validation: Validation) -> Showing:
    dataset = validation.dataset
    files, patient = _meant(dataset, options.name)
    ledger = provenance.Ledger(
        store.file_bytes(options.root, provenance.NAME), str(options.root / provenance.NAME)
    )
    people = dict.fromkeys(row["patientid"] for row in files) | dict.fromkeys(patient)
    courses = tuple(course(dataset, each) for each in people if each)
    rows = {row.index for row in files}
    rows |= {step.row.index for each in courses for step in each.steps}
    return Showing(
        name=options.name,
        rows=tuple(Shown(row=row, origin=ledger.accepted.get(row["filename"])) for row in files),
        is_patient=bool(patient),
        courses=courses,
        diagnostics=_diagnostics(validation, rows),
        dataset=dataset,
    )


def _meant(dataset: Dataset, name: str) -> tuple[list[Row], tuple[str, ...]]:
    """Give the rows whose file is called so, and the patient who is; refuse where neither is."""
    files = _rows_of_file(dataset, name)
    patient = (name,) if name and _rows_holding(dataset, "patientid", name) else ()
    if not files and not patient:
        raise UsageError(_nothing(dataset, name))
    return files, patient


def _rows_of_file(dataset: Dataset, name: str) -> list[Row]:
    """Find the rows that name a file: by its name, or by a path that ends with folder and name."""
    named = _rows_holding(dataset, "filename", name) if name else []
    if named:
        return named
    parts = name.replace("\\", "/").split("/")
    for start in range(len(parts) - 1):
        rows = dataset.table.rows_of("/".join(parts[start:]))
        if rows:
            return [dataset.row(index) for index in rows]
    return []


def _rows_holding(dataset: Dataset, column: str, text: str) -> list[Row]:
    found = dataset.holding(column, text.__eq__)
    return [dataset.row(index) for cells in found for index in cells.rows]


def _diagnostics(validation: Validation, rows: set[int]) -> tuple[Diagnostic, ...]:
    expander = Expander(validation.dataset)
    made = [
        expander.diagnostic(found, row)
        for found in validation.found
        for row in found.hit.rows
        if row in rows
    ]
    return tuple(sorted(made, key=lambda each: (each.line or 0, each.column or 0, each.code)))


def _moment(row: Row) -> tuple[float, str, int]:
    """Sort key: offset, then date; what is not known or not read comes last."""
    offset = math.inf
    if row["offset"] and BY_NAME["offset"].judge(row["offset"]) is None:
        offset = float(row["offset"])
    parsed = dates.read_date(row["date"]).parsed if row["date"] else None
    return (offset, parsed.iso if parsed else "~", row.index)


def _nothing(dataset: Dataset, name: str) -> str:
    known = dict.fromkeys(
        text.strip()
        for column in ("filename", "patientid")
        for text in dataset.table.values(column)
    )
    known.pop("", None)
    bare = name.rpartition("/")[2] or name
    close = _alike(bare[:_SHOWN], list(known)[:_MOST_COMPARED])
    hint = f"; did you mean {' or '.join(close)}?" if close else ""
    return f"no file and no patient of metadata.csv is called {name[:_SHOWN]!r}{hint}"


def _alike(name: str, known: Sequence[str]) -> list[str]:
    return difflib.get_close_matches(name, known, n=_CLOSE)
