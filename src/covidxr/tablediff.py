"""What differs between two tables, row by row and cell by cell, and how one becomes the other.

This module matches rows; it opens no file and judges nothing. Rows are the same where they name the
same file; then where the file's bytes are the same under another name; then where all other cells
are. What is left came or went.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from covidxr.comparison import (
    CellChange,
    ColumnChanges,
    LoneRow,
    OddLine,
    RowChange,
    TableDiff,
)
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.comparison import Piece
    from covidxr.csvtext import CsvText
    from covidxr.table import Table

NAME, BYTES, CELLS = "name", "bytes", "cells"
"""How two rows were found to be the same one."""

_Key = str | tuple[str, ...]

# What tells a file from others is no part of the rest of its row.
_NAMING = ("folder", "filename")


@dataclass(frozen=True)
class Match:
    """Rows of two tables that are the same row.

    Parameters
    ----------
    old, new : tuple of int
        Positions of the two rows of each pair, in the order of the new table.
    by : tuple of str
        `NAME`, `BYTES` or `CELLS`, per pair.
    """

    old: tuple[int, ...]
    new: tuple[int, ...]
    by: tuple[str, ...]

    @cached_property
    def positions(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """The same positions, to look up many cells at once."""
        import numpy as np

        return np.asarray(self.old, np.intp), np.asarray(self.new, np.intp)


@dataclass(frozen=True)
class _Columns:
    """The columns of two tables by names that fit both."""

    old: Table
    new: Table

    @cached_property
    def places(self) -> tuple[dict[str, int], dict[str, int]]:
        """Position of each column by its name, the second of two with one name as ``x (2)``."""
        return _named(self.old), _named(self.new)

    @cached_property
    def common(self) -> tuple[str, ...]:
        """Names that both have, in the order of the new table."""
        return tuple(name for name in self.places[1] if name in self.places[0])

    def equal(self, name: str, match: Match, other: str | None = None) -> NDArray[np.bool_]:
        """Tell for each pair whether a column's cell is the same in both rows."""
        import numpy as np

        before, after = self.old.text, self.new.text
        first, second = self.places[0][name], self.places[1][other or name]
        numbers = {text: code for code, text in enumerate(after.values[second])}
        known = np.fromiter(
            (numbers.get(text, -1) for text in before.values[first]),
            dtype=np.int64,
            count=len(before.values[first]),
        )
        was = np.frombuffer(before.codes[first], np.uint32)[match.positions[0]]
        now = np.frombuffer(after.codes[second], np.uint32)[match.positions[1]]
        same: NDArray[np.bool_] = known[was] == now
        return same


def _named(table: Table) -> dict[str, int]:
    found: dict[str, int] = {}
    pairs = zip(table.names, table.text.header, strict=True)
    for position, (name, cell) in enumerate(pairs):
        wanted, count = name or cell, 1
        label = wanted
        while label in found:
            count += 1
            label = f"{wanted} ({count})"
        found[label] = position
    return found


def compare(
    old: Table,
    new: Table,
    *,
    old_hashes: Mapping[str, str] | None = None,
    hashes: Mapping[str, str] | None = None,
) -> tuple[TableDiff, Match]:
    """Compare two tables.

    Parameters
    ----------
    old, new : Table
        Of any header; columns are compared by today's names.
    old_hashes, hashes : mapping of str to str, optional
        What tells the content of each file, by path; empty where files are not known.

    Returns
    -------
    (TableDiff, Match)
        What differs, and which rows are the same.
    """
    columns = _Columns(old, new)
    match = _matched(columns, old_hashes or {}, hashes or {})
    header = _header(columns, match)
    changed = tuple(_changes(columns, match))
    went, came = _without(range(len(old)), match.old), _without(range(len(new)), match.new)
    gone, odd = _odd(old.text, new.text)
    made = tuple(pieces(old.text, new.text))
    whole = ((0, _stretches(old.text)),)
    return (
        TableDiff(
            old_rows=len(old),
            rows=len(new),
            columns=header,
            added=tuple(_lone(new, columns.places[1], row) for row in came),
            removed=tuple(_lone(old, columns.places[0], row) for row in went),
            changed=changed,
            moved=_moved(match.old),
            rewritten=0 if header.any else _rewritten(old.text, new.text, match, len(changed)),
            odd_added=odd,
            odd_removed=gone,
            same_bytes=made == whole,
            pieces=made,
        ),
        match,
    )


