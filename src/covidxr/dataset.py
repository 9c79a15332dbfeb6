"""The collection in memory, read-only: what rules, statistics and exporters see.

This module answers questions about many rows at once, so that a rule need not loop over a million
of them. It opens no file and judges nothing.
"""

from __future__ import annotations

import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, count
from typing import TYPE_CHECKING, overload

from covidxr import columns
from covidxr.csvtext import cell_spans, closed
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.cells import Judgement, Problem
    from covidxr.csvtext import CsvText, Record
    from covidxr.model import Fix, Hit, ImageFacts

    Codes = NDArray[np.integer]


_FEW = 65_535
# Formats of single pictures; a DICOM file can also hold a volume.
_PICTURES = frozenset({"JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "DICOM"})


def fold_name(path: str) -> str:
    """Reduce a path to what a file system that ignores case and Unicode form tells apart."""
    return unicodedata.normalize("NFC", path).lower()


def shorter_side(facts: ImageFacts) -> int | None:
    """Shorter side of a picture in pixels; None where the file is none, or its size not known."""
    if facts.format not in _PICTURES or facts.width is None or facts.height is None:
        return None
    return min(facts.width, facts.height)


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

    def codes(self, name: str) -> array[int]:
        """Per row, which of ``values(name)`` it holds."""
        position = self.position(name)
        return array("I", bytes(4 * len(self))) if position is None else self.text.codes[position]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Each column's name of today, else its header cell; once where two are the same."""
        named = zip(self.names, self.text.header, strict=True)
        return tuple(dict.fromkeys(name or cell for name, cell in named))

    @property
    def last_record(self) -> Record:
        """The record at the end of the file, whole or not; the header where there is no other."""
        ends = [self.text.record(len(self) - 1), *(odd.record for odd in self.text.odd[-1:])]
        return max(ends, key=_start)

    @cached_property
    def open_quote(self) -> int | None:
        """Where in the last record, in characters, a quote opens that the file never closes."""
        written = self.text.text(self.last_record)
        start, stop = cell_spans(written)[-1]
        cell = written[start:stop]
        return None if closed(cell) == cell else start

    @cached_property
    def _texts(self) -> dict[tuple[str, Callable[[str], str] | None], Texts]:
        return {}

    def texts(self, name: str, same: Callable[[str], str] | None = None) -> Texts:
        """Distinct texts of a column and who holds them, made once.

        Parameters
        ----------
        name : str
            Today's column name; a column that is not there is blank everywhere.
        same : callable, optional
            Reduces a text without blanks around to what two spellings of it share.
        """
        if (name, same) not in self._texts:
            self._texts[name, same] = _reduced(self, name, same)
        return self._texts[name, same]

    def loose(self, name: str) -> list[str]:
        """Distinct texts of a column, as they stand, that have blanks around."""
        values = self.values(name)
        if self.texts(name).known is values:
            return []
        return [text for text in values if text != text.strip()]

    @cached_property
    def _unprintable(self) -> dict[str, list[str]]:
        return {}

    def unprintable(self, name: str) -> list[str]:
        """Distinct texts of a column with a line break, a control character or a stray byte."""
        if name not in self._unprintable:
            known = self.texts(name).known
            self._unprintable[name] = [text for text in known if not text.isprintable()]
        return self._unprintable[name]

    def rows_by_text(self, name: str, wanted: Collection[str]) -> dict[str, list[int]]:
        """Rows that hold each of some texts as they stand, blanks around included."""
        import numpy as np

        if not wanted:
            return {}
        values = self.values(name)
        bad = np.fromiter(map(wanted.__contains__, values), dtype=bool, count=len(values))
        codes = np.frombuffer(self.codes(name), dtype=np.uint32)
        rows = np.flatnonzero(bad[codes])
        found: dict[str, list[int]] = {values[code]: [] for code in np.flatnonzero(bad).tolist()}
        for row, code in zip(rows.tolist(), codes[rows].tolist(), strict=True):
            found[values[code]].append(row)
        return found

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], _Index]:
        return {}

    def index(self, names: tuple[str, ...]) -> _Index:
        """Rows grouped by what some columns hold; made once, whichever dataset asks."""
        if names not in self._indexes:
            self._indexes[names] = _Index(self, names)
        return self._indexes[names]

    @cached_property
    def _filenames(self) -> dict[str, int]:
        return dict(zip(self.texts("filename").known, count(), strict=False))

    def rows_of(self, path: str) -> list[int]:
        """Rows that name a file, ascending, by its path relative to the root."""
        found = []
        for slash, letter in enumerate(path):
            number = self._filenames.get(path[slash + 1 :]) if letter == "/" else None
            if number is not None and path[slash + 1 :]:
                rows = self.index(("filename",)).rows(number)
                found += [row for row in rows if Row(self, row).path == path]
        return sorted(found)

    def rows_of_same_file(self, row: int) -> list[int]:
        """Rows, ascending, that name the same file as one row, itself among them."""
        index = self.index(("filename",))
        path = Row(self, row).path
        rows = index.rows(int(index.groups[row]))
        return [each for each in rows if Row(self, each).path == path]


