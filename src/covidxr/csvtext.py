"""A CSV file as text: records, cells, the place of each, and edits that touch nothing else.

This module owns the bytes of a table. It opens no file and knows no column: what a cell means
stands in :mod:`covidxr.columns`. Cells are ``str`` from end to end; bytes that are not UTF-8 are
kept as surrogates, so that writing gives back what was read.
"""

from __future__ import annotations

import codecs
import re
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterable, Mapping, Sequence

    Buffer = bytes | mmap.mmap

# One cell as csv.reader reads it: quotes count only at its start; a quoted part ends at a lone
# quote, and what follows it up to the comma belongs to the cell all the same. Possessive, for
# what backtracking remembers of a cell of 50 MB is 6 GB.
_CELL = re.compile(r'"(?:[^"]++|"")*+(?:"[^,\r\n]*+)?|[^,\r\n]*+')
_OPEN = re.compile(r'"(?:[^"]++|"")*+')
_NEEDS_QUOTES = re.compile(r'[",\r\n]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Where one record stands in the file.

    Parameters
    ----------
    line : int
        1-based physical line on which it begins.
    start, stop : int
        Byte offsets of its first byte and after its line end.
    """

    line: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a cell stands, 1-based, columns in characters, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OddRecord:
    """A record with another number of cells than the header: its cells cannot be told apart.

    Parameters
    ----------
    record : Record
        Where it stands.
    cells : tuple of str
        As they were read; empty for a blank line.
    """

    record: Record
    cells: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class CsvText:
    """A parsed file: for every column its distinct texts and, for each record, which one it holds.

    A million records with few distinct cells fit in memory this way, and what is wrong with a text
    is judged once however often it stands there.

    Parameters
    ----------
    data : bytes or mmap
        The file as it is.
    header : tuple of str
        First record, as written.
    values : list of list of str
        Per column, the distinct texts in the order in which they come.
    codes : list of array
        Per column and record, the position of its text in `values`; unsigned 32-bit.
    lines, starts, sizes : array
        Per record, first physical line (1-based), byte offset and length in bytes.
    odd : list of OddRecord
        Records that are not as wide as the header, blank lines included, in file order.
    header_record : Record
        Where the header stands.
    """

    data: Buffer
    header: tuple[str, ...]
    header_record: Record
    values: list[list[str]] = field(default_factory=list)
    codes: list[array[int]] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("I"))
    starts: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("Q"))
    odd: list[OddRecord] = field(default_factory=list)

    def __len__(self) -> int:
        """Count the whole records below the header."""
        return len(self.lines)

    @property
    def has_bom(self) -> bool:
        """Whether the file opens with a UTF-8 byte order mark."""
        return bytes(self.data[:3]) == codecs.BOM_UTF8

    def cell(self, row: int, column: int) -> str:
        """Text of one cell, both positions from 0."""
        return self.values[column][self.codes[column][row]]

    def record(self, row: int) -> Record:
        """Where a record stands; -1 is the header."""
        if row < 0:
            return self.header_record
        start = self.starts[row]
        return Record(line=self.lines[row], start=start, stop=start + self.sizes[row])

    def text(self, record: Record) -> str:
        """One record as it stands in the file, line end included."""
        raw = bytes(self.data[record.start : record.stop])
        return raw.decode("utf-8", "surrogateescape")

    def span(self, row: int, column: int) -> Span:
        """Place of one cell, quotes included; `row` -1 is the header.

        A column beyond the record gives the place after its last cell.
        """
        record = self.record(row)
        text = self.text(record)
        spans = cell_spans(text)
        start, stop = spans[column] if column < len(spans) else (spans[-1][1], spans[-1][1])
        line, col = place(text, start)
        end_line, end_col = place(text, stop)
        return Span(
            line=record.line + line,
            column=col,
            end_line=record.line + end_line,
            end_column=end_col,
        )


def place(text: str, offset: int) -> tuple[int, int]:
    """Lines passed and 1-based column of a character of a record."""
    before = text[:offset]
    lines = before.count("\n") + before.count("\r") - before.count("\r\n")
    return lines, offset - max(before.rfind("\n"), before.rfind("\r"))


def cell_spans(record: str) -> list[tuple[int, int]]:
    """Find the cells of one record as it stands in the file.

    Parameters
    ----------
    record : str
        One record with or without its line end.

    Returns
    -------
    list of (int, int)
        Start and stop of each cell in characters, quotes included; at least one.
    """
    spans = []
    position = 0
    while True:
        match = _CELL.match(record, position)
        stop = match.end() if match else position
        spans.append((position, stop))
        if stop >= len(record) or record[stop] != ",":
            return spans
        position = stop + 1


def quoted(cell: str, *, was: str = "") -> str:
    """Write a cell's text as CSV, quoted where it must be or where it was quoted before."""
    if was.startswith('"') or _NEEDS_QUOTES.search(cell):
        return '"' + cell.replace('"', '""') + '"'
    return cell


def closed(cell: str) -> str:
    """End the quotes of a cell as it is written, if they are still open."""
    return f'{cell}"' if _OPEN.fullmatch(cell) else cell


def appended(text: CsvText, cells: Sequence[str]) -> bytes:
    """Write the file with one record more at its end and every other byte as it was.

    Parameters
    ----------
    text : CsvText
        The parsed file.
    cells : sequence of str
        As many as the header has.

    Returns
    -------
    bytes
        The whole file; lines end as the header does. A last line without an end gets one.

    Notes
    -----
    The file must not end within a cell whose quotes are never closed; the table knows that.
    """
    return appended_all(text, (cells,))


def appended_all(text: CsvText, records: Sequence[Sequence[str]]) -> bytes:
    """Write the file with records more at its end, as `appended` does with one."""
    end = line_end(text)
    data = bytes(text.data)
    between = end if records and not data.endswith((b"\n", b"\r")) else ""
    # A record of one empty cell would be a blank line.
    written = "".join((",".join(map(quoted, cells)) or '""') + end for cells in records)
    return data + (between + written).encode("utf-8", "surrogateescape")


def line_end(text: CsvText) -> str:
    """Give the line end of the file's header; a line feed where it has none."""
    header = text.text(text.header_record)
    return next((each for each in ("\r\n", "\n", "\r") if header.endswith(each)), "\n")


def without(text: CsvText, rows: Iterable[int]) -> bytes:
    """Write the file without some records and every other byte as it was.

    Parameters
    ----------
    text : CsvText
        The parsed file.
    rows : iterable of int
        Positions of the records that go, from 0, in any order.

    Returns
    -------
    bytes
        The whole file; equal to ``text.data`` when `rows` is empty.
    """
    pieces = []
    done = 0
    for row in sorted(set(rows)):
        record = text.record(row)
        pieces.append(bytes(text.data[done : record.start]))
        done = record.stop
    pieces.append(bytes(text.data[done : len(text.data)]))
    return b"".join(pieces)


def edited(text: CsvText, edits: Mapping[tuple[int, int], str]) -> bytes:
    """Write the file with some cells changed and every other byte as it was.

    Parameters
    ----------
    text : CsvText
        The parsed file.
    edits : mapping of (int, int) to str
        New text by row and column, both from 0; row -1 is the header.

    Returns
    -------
    bytes
        The whole file; equal to ``text.data`` when `edits` is empty.
    """
    pieces = []
    done = 0
    by_row: dict[int, dict[int, str]] = {}
    for (row, column), cell in edits.items():
        by_row.setdefault(row, {})[column] = cell
    for row in sorted(by_row, key=lambda row: text.record(row).start):
        record = text.record(row)
        pieces.append(bytes(text.data[done : record.start]))
        new = edited_record(text.text(record), by_row[row])
        pieces.append(new.encode("utf-8", "surrogateescape"))
        done = record.stop
    pieces.append(bytes(text.data[done : len(text.data)]))
    return b"".join(pieces)


def edited_record(record: str, cells: Mapping[int, str]) -> str:
    """Write one record with some cells changed and every other character as it was."""
    written = record
    # From the last cell to the first, so that the places of those before stay true.
    spans = cell_spans(record)
    for column in sorted(cells, reverse=True):
        start, stop = spans[column]
        new = quoted(cells[column], was=record[start:stop])
        if not new and len(spans) == 1:
            # An empty line is no record; an empty cell in quotes is one.
            new = '""'
        written = written[:start] + new + written[stop:]
    return written
