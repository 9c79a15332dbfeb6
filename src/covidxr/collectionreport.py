"""The report of a collection: its numbers, its problems, its pictures and its rows.

This workflow joins what the store, the rules and the counting say. It draws no page, prints
nothing and looks at no clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import checking, collectionfacts, contactsheet, disk, validate
from covidxr.places import LOOKED_AT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.checking import Problem
    from covidxr.collectionfacts import Facts
    from covidxr.contactsheet import Thumbnail
    from covidxr.dataset import Dataset
    from covidxr.report import Report

MOST_THUMBNAILS = 400
"""How many files are shown unless all are asked for: some 2 MB of page."""

MOST_ROWS = 1000
"""A table of more rows is not shown whole."""

# Of one problem that many rows share, and ten times as many of one rule.
_ROWS_OF_ONE_PROBLEM = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to report on.

    Parameters
    ----------
    root : Path
        The collection's folder.
    today : datetime.date
        The day of the report.
    thumbnails : int or None
        How many files are shown at most; None shows all.
    workers : Executor or None
        Looks at files, and draws them, side by side.
    looked, drawn : callable or None
        Told how many files were looked at, or drawn, and how many there are.
    """

    root: Path
    today: dt.date
    thumbnails: int | None = MOST_THUMBNAILS
    workers: Executor | None = None
    looked: Callable[[int, int], None] | None = None
    drawn: Callable[[int, int], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionReport:
    """All that the page shows.

    Parameters
    ----------
    name : str
        Of the collection: of its folder; may be empty.
    today : datetime.date
        The day of the report.
    facts : Facts
        Its numbers.
    validation : Report
        What the rules found.
    problems : tuple of Problem
        Those of them that are shown, in the report's order.
    thumbnails : tuple of Thumbnail
        By finding.
    files : int
        How many files the table names.
    rows : tuple of int
        The rows that are shown, ascending.
    dataset : Dataset
        Where they are.
    """

    name: str
    today: dt.date
    facts: Facts
    validation: Report
    problems: tuple[Problem, ...]
    thumbnails: tuple[Thumbnail, ...]
    files: int
    rows: tuple[int, ...]
    dataset: Dataset

    @property
    def whole(self) -> bool:
        """Whether every row of the table is shown."""
        return len(self.rows) == len(self.dataset.table)


def gather(options: Options) -> CollectionReport:
    """Gather the report of a collection.

    Parameters
    ----------
    options : Options
        What to report on.

    Raises
    ------
    CovidxrError
        If the collection or its settings cannot be read.
    """
    asked = replace(
        checking.as_set(options.root, options.today),
        limit=_ROWS_OF_ONE_PROBLEM,
        workers=options.workers,
        progress=options.looked,
    )
    validation = validate.validate(asked)
    dataset = validation.dataset
    problems = checking.placed(dataset.table, validation.report.diagnostics)
    every = contactsheet.pick(dataset, None)
    # Without any folder of files, each would say the same: that it is not there.
    looked_at = any(folder in dataset.folders for folder in LOOKED_AT)
    chosen = contactsheet.pick(dataset, options.thumbnails) if looked_at else ()
    return CollectionReport(
        name=disk.folder_name(options.root),
        today=options.today,
        facts=collectionfacts.gather(dataset),
        validation=validation.report,
        problems=problems,
        thumbnails=contactsheet.thumbnails(
            options.root, dataset, chosen, options.workers, options.drawn
        ),
        files=len(every),
        rows=_shown(dataset, {each.row for each in problems} | {each.row for each in chosen}),
        dataset=dataset,
    )


def _shown(dataset: Dataset, named: set[int | None]) -> tuple[int, ...]:
    if len(dataset.table) <= MOST_ROWS:
        return tuple(range(len(dataset.table)))
    return tuple(sorted(row for row in named if row is not None))
