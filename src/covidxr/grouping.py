"""Rows grouped by what they hold, without a loop over rows.

This module knows columns as distinct texts and codes; names, files and meanings stand elsewhere.
numpy is imported where it is used, since counting labels needs none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.model import Fix, Hit

    Codes = NDArray[np.integer]

_FEW = 65_535


@dataclass(frozen=True, slots=True)
class Cells:
    """All rows that hold the same texts in some columns.

    Parameters
    ----------
    texts : tuple of str
        One text per column that was asked for, without blanks around.
    find : callable
        Gives the rows, ascending; called only when they are needed.
    """

    texts: tuple[str, ...]
    find: Callable[[], Sequence[int]]

    @property
    def text(self) -> str:
        """The text of the first column."""
        return self.texts[0]

    @property
    def rows(self) -> Sequence[int]:
        """Positions of the rows, ascending."""
        return self.find()

    def at(
        self,
        name: str,
        message: str,
        *,
        value: str | None = None,
        suggestion: str | None = None,
        fix: Fix | None = None,
    ) -> Hit:
        """Make one hit that stands for the cell `name` of all these rows."""
        from covidxr.model import Hit

        return Hit(
            message=message,
            rows=self.rows,
            field=name,
            value=self.text if value is None else value,
            suggestion=suggestion,
            fix=fix,
        )


@dataclass(frozen=True)
class Texts:
    """Distinct texts of a column, and who holds them.

    Parameters
    ----------
    known : list of str
        The texts, in the order in which they come.
    codes : array of int
        Per row, which of them it holds.
    """

    known: list[str]
    codes: Codes

    @cached_property
    def blank(self) -> int | None:
        """Which of them is empty; None where none is."""
        return self.known.index("") if "" in self.known else None


class Index:
    """Rows grouped by what some columns hold, numbered in the order of their first row."""

    def __init__(self, columns: Sequence[Texts]) -> None:
        self._columns = columns
        # Distinct texts of one column stand in the order of their first row already.
        self.groups = self._columns[0].codes
        self._firsts: Codes | None = None
        self._size = len(self._columns[0].known)
        if len(columns) > 1:
            self.groups, self._firsts = _by_first_row(*_combined(self._columns))
            self._size = len(self._firsts)

    def texts(self) -> Iterator[tuple[str, ...]]:
        """Yield the texts of every group."""
        firsts = self._firsts
        if firsts is None:
            return zip(self._columns[0].known, strict=True)
        texts = (
            map(column.known.__getitem__, column.codes[firsts].tolist()) for column in self._columns
        )
        return zip(*texts, strict=True)

    def text(self, number: int) -> tuple[str, ...]:
        """Texts of one group."""
        if self._firsts is None:
            return (self._columns[0].known[number],)
        first = self._firsts[number]
        return tuple(column.known[column.codes[first]] for column in self._columns)

    @cached_property
    def _counts(self) -> NDArray[np.intp]:
        import numpy as np

        return np.bincount(self.groups, minlength=self._size)

    @cached_property
    def _sorted(self) -> tuple[Codes, NDArray[np.intp]]:
        import numpy as np

        if self._size <= _FEW:
            # Sixteen bits are sorted by counting, several times faster than by comparing.
            order: Codes = np.argsort(self.groups.astype(np.uint16), kind="stable")
        else:
            _, order = _sorted_with_rows(self.groups)
        return order, np.concatenate(([0], np.cumsum(self._counts)))

    def rows(self, number: int) -> list[int]:
        """Rows of one group, ascending."""
        order, bounds = self._sorted
        found: list[int] = order[bounds[number] : bounds[number + 1]].tolist()
        return found

    def repeated(self) -> list[int]:
        """Groups of more than one row."""
        import numpy as np

        found: list[int] = np.flatnonzero(self._counts > 1).tolist()
        return found


@dataclass(frozen=True, slots=True)
class Finder:
    """Gives the rows of one group, when they are asked for."""

    index: Index
    number: int

    def __call__(self) -> Sequence[int]:
        """Rows of the group, ascending."""
        return self.index.rows(self.number)


def reduced(values: list[str], codes: Codes, same: Callable[[str], str]) -> Texts:
    """Put together the texts of a column that are the same when they are reduced."""
    import numpy as np

    shared = list(map(same, values))
    if not shared:
        return Texts([""], codes)
    if shared == values:
        return Texts(values, codes)
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(text, len(numbers)) for text in shared]
    return Texts(list(numbers), np.asarray(places, dtype=np.uint32)[codes])


def _combined(columns: Sequence[Texts]) -> tuple[NDArray[np.int64], int]:
    """Per row, one number for what it holds in all columns, and a bound of these numbers."""
    import numpy as np

    codes = columns[0].codes.astype(np.int64)
    size = len(columns[0].known)
    for column in columns[1:]:
        codes, size = codes * len(column.known) + column.codes, size * len(column.known)
        if size > 4 * len(codes) + _FEW:
            codes, size = _dense(codes)
    return codes, size


def _dense(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], int]:
    """Number the codes anew, without gaps, in their own order."""
    import numpy as np

    ordered, rows = _sorted_with_rows(codes)
    steps = np.zeros(len(codes), dtype=np.int64)
    steps[1:] = np.cumsum(ordered[1:] != ordered[:-1])
    dense = np.empty_like(steps)
    dense[rows] = steps
    return dense, int(steps[-1]) + 1 if len(steps) else 0


def _sorted_with_rows(codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sort codes that are not negative, and give the row of each; equal ones by their row."""
    import numpy as np

    bits = len(codes).bit_length()
    if int(codes.max(initial=0)) >> (62 - bits):
        rows = np.argsort(codes, kind="stable")
        return codes[rows].astype(np.int64), rows
    # Code and row in one number: plain numbers are sorted ten times faster than positions.
    both = (codes.astype(np.int64) << bits) | np.arange(len(codes))
    both.sort()
    return both >> bits, both & ((1 << bits) - 1)