# -- which rows are the same -----------------------------------------------------------------------


def _matched(columns: _Columns, old_hashes: Mapping[str, str], hashes: Mapping[str, str]) -> Match:
    old, new = columns.old, columns.new
    paths = _paths(old), _paths(new)
    cells = (
        _CellsOf(old, columns.places[0], columns.common),
        _CellsOf(new, columns.places[1], columns.common),
    )
    found = dict(_by_name(paths, cells))
    by = dict.fromkeys(found, NAME)
    content = (
        lambda row: old_hashes.get(paths[0][row], ""),
        lambda row: hashes.get(paths[1][row], ""),
    )
    rest = [name for name in columns.common if name not in _NAMING]
    others = _CellsOf(old, columns.places[0], rest), _CellsOf(new, columns.places[1], rest)
    for how, keys in ((BYTES, content), (CELLS, (others[0].said, others[1].said))):
        left = _without(range(len(old)), found.values()), _without(range(len(new)), found)
        pairs = _alone(_groups(left, keys))
        found |= pairs
        by |= dict.fromkeys(pairs, how)
    order = sorted(found)
    return Match(tuple(found[row] for row in order), tuple(order), tuple(by[row] for row in order))


def _without(rows: Iterable[int], taken: Iterable[int]) -> list[int]:
    gone = set(taken)
    return [row for row in rows if row not in gone]


@dataclass(frozen=True)
class _CellsOf:
    """The cells of some columns of a table, row by row."""

    table: Table
    places: Mapping[str, int]
    names: Sequence[str]

    @cached_property
    def _columns(self) -> list[int]:
        return [self.places[name] for name in self.names]

    def __call__(self, row: int) -> tuple[str, ...]:
        text = self.table.text
        return tuple(text.cell(row, column) for column in self._columns)

    def said(self, row: int) -> tuple[str, ...]:
        """The cells; none where all are blank, which says nothing."""
        cells = self(row)
        return cells if any(cell.strip() for cell in cells) else ()


def _paths(table: Table) -> list[str]:
    """The file of each row; empty where it names none."""
    names = [text.strip() for text in table.values("filename")]
    folders = [text.strip() or "images" for text in table.values("folder")]
    codes = zip(table.codes("folder"), table.codes("filename"), strict=True)
    return [f"{folders[folder]}/{names[name]}" if names[name] else "" for folder, name in codes]


def _by_name(
    paths: tuple[list[str], list[str]], cells: tuple[_CellsOf, _CellsOf]
) -> Iterator[tuple[int, int]]:
    """Pair rows, the new one first, that name the same file.

    Of several of one name equal ones are paired first, then the others in order.
    """
    (one, several), (one_new, several_new) = map(_rows_by, paths)
    # Nearly all names stand in one row of each table.
    yield from ((row, one[path]) for path, row in one_new.items() if path in one)
    for path in dict.fromkeys((*several_new, *several)):
        first = several.get(path) or [one[path] for _ in range(path in one)]
        second = several_new.get(path) or [one_new[path] for _ in range(path in one_new)]
        equal = dict(_equal_first(first, second, cells))
        yield from equal.items()
        # Rows without a file are the same where they say the same, and nowhere else.
        if path:
            yield from zip(_without(second, equal), _without(first, equal.values()), strict=False)


