"""The collection in memory, read-only: what rules, statistics and exporters see.

This module answers questions about many rows at once, so that a rule need not loop over a million
of them. It opens no file and judges nothing.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from covidxr import columns
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.cells import Judgement, Problem
    from covidxr.csvtext import CsvText
    from covidxr.model import Fix, Hit, ImageFacts


_FEW = 65_535
# Combined codes stay below this, so that one more factor of distinct texts cannot overflow.
_MANY = 2**40


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the table.

    Parameters
    ----------
    table : Table
        The table it belongs to.
    index : int
        Its position among the rows, from 0.
    """

    table: Table
    index: int

    def __getitem__(self, name: str) -> str:
        """Text of a cell by today's column name, without blanks around; empty if not there."""
        return self.table.cell(self.index, name).strip()

    @property
    def line(self) -> int:
        """1-based line of the file on which the record begins."""
        return self.table.text.lines[self.index]

    @property
    def path(self) -> str:
        """The file that the row names, relative to the root; ``images`` where no folder is told."""
        return f"{self['folder'] or 'images'}/{self['filename']}"

    def at(
        self,
        name: str,
        message: str,
        *,
        suggestion: str | None = None,
        fix: Fix | None = None,
    ) -> Hit:
        """Make a hit at one cell of this row."""
        from covidxr.model import Hit

        return Hit(
            message=message,
            rows=(self.index,),
            field=name,
            value=self.table.cell(self.index, name),
            suggestion=suggestion,
            fix=fix,
        )


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
class Table:
    """The rows below the header, by today's column names.

    Parameters
    ----------
    text : CsvText
        The parsed file.
    name : str
        Its path relative to the collection's root.
    """

    text: CsvText
    name: str = "metadata.csv"

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.text)

    @cached_property
    def names(self) -> tuple[str | None, ...]:
        """Today's name of each column of the file; None where there is none."""
        return columns.resolve(self.text.header)

    @cached_property
    def fields(self) -> dict[str, int]:
        """Position in the file of each column, by today's name."""
        return {name: position for position, name in enumerate(self.names) if name is not None}

    def position(self, name: str) -> int | None:
        """Position of a column by today's name, or by its header cell where it has none."""
        if name in self.fields:
            return self.fields[name]
        return self.text.header.index(name) if name in self.text.header else None

    def cell(self, row: int, name: str) -> str:
        """Text of a cell as it stands; empty where the table has no such column."""
        position = self.position(name)
        return "" if position is None else self.text.cell(row, position)

    def values(self, name: str) -> list[str]:
        """Distinct texts of a column, as they stand; one empty text where there is no column."""
        position = self.position(name)
        return [""] if position is None else self.text.values[position]

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], _Index]:
        return {}

    def index(self, names: tuple[str, ...]) -> _Index:
        """Rows grouped by what some columns hold; made once, whichever dataset asks."""
        if names not in self._indexes:
            self._indexes[names] = _Index(self, names)
        return self._indexes[names]

    def codes(self, name: str) -> array[int]:
        """Per row, which of ``values(name)`` it holds."""
        position = self.position(name)
        return array("I", bytes(4 * len(self))) if position is None else self.text.codes[position]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One text of one column that the schema refuses, with all rows that hold it."""

    name: str
    cells: Cells
    judgement: Judgement

    def hit(self) -> Hit:
        """Make the diagnostic's raw form."""
        from covidxr.model import Fix

        fix = None if self.judgement.value is None else Fix(value=self.judgement.value)
        return self.cells.at(
            self.name,
            self.judgement.message,
            suggestion=self.judgement.suggestion,
            fix=fix,
        )


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A collection, read-only.

    Parameters
    ----------
    table : Table
        ``metadata.csv``.
    files : mapping of str to ImageFacts
        Files below ``images/`` and ``volumes/`` by path relative to the root; empty when they were
        not looked at.
    folders : frozenset of str
        Which of ``images``, ``volumes`` and ``annotations`` exist.
    depth : ImageDepth
        How closely the files were looked at.
    documents : mapping of str to str
        ``README.md`` and ``SCHEMA.md``, those that exist.
    failures : tuple of Failure
        What the schema refuses; empty when it was not asked.
    as_of : datetime.date or None
        No date in the table can be later than this.
    """

    table: Table
    files: Mapping[str, ImageFacts] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()
    depth: ImageDepth = ImageDepth.NONE
    documents: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    as_of: dt.date | None = None

    @property
    def rows(self) -> Iterator[Row]:
        """Every row in file order. Prefer `cells` and its kin: they do not slow with the table."""
        return (Row(self.table, index) for index in range(len(self.table)))

    def failed(self, *problems: Problem) -> Iterator[Hit]:
        """Yield what the schema refuses for one of some reasons, in the order of the columns."""
        return (failure.hit() for failure in self.failures if failure.judgement.problem in problems)

    def row(self, index: int) -> Row:
        """Give one row by position."""
        return Row(self.table, index)

    def has(self, *names: str) -> bool:
        """Tell whether the table has all these columns."""
        return all(name in self.table.fields for name in names)

    def cells(self, *names: str) -> Iterator[Cells]:
        """Yield every distinct combination of texts in some columns, blanks around dropped.

        Parameters
        ----------
        names : str
            Today's column names; a column that is not there counts as blank everywhere.

        Yields
        ------
        Cells
            In the order of the first row that holds the combination.
        """
        if not len(self.table):
            return
        index = self._index(names)
        for number, texts in enumerate(index.texts):
            yield Cells(texts, _Finder(index, number))

    def repeated(self, *names: str) -> Iterator[Cells]:
        """Yield the combinations of `cells` that stand in more than one row."""
        index = self._index(names)
        for number in index.repeated():
            yield Cells(index.texts[number], _Finder(index, number))

    def conflicts(
        self,
        key: str,
        name: str,
        *,
        same: Callable[[str], str] | None = None,
    ) -> Iterator[tuple[Cells, tuple[Cells, ...]]]:
        """Yield what one column says in more than one way about the same thing.

        Parameters
        ----------
        key, name : str
            Today's column names: two rows with the same `key` should agree in `name`.
        same : callable, optional
            Reduces the text of `key` to what two spellings of it share; empty leaves rows out.

        Yields
        ------
        (Cells, tuple of Cells)
            The key with all its rows, and per distinct text of `name` that is not blank the rows
            that hold it, in the order of their first row; always two or more.
        """
        yield from _conflicts(self, key, name, same or str)

    def _index(self, names: tuple[str, ...]) -> _Index:
        return self.table.index(names)


class _Index:
    """Rows grouped by what some columns hold."""

    def __init__(self, table: Table, names: tuple[str, ...]) -> None:
        import numpy as np

        if len(names) == 1:
            texts, codes = _stripped(table, names[0])
            # Distinct texts stand in the order of their first row already.
            self.texts: list[tuple[str, ...]] = [(text,) for text in texts]
            self.groups: NDArray[np.integer] = codes
            return
        parts = [_stripped(table, name) for name in names]
        combined = np.zeros(len(table), dtype=np.int64)
        for texts, codes in parts:
            combined = combined * len(texts) + codes
            if combined.max(initial=0) > _MANY:
                _, combined = np.unique(combined, return_inverse=True)
        _, firsts, groups = np.unique(combined, return_index=True, return_inverse=True)
        by_first = np.argsort(firsts, kind="stable")
        renumbered = np.empty_like(by_first)
        renumbered[by_first] = np.arange(len(by_first))
        self.groups = renumbered[groups]
        starts = firsts[by_first]
        self.texts = list(
            zip(
                *([texts[code] for code in codes[starts].tolist()] for texts, codes in parts),
                strict=True,
            )
        )

    @cached_property
    def _counts(self) -> NDArray[np.intp]:
        import numpy as np

        return np.bincount(self.groups, minlength=len(self.texts))

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        import numpy as np

        groups = self.groups
        if len(self.texts) <= _FEW:
            # Sixteen bits are sorted by counting, several times faster than by comparing.
            groups = groups.astype(np.uint16)
        return np.argsort(groups, kind="stable"), np.concatenate(([0], np.cumsum(self._counts)))

    def rows(self, number: int) -> Sequence[int]:
        order, bounds = self._sorted
        found: list[int] = order[bounds[number] : bounds[number + 1]].tolist()
        return found

    def repeated(self) -> list[int]:
        import numpy as np

        found: list[int] = np.flatnonzero(self._counts > 1).tolist()
        return found


@dataclass(frozen=True, slots=True)
class _Finder:
    index: _Index
    number: int

    def __call__(self) -> Sequence[int]:
        return self.index.rows(self.number)


def _stripped(table: Table, name: str) -> tuple[list[str], NDArray[np.int64]]:
    """Distinct texts without blanks around, and per row which one it holds."""
    return _reduced(table, name, str.strip)


def _reduced(
    table: Table, name: str, same: Callable[[str], str]
) -> tuple[list[str], NDArray[np.int64]]:
    import numpy as np

    values = table.values(name)
    codes = np.frombuffer(table.codes(name), dtype=np.uint32)
    reduced = list(map(same, values))
    if not reduced:
        return [""], np.zeros(len(codes), dtype=np.int64)
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(text, len(numbers)) for text in reduced]
    if len(numbers) == len(values):
        return reduced, codes.astype(np.int64)
    return list(numbers), np.asarray(places, dtype=np.int64)[codes]


def _conflicts(
    dataset: Dataset, key: str, name: str, same: Callable[[str], str]
) -> Iterator[tuple[Cells, tuple[Cells, ...]]]:
    import numpy as np

    if not dataset.has(key, name) or not len(dataset.table):
        return
    keys, key_codes = _reduced(dataset.table, key, lambda text: same(text.strip()))
    texts, codes = _stripped(dataset.table, name)
    used = np.ones(len(codes), dtype=bool)
    for known, numbers in ((keys, key_codes), (texts, codes)):
        if "" in known:
            used &= numbers != known.index("")
    pairs = np.unique(key_codes[used] * len(texts) + codes[used])
    per_key = np.bincount(pairs // len(texts), minlength=len(keys))
    disputed = np.flatnonzero(per_key > 1)
    if not len(disputed):
        return
    rows = np.flatnonzero(np.isin(key_codes, disputed))
    groups: dict[int, list[int]] = {}
    for row, number in zip(rows.tolist(), key_codes[rows].tolist(), strict=True):
        groups.setdefault(number, []).append(row)
    for number, members in groups.items():
        by_text: dict[str, list[int]] = {}
        for row in members:
            text = texts[int(codes[row])]
            if text:
                by_text.setdefault(text, []).append(row)
        yield (
            Cells((keys[number],), _Known(members)),
            tuple(Cells((text,), _Known(found)) for text, found in by_text.items()),
        )


@dataclass(frozen=True, slots=True)
class _Known:
    known: Sequence[int]

    def __call__(self) -> Sequence[int]:
        return self.known