def _by_first_row(codes: NDArray[np.int64], size: int) -> tuple[Codes, Codes]:
    """Number codes in the order of their first row; per row its number, per number its row."""
    import numpy as np

    rows = len(codes)
    first = np.full(size, rows, dtype=np.int64)
    # Where a position is written several times, the last one stays: here the first row.
    first[codes[::-1]] = np.arange(rows)[::-1]
    present = np.flatnonzero(first < rows)
    present = present[np.argsort(first[present])]
    number = np.empty(size, dtype=np.int64)
    number[present] = np.arange(len(present))
    return number[codes], first[present]


def conflicts(keys: Sequence[Texts], named: Texts) -> Iterator[tuple[Cells, _Ways]]:
    """Yield the things that columns name and another column tells in several ways.

    Parameters
    ----------
    keys : sequence of Texts
        Columns that together name a thing; rows with a blank in one are left out.
    named : Texts
        The column that should say one thing of each; blanks do not count.

    Yields
    ------
    (Cells, sequence of Cells)
        The thing with all its rows, and per text its rows, in the order of their first row.
    """
    import numpy as np

    things, size = _combined(keys)
    keyed = np.ones(len(things), dtype=bool)
    for column in keys:
        if column.blank is not None:
            keyed &= column.codes != column.blank
    used = keyed if named.blank is None else keyed & (named.codes != named.blank)
    thing, code = things[used], named.codes[used]
    # One of each thing's codes, whichever: a thing with two has a row that differs from it.
    one = np.zeros(size, dtype=code.dtype)
    one[thing] = code
    disputed = np.zeros(size, dtype=bool)
    disputed[thing[code != one[thing]]] = True
    rows = np.flatnonzero(disputed[things] & keyed)
    if len(rows):
        yield from _disputes(keys, named, rows, things[rows])


def _disputes(
    keys: Sequence[Texts], named: Texts, rows: NDArray[np.intp], things: NDArray[np.int64]
) -> Iterator[tuple[Cells, _Ways]]:
    """Take disputed things apart: all rows of each, and those of each way."""
    import numpy as np

    codes = named.codes[rows]
    order = np.lexsort((codes, things))
    rows, codes, things = rows[order], codes[order], things[order]
    news = np.concatenate(([True], things[1:] != things[:-1]))
    starts = np.flatnonzero(news | np.concatenate(([True], codes[1:] != codes[:-1])))
    bounds = np.column_stack((starts, np.append(starts[1:], len(rows))))
    if named.blank is not None:
        bounds = bounds[codes[bounds[:, 0]] != named.blank]
    # Within a thing, by first row; things stay together.
    bounds = bounds[np.lexsort((rows[bounds[:, 0]], things[bounds[:, 0]]))]
    begins = np.flatnonzero(news)
    members = np.split(rows, begins[1:])
    firsts = np.minimum.reduceat(rows, begins)
    heads = bounds[:, 0]
    cuts = [*np.flatnonzero(np.diff(things[heads], prepend=-1)).tolist(), len(bounds)]
    said = _Said(named.known, rows, bounds.tolist(), codes[heads].tolist())
    for number in np.argsort(firsts).tolist():
        first = firsts[number]
        texts = tuple(column.known[column.codes[first]] for column in keys)
        ways = _Ways(said, range(cuts[number], cuts[number + 1]))
        yield Cells(texts, _Known(members[number])), ways


@dataclass(frozen=True, slots=True)
class _Said:
    """Every way in which disputed things are told: where its rows stand in `rows`, and its text."""

    known: list[str]
    rows: NDArray[np.intp]
    bounds: list[tuple[int, int]]
    codes: list[int]


@dataclass(frozen=True, slots=True)
class _Ways(Sequence[Cells]):
    """What is said of one thing in several ways; made one by one, for there can be many."""

    said: _Said
    numbers: range

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, number: int) -> Cells: ...
    @overload
    def __getitem__(self, number: slice) -> _Ways: ...
    def __getitem__(self, number: int | slice) -> Cells | _Ways:
        if isinstance(number, slice):
            return _Ways(self.said, self.numbers[number])
        return self._cells(self.numbers[number])

    def __iter__(self) -> Iterator[Cells]:
        return map(self._cells, self.numbers)

    def _cells(self, way: int) -> Cells:
        start, stop = self.said.bounds[way]
        text = self.said.known[self.said.codes[way]]
        return Cells((text,), _Known(self.said.rows[start:stop]))


@dataclass(frozen=True, slots=True)
class _Known:
    known: NDArray[np.intp]

    def __call__(self) -> Sequence[int]:
        return sorted(self.known.tolist())
