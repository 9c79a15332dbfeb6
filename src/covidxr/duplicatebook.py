"""``duplicate-decisions.csv``: what curators decided on files that look alike, pair by pair.

This module owns that file's columns and how it is read and written; it touches no disk. The file is
committed, so that nobody is asked twice, wherever the collection is cloned. A pair has one line: a
new decision takes the old one's place, and git remembers what it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from covidxr import csvbook
from covidxr.filefacts import DECISIONS, PairDecision
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from covidxr.table import Table

NAME = "duplicate-decisions.csv"
"""Path of the file, relative to the collection's root."""

HEADER = (
    *("first", "second", "first_sha256", "second_sha256"),
    *("decision", "reason", "decided_by", "decided_at"),
)
"""Its columns; a file may have more, which stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A decision that says nothing any more.

    Parameters
    ----------
    decision : PairDecision
        As it stands in the file.
    why : str
        What became of it.
    """

    decision: PairDecision
    why: str


@dataclass(frozen=True)
class Book:
    """The lines of ``duplicate-decisions.csv``.

    Parameters
    ----------
    data : bytes or None
        The file as it is; None, or nothing in it, where there is none yet.
    where : str
        Its path, for messages.
    """

    data: bytes | None
    where: str = NAME

    @cached_property
    def table(self) -> Table:
        """The file as a table; one without rows where there is no file yet.

        Raises
        ------
        CollectionError
            If it is no such table.
        """
        return csvbook.read(self.data, HEADER, self.where)

    @cached_property
    def decisions(self) -> tuple[PairDecision, ...]:
        """Every line, in the order of the file; the paths of each in order."""
        table = self.table
        return tuple(_decision(table, row) for row in range(len(table)))

    def with_decisions(self, made: Iterable[PairDecision]) -> bytes:
        """Give the file with decisions in place of those on the same pairs.

        Raises
        ------
        CollectionError
            If the file is damaged.
        """
        given = {(each.first, each.second): each for each in made}
        kept = Book(self.without(lambda each: (each.first, each.second) in given), self.where)
        return csvbook.with_lines(kept.table, [_cells(each) for each in given.values()])

    def without(self, gone: Callable[[PairDecision], bool]) -> bytes:
        """Give the file without the decisions that `gone` is true of.

        Raises
        ------
        CollectionError
            If the file is damaged.
        """
        rows = [row for row, each in enumerate(self.decisions) if gone(each)]
        return csvbook.without(self.table, rows)


def stale(decisions: Iterable[PairDecision], there: Collection[str]) -> tuple[Stale, ...]:
    """Give the decisions that say nothing any more.

    Parameters
    ----------
    decisions : iterable of PairDecision
        As the book has them.
    there : collection of str
        Paths of the collection's files.
    """
    found = []
    for each in decisions:
        gone = [path for path in (each.first, each.second) if path not in there]
        if gone:
            found.append(Stale(decision=each, why=f"{' and '.join(gone)} is not there any more"))
        elif each.decision not in DECISIONS:
            found.append(Stale(decision=each, why=unknown(each.decision)))
    return tuple(found)


def unknown(decision: str) -> str:
    """Say that a word is no decision."""
    return f"{decision!r} is none of {', '.join(DECISIONS)}"


def ordered(first: str, second: str) -> tuple[str, str]:
    """Give two paths in the order in which a pair names them."""
    return (first, second) if first <= second else (second, first)


def _decision(table: Table, row: int) -> PairDecision:
    cells = {name: table.cell(row, name).strip() for name in HEADER}
    if cells["first"] > cells["second"]:
        # Somebody wrote the line by hand; what is said of each file stays with it.
        for name in ("first", "first_sha256"):
            other = name.replace("first", "second")
            cells[name], cells[other] = cells[other], cells[name]
    return PairDecision(**cells, line=Row(table, row).line)


def _cells(decision: PairDecision) -> dict[str, str]:
    """Give a line's cells; what a person typed stands on one line, and paths are as they are."""
    cells: dict[str, str] = {name: getattr(decision, name) for name in HEADER}
    typed = {name: " ".join(cells[name].split()) for name in ("reason", "decided_by")}
    return cells | typed