def _start(record: Record) -> int:
    return record.start


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

    def at_file(
        self,
        path: str,
        message: str,
        *,
        suggestion: str | None = None,
        fix: Fix | None = None,
    ) -> Hit:
        """Make a hit about a file: at the rows that name it, or else at the file itself."""
        from covidxr.model import Hit

        rows = self.table.rows_of(path)
        if not rows:
            return Hit(message=message, file=path, suggestion=suggestion)
        return Hit(
            message=message,
            rows=rows,
            field="filename",
            value=self.row(rows[0])["filename"],
            suggestion=suggestion,
            fix=fix,
        )

    def at_header(
        self,
        position: int,
        message: str,
        *,
        name: str | None = None,
        value: str | None = None,
        suggestion: str | None = None,
    ) -> Hit:
        """Make a hit at a header cell by its position in the file; `name` is the hit's field."""
        from covidxr.model import Hit

        span = self.table.text.span(-1, position)
        return Hit(
            message=message,
            file=self.table.name,
            line=span.line,
            column=span.column,
            field=name,
            value=value,
            suggestion=suggestion,
        )

    def broken(self, folder: str, *kinds: str) -> Iterator[tuple[str, str]]:
        """Yield each file of a folder that has a problem of some kinds, and what was seen."""
        for path, facts in self.files.items():
            found = [problem.message for problem in facts.problems if problem.kind in kinds]
            if found and path.startswith(f"{folder}/"):
                yield path, f"{path.rpartition('/')[2]}: {found[-1]}"

    def listed(self, folder: str) -> list[Cells]:
        """Folder and filename of the rows that name a file in a folder; blank means images."""
        folders = {"", "images"} if folder == "images" else {folder}
        return [
            cells
            for cells in self.cells("folder", "filename")
            if cells.texts[1] and cells.text in folders
        ]

    def copies(self) -> Iterator[list[Row]]:
        """Yield the rows, ascending, of files with the same bytes, where several rows name them."""
        paths: dict[str, list[str]] = {}
        for path, facts in self.files.items():
            if facts.sha256:
                paths.setdefault(facts.sha256, []).append(path)
        for same in paths.values():
            if len(same) > 1:
                rows = sorted(row for path in same for row in self.table.rows_of(path))
                if len(rows) > 1:
                    yield [self.row(row) for row in rows]

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
        index = self.table.index(names)
        for number, texts in enumerate(index.texts()):
            yield Cells(texts, _Finder(index, number))

    def holding(self, name: str, wanted: Callable[[str], object]) -> Iterator[Cells]:
        """Yield those of `cells` of one column whose text fulfils a condition."""
        known = self.table.texts(name).known if len(self.table) else []
        for number in compress(count(), map(wanted, known)):
            yield Cells((known[number],), _Finder(self.table.index((name,)), number))

    def repeated(self, *names: str) -> Iterator[Cells]:
        """Yield the combinations of `cells` that stand in more than one row."""
        index = self.table.index(names)
        for number in index.repeated():
            yield Cells(index.text(number), _Finder(index, number))

    def conflicts(
        self,
        key: str,
        name: str,
        *,
        same: Callable[[str], str] | None = None,
        within: tuple[str, ...] = (),
    ) -> Iterator[tuple[Cells, Sequence[Cells]]]:
        """Yield what one column says in more than one way about the same thing.

        Parameters
        ----------
        key, name : str
            Today's column names: two rows with the same `key` should agree in `name`.
        same : callable, optional
            Reduces the text of `key` to what two spellings of it share; empty leaves rows out.
        within : tuple of str
            Only rows that have the same text in these columns, too, and no blank, are compared.

        Yields
        ------
        (Cells, sequence of Cells)
            The key, with what `within` holds behind it, and all its rows; per distinct text of
            `name` that is not blank the rows that hold it, in the order of their first row, always
            two or more.
        """
        if not self.has(key, name, *within) or not len(self.table):
            return
        keys = [self.table.texts(key, same), *map(self.table.texts, within)]
        yield from _conflicts(keys, self.table.texts(name))


class _Index:
    """Rows grouped by what some columns hold, numbered in the order of their first row."""

    def __init__(self, table: Table, names: tuple[str, ...]) -> None:
        self._columns = [table.texts(name) for name in names]
        # Distinct texts of one column stand in the order of their first row already.
        self.groups = self._columns[0].codes
        self._firsts: Codes | None = None
        self._size = len(self._columns[0].known)
        if len(names) > 1:
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


def _reduced(table: Table, name: str, same: Callable[[str], str] | None) -> Texts:
    import numpy as np

    if same is None:
        values = table.values(name)
        codes: Codes = np.frombuffer(table.codes(name), dtype=np.uint32)
        reduced = list(map(str.strip, values))
    else:
        bare = table.texts(name)
        values, codes = bare.known, bare.codes
        reduced = list(map(same, values))
    if not reduced:
        return Texts([""], codes)
    if reduced == values:
        return Texts(values, codes)
    numbers: dict[str, int] = {}
    places = [numbers.setdefault(text, len(numbers)) for text in reduced]
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


def _conflicts(keys: Sequence[Texts], named: Texts) -> Iterator[tuple[Cells, _Ways]]:
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
