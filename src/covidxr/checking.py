"""The checks of a collection as its own settings ask for them, and the rows that they are about.

This module owns what `covidxr report` and `covidxr show` share of a validation. What is wrong is
for the rules to say; nothing is judged, printed or written here.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import disk, store, validate
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from covidxr.model import Diagnostic
    from covidxr.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A diagnostic and the position of the row that it is about; None where it is about no row."""

    diagnostic: Diagnostic
    row: int | None


def as_set(root: Path, today: dt.date) -> validate.Options:
    """Give the options that ``covidxr validate`` runs with where nothing is asked of it.

    Parameters
    ----------
    root : Path
        The collection's folder.
    today : datetime.date
        The day of the validation.

    Returns
    -------
    Options
        With a look at the headers of files at least: a picture that was not looked at is not shown.

    Raises
    ------
    CollectionError
        If the settings cannot be read.
    UsageError
        If they make no sense.
    """
    settings = store.read_settings(root)
    depth = settings.images if settings.images.reaches(ImageDepth.HEADER) else ImageDepth.HEADER
    return validate.Options(
        root=root,
        today=today,
        select=settings.select,
        reasons=settings.ignore,
        depth=depth,
        baseline=None if settings.baseline is None else root / settings.baseline,
        as_of=settings.as_of or disk.day_of_folder(root),
    )


def placed(table: Table, diagnostics: Sequence[Diagnostic]) -> tuple[Problem, ...]:
    """Find the row of each diagnostic: a cell may begin on a later line than its record."""
    lines = table.text.lines
    found = []
    for each in diagnostics:
        named = each.file == table.name and each.line is not None
        about_a_row = named and (each.row is not None or each.record is not None)
        row = bisect_right(lines, each.line or 0) - 1 if about_a_row else None
        found.append(Problem(diagnostic=each, row=row))
    return tuple(found)