def _rows_by(keys: Iterable[str]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Find the row of each key that one row has, and the rows of the others, the blank one too."""
    one: dict[str, int] = {}
    several: dict[str, list[int]] = {"": []}
    for row, key in enumerate(keys):
        if key in several:
            several[key].append(row)
        elif key in one:
            several[key] = [one.pop(key), row]
        else:
            one[key] = row
    return one, several


def _equal_first(
    first: Sequence[int], second: Sequence[int], cells: tuple[_CellsOf, _CellsOf]
) -> Iterator[tuple[int, int]]:
    waiting: dict[tuple[str, ...], list[int]] = {}
    for row in first:
        waiting.setdefault(cells[0](row), []).append(row)
    for row in second:
        same = waiting.get(cells[1](row))
        if same:
            yield row, same.pop(0)


def _groups(
    left: tuple[list[int], list[int]], keys: tuple[Callable[[int], _Key], Callable[[int], _Key]]
) -> Iterator[tuple[list[int], list[int]]]:
    """Give the rows of both tables that share a key which is not empty."""
    found: dict[_Key, tuple[list[int], list[int]]] = {}
    for side, (rows, key) in enumerate(zip(left, keys, strict=True)):
        for row in rows:
            shared = key(row)
            if shared:
                found.setdefault(shared, ([], []))[side].append(row)
    return (group for group in found.values() if group[0] and group[1])


def _alone(groups: Iterable[tuple[list[int], list[int]]]) -> dict[int, int]:
    """Pair the rows of groups in which nobody is left over: else it is not known which they are."""
    return {
        row: before
        for first, second in groups
        if len(first) == len(second)
        for before, row in zip(first, second, strict=True)
    }


def _moved(rows: Sequence[int]) -> int:
    """How many have to be moved to bring rows into ascending order, at the least."""
    tails: list[int] = []
    for row in rows:
        place = bisect_left(tails, row)
        tails[place : place + 1] = [row]
    return len(rows) - len(tails)


# -- what they say ---------------------------------------------------------------------------------


def _header(columns: _Columns, match: Match) -> ColumnChanges:
    old, new = columns.places
    removed = [name for name in old if name not in new]
    added = [name for name in new if name not in old]
    renamed = []
    for name in removed:
        other = next((each for each in added if _same_column(columns, match, name, each)), None)
        if other is not None:
            renamed.append((name, other))
            added.remove(other)
    gone = {name for name, _ in renamed}
    headers = columns.old.text.header, columns.new.text.header
    spellings = [(headers[0][old[name]], headers[1][new[name]]) for name in columns.common]
    order = [old[name] for name in columns.common]
    return ColumnChanges(
        added=tuple((name, _filled(columns.new, new[name])) for name in added),
        removed=tuple(
            (name, _filled(columns.old, old[name])) for name in removed if name not in gone
        ),
        renamed=tuple(renamed),
        respelt=tuple(pair for pair in spellings if pair[0] != pair[1]),
        moved=order != sorted(order),
    )


def _same_column(columns: _Columns, match: Match, name: str, other: str) -> bool:
    """Whether two columns hold the same in every row, and hold something."""
    if not match.new or not _filled(columns.old, columns.places[0][name]):
        return False
    return bool(columns.equal(name, match, other).all())


def _filled(table: Table, position: int) -> int:
    text = table.text
    blank = {code for code, cell in enumerate(text.values[position]) if not cell.strip()}
    counted = Counter(text.codes[position])
    return sum(count for code, count in counted.items() if code not in blank)


def _changes(columns: _Columns, match: Match) -> Iterator[RowChange]:
    import numpy as np

    if not match.new:
        return
    differing: dict[int, list[CellChange]] = {}
    old, new = columns.old.text, columns.new.text
    for name in columns.common:
        places = columns.places[0][name], columns.places[1][name]
        for number in np.flatnonzero(~columns.equal(name, match)).tolist():
            was = old.cell(match.old[number], places[0])
            now = new.cell(match.new[number], places[1])
            differing.setdefault(number, []).append(CellChange(column=name, old=was, new=now))
    for number in sorted(differing):
        first, second, by = match.old[number], match.new[number], match.by[number]
        before, after = Row(columns.old, first), Row(columns.new, second)
        yield RowChange(
            path=after.path,
            old_path=before.path,
            matched_by=by,
            old_line=before.line,
            line=after.line,
            patientid=after["patientid"],
            cells=tuple(differing[number]),
        )


def _lone(table: Table, places: Mapping[str, int], row: int) -> LoneRow:
    text = table.text
    cells = ((name, text.cell(row, position)) for name, position in places.items())
    said = tuple((name, cell) for name, cell in cells if cell.strip())
    one = Row(table, row)
    return LoneRow(path=one.path, line=one.line, cells=said)


def _rewritten(old: CsvText, new: CsvText, match: Match, changed: int) -> int:
    """How many rows have the same cells in other bytes."""
    rows = _records(old), _records(new)
    other = sum(
        rows[0][first] != rows[1][second]
        for first, second in zip(match.old, match.new, strict=True)
    )
    return max(0, other - changed)


def _records(text: CsvText) -> list[bytes]:
    data = text.data[:]
    spans = zip(text.starts, text.sizes, strict=True)
    return [data[start : start + size] for start, size in spans]


def _odd(old: CsvText, new: CsvText) -> tuple[tuple[OddLine, ...], tuple[OddLine, ...]]:
    """Records of another width that one file has more often than the other; no blank lines."""
    lines = [
        [
            OddLine(line=each.record.line, text=text.text(each.record).rstrip("\r\n"))
            for each in text.odd
            if each.cells
        ]
        for text in (old, new)
    ]
    return _more(lines[0], lines[1]), _more(lines[1], lines[0])


def _more(these: Iterable[OddLine], those: Iterable[OddLine]) -> tuple[OddLine, ...]:
    known = Counter(each.text for each in those)
    found = []
    for each in these:
        if known[each.text]:
            known[each.text] -= 1
        else:
            found.append(each)
    return tuple(found)


# -- how one becomes the other ---------------------------------------------------------------------


def _cuts(text: CsvText) -> list[int]:
    """Where stretches begin: the file's first byte, and each record below the header."""
    odd = (each.record.start for each in text.odd)
    return [0, *sorted(chain(text.starts, odd))]


def _stretches(text: CsvText) -> int:
    return 1 + len(text.starts) + len(text.odd)


def _raw(text: CsvText) -> list[bytes]:
    begins = _cuts(text)
    ends = [*begins[1:], len(text.data)]
    data = text.data[:]
    return [data[start:stop] for start, stop in zip(begins, ends, strict=True)]


def pieces(old: CsvText, new: CsvText) -> Iterator[Piece]:
    """Describe a file by an older one, so that `apply` gives it back byte for byte.

    Yields
    ------
    Piece
        As few as the order of the stretches permits; texts hold bytes that are not UTF-8 as
        surrogates.
    """
    raw = _raw(old)
    known: dict[bytes, int] = {}
    for number, stretch in enumerate(raw):
        known.setdefault(stretch, number)
    start = stop = 0
    own: list[bytes] = []
    for stretch in _raw(new):
        if start < stop < len(raw) and raw[stop] == stretch:
            stop += 1
            continue
        if start < stop:
            yield start, stop
        start = known.get(stretch, 0)
        stop = start + 1 if stretch in known else start
        if start == stop:
            own.append(stretch)
        elif own:
            yield _decoded(own)
            own = []
    if start < stop:
        yield start, stop
    elif own:
        yield _decoded(own)


def _decoded(parts: Iterable[bytes]) -> str:
    return b"".join(parts).decode("utf-8", "surrogateescape")


def apply(old: CsvText, made_of: Iterable[Piece | Sequence[int]]) -> bytes:
    """Make the new file of the old one and what `compare` or its JSON says of it.

    Parameters
    ----------
    old : CsvText
        The old file.
    made_of : iterable of Piece
        The pieces; as JSON has them, too, where a pair is a list.

    Returns
    -------
    bytes
        The new file.

    Raises
    ------
    ValueError
        If the pieces are of another file, which has more stretches than this one.
    """
    raw = _raw(old)
    made = bytearray()
    for piece in made_of:
        if isinstance(piece, str):
            made += piece.encode("utf-8", "surrogateescape")
            continue
        start, stop = piece
        if not 0 <= start < stop <= len(raw):
            msg = f"there are no stretches {start} to {stop}: the table has {len(raw)}"
            raise ValueError(msg)
        made += b"".join(raw[start:stop])
    return bytes(made)
