"""What a table's columns can be promised to hold, for formats that have types.

This module looks at what every distinct text of a column is and promises no more than that: a
column of numbers with one text among them is a column of text. It opens no file and judges nothing.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from covidxr import dates
from covidxr.columns import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from covidxr.cells import Column
    from covidxr.grouping import Texts
    from covidxr.table import Table

_INTEGER = re.compile(r"[-+]?[0-9]{1,18}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?", re.ASCII)


class Kind(StrEnum):
    """What all texts of a column can be read as."""

    INTEGER = "integer"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


@dataclass(frozen=True, kw_only=True)
class Typed:
    """One column of a table, and what holds for all its texts.

    Parameters
    ----------
    name : str
        As the table's header writes it.
    column : Column or None
        What it means; None for a column that covidxr does not know.
    kind : Kind
        What every text that is not blank can be read as.
    texts : Texts
        Its distinct texts without blanks around, and who holds them.
    blank : bool
        Whether any cell is blank.
    unique : bool
        Whether no two rows hold the same text, blank ones included.
    fulfilled : bool
        Whether the column's schema has nothing to say about any of its texts.
    """

    name: str
    column: Column | None
    kind: Kind
    texts: Texts
    blank: bool
    unique: bool
    fulfilled: bool

    @property
    def meaning(self) -> str:
        """What it means, with its unit, in one line; empty where that is not known."""
        if self.column is None:
            return ""
        unit = f" Unit: {self.column.unit}." if self.column.unit else ""
        # SCHEMA.md has the hierarchy that its description of findings points down to.
        return self.column.meaning.replace("hierarchy below", "hierarchy in SCHEMA.md") + unit

    @property
    def choices(self) -> tuple[str, ...]:
        """Every value that it may hold; empty where it is open, or holds another."""
        if self.column is None or not self.fulfilled:
            return ()
        return tuple(self.column.allowed)


def typed(table: Table) -> tuple[Typed, ...]:
    """Say what holds for each column of a table.

    Parameters
    ----------
    table : Table
        Only whole records count.

    Returns
    -------
    tuple of Typed
        In the order of the header. Columns without a name, and those whose name an earlier one
        has, are left out: nobody can ask for them.
    """
    seen: set[str] = set()
    found = []
    for cell, name in zip(table.text.header, table.names, strict=True):
        if cell.strip() and cell not in seen:
            found.append(_typed(table, cell, BY_NAME.get(name or "")))
        seen.add(cell)
    return tuple(found)


def _typed(table: Table, cell: str, column: Column | None) -> Typed:
    texts = table.texts(cell if column is None else column.name)
    held = [text for text in texts.known if text]
    blank = len(held) < len(texts.known)
    return Typed(
        name=cell,
        column=column,
        kind=_kind(column, held),
        texts=texts,
        blank=blank,
        unique=len(texts.known) == len(table) and not blank,
        fulfilled=column is None
        or (all(column.judge(text) is None for text in held) and (column.blank or not blank)),
    )


def _kind(column: Column | None, held: Sequence[str]) -> Kind:
    if column is None or not held:
        return Kind.TEXT
    for kind in _POSSIBLE.get(column.kind, ()):
        if all(map(_IS[kind], held)):
            return kind
    return Kind.TEXT


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and math.isfinite(float(text))


def _is_day(text: str) -> bool:
    reading = dates.read_date(text)
    return reading.is_canonical and len(text) == len("2020-03-04")


_POSSIBLE = {
    "integer": (Kind.INTEGER, Kind.NUMBER),
    # A number stays one when all that a table holds happen to be whole: the next may not be.
    "number": (Kind.NUMBER,),
    "date": (Kind.DATE,),
}
_IS: dict[Kind, Callable[[str], bool]] = {
    Kind.INTEGER: lambda text: _INTEGER.fullmatch(text) is not None,
    Kind.NUMBER: _is_number,
    Kind.DATE: _is_day,
}
