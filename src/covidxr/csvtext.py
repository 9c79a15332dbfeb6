"""A CSV file as text: records, cells, the place of each, and edits that touch nothing else.

This module owns the bytes of a table. It opens no file and knows no column: what a cell means
stands in :mod:`covidxr.columns`. Cells are ``str`` from end to end; bytes that are not UTF-8 are
kept as surrogates, so that writing gives back what was read.
"""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import re
import sys
from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Buffer = bytes | mmap.mmap

# Rows are turned into columns in portions of this many: large enough to spread the cost of a
# portion, small enough that its cells stay in the processor's cache.
_PORTION = 2048

# A table of rows about images has a few dozen columns. A header of thousands is another kind of
# file, and one column's bookkeeping costs about 1 kB.
MAX_COLUMNS = 1000

# One cell as csv.reader reads it: quotes count only at its start; a quoted part ends at a lone
# quote, and what follows it up to the comma belongs to the cell all the same. Possessive, for
# what backtracking remembers of a cell of 50 MB is 6 GB.
_CELL = re.compile(r'"(?:[^"]++|"")*+(?:"[^,\r\n]*+)?|[^,\r\n]*+')
_OPEN = re.compile(r'"(?:[^"]++|"")*+')
_LINE_END = re.compile(r"\r\n|\n|\r")
# A mapped file is searched in steps of this many bytes, so that it is not copied whole.
_STEP = 1 << 22
_NEEDS_QUOTES = re.compile(r'[",\r\n]')


class _Codes(dict[str, int]):
    """Numbers the distinct texts of a column in the order in which they come."""

    __slots__ = ()

    def __missing__(self, text: str) -> int:
        code = self[text] = len(self)
        return code


class _Lines:
    """Physical lines of a stretch of a file, decoded, with the offset that was reached."""

    def __init__(self, data: Buffer, start: int, stop: int, *, lone_returns: bool) -> None:
        self.offset = start
        self._raw = _split_lines(data, start, stop, lone_returns=lone_returns)

    def __iter__(self) -> Iterator[str]:
        for raw in self._raw:
            self.offset += len(raw)
            yield raw.decode("utf-8", "surrogateescape")


def has_lone_returns(data: Buffer) -> bool:
    """Tell whether some lines end with a carriage return alone, as on an old Macintosh."""
    # A search in a slice of bytes is ten times faster than one in a mapped file.
    for start in range(0, len(data), _STEP):
        piece = data[start : start + _STEP + 1]
        if b"\r" in piece and re.search(rb"\r(?!\n|\Z)", piece):
            return True
    return bytes(data[-1:]) == b"\r"


def _split_lines(data: Buffer, start: int, stop: int, *, lone_returns: bool) -> Iterator[bytes]:
    if lone_returns:
        ends = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+").finditer(data, start, stop)
        return (match[0] for match in ends)
    # mmap.readline and BytesIO both end a line after "\n", which is all there is here.
    source = data if isinstance(data, mmap.mmap) else io.BytesIO(data)
    source.seek(start)
    return _read_lines(source.readline, stop - start)


def _read_lines(readline: Callable[[], bytes], length: int) -> Iterator[bytes]:
    while length > 0 and (line := readline()):
        length -= len(line)
        yield line


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


def parse(data: Buffer) -> CsvText:
    """Read a CSV file.

    Parameters
    ----------
    data : bytes or mmap
        UTF-8, with or without a byte order mark; other bytes are kept as surrogates.

    Returns
    -------
    CsvText
        Its header and records; records of another width than the header stand in ``odd``.

    Raises
    ------
    CollectionError
        If there is no header, if the text is UTF-16, or if the header has more than
        ``MAX_COLUMNS`` cells: then this is another kind of file.
    """
    lone = has_lone_returns(data)
    text = parse_header(data, lone_returns=lone)
    start, width = text.header_record.stop, len(text.header)
    return joined(text, [read_part(data, start, len(data), width, lone_returns=lone)])


def parse_header(data: Buffer, *, lone_returns: bool) -> CsvText:
    """Read a CSV file's first record alone; see `parse` and `has_lone_returns`."""
    if bytes(data[:2]) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        msg = "the table is UTF-16; save it as UTF-8 (in Excel: “CSV UTF-8”)"
        raise CollectionError(msg)
    csv.field_size_limit(sys.maxsize)
    bom = len(codecs.BOM_UTF8) if bytes(data[:3]) == codecs.BOM_UTF8 else 0
    lines = _Lines(data, bom, len(data), lone_returns=lone_returns)
    header = tuple(next(csv.reader(lines), ()))
    if not any(cell.strip() for cell in header):
        msg = "the table has no header: its first line must name the columns"
        raise CollectionError(msg)
    if len(header) > MAX_COLUMNS:
        msg = f"the header has {len(header):,} columns; a table of images has a few dozen"
        raise CollectionError(msg)
    return CsvText(
        data=data, header=header, header_record=Record(line=1, start=bom, stop=lines.offset)
    )


@dataclass(slots=True, kw_only=True)
class Part:
    """The records of a stretch of a file.

    Parameters
    ----------
    values, codes, lines, starts, sizes, odd
        As `CsvText` has them; lines count from 0 at the stretch's own beginning.
    passed : int
        How many physical lines the stretch has.
    whole : bool
        Whether its last record ends where it ends, not inside quotes.
    """

    values: list[list[str]]
    codes: list[array[int]]
    lines: array[int] = field(default_factory=lambda: array("I"))
    starts: array[int] = field(default_factory=lambda: array("Q"))
    sizes: array[int] = field(default_factory=lambda: array("Q"))
    odd: list[OddRecord] = field(default_factory=list)
    passed: int = 0
    whole: bool = True


def cuts(data: Buffer, count: int) -> list[int]:
    """Choose where to cut a file into stretches that can be read side by side.

    A stretch is to begin where a record does: at a line end with an even number of quotes before
    it. Quotes inside unquoted cells can mislead that count, which is why `Part.whole` tells
    whether the stretch before really ended there.

    Parameters
    ----------
    data : bytes or mmap
        The file.
    count : int
        How many stretches are wanted.

    Returns
    -------
    list of int
        Offsets at which a stretch begins, the first left out; fewer than `count` - 1 where lines
        are long.
    """
    found: list[int] = []
    passed, quotes = 0, 0
    for number in range(1, count):
        offset = len(data) * number // count
        while passed < offset:
            quotes += data[passed : min(offset, passed + _STEP)].count(b'"')
            passed = min(offset, passed + _STEP)
        while True:
            end = data.find(b"\n", passed)
            if end < 0:
                return found
            quotes += data[passed : end + 1].count(b'"')
            passed = end + 1
            if quotes % 2 == 0:
                break
        if passed < len(data):
            found.append(passed)
    return found


def read_part(
    data: Buffer, start: int, stop: int, width: int, *, lone_returns: bool = False
) -> Part:
    """Read the records of a stretch.

    Parameters
    ----------
    data : bytes or mmap
        The file.
    start, stop : int
        Byte offsets; a record begins at `start`.
    width : int
        How many cells the header has.
    lone_returns : bool
        What `has_lone_returns` says of the file.

    Returns
    -------
    Part
        Its records.
    """
    csv.field_size_limit(sys.maxsize)
    lines = _Lines(data, start, stop, lone_returns=lone_returns)
    reader = csv.reader(lines)
    part = Part(values=[], codes=[array("I") for _ in range(width)])
    numbers = [_Codes() for _ in range(width)]
    portion: list[list[str]] = []
    line = 0
    for cells in reader:
        stop = lines.offset
        if len(cells) == width:
            portion.append(cells)
            part.lines.append(line)
            part.starts.append(start)
            part.sizes.append(stop - start)
            if len(portion) == _PORTION:
                _add(part, numbers, portion)
                portion = []
        else:
            record = Record(line=line, start=start, stop=stop)
            part.odd.append(OddRecord(record=record, cells=tuple(cells)))
        last, line, start = start, reader.line_num, stop
    _add(part, numbers, portion)
    part.values = [list(known) for known in numbers]
    part.passed = reader.line_num
    part.whole = not line or _ends(bytes(data[last:start]))
    return part


def _ends(record: bytes) -> bool:
    """Tell whether a record's quotes are closed."""
    written = record.decode("utf-8", "surrogateescape")
    start, stop = cell_spans(written)[-1]
    return not _OPEN.fullmatch(written[start:stop])


def joined(text: CsvText, parts: Sequence[Part]) -> CsvText:
    """Give a file all its records.

    Parameters
    ----------
    text : CsvText
        The file's header.
    parts : sequence of Part
        The stretches below it, in order and without a gap; all but the last are whole.

    Returns
    -------
    CsvText
        The same as reading it in one stretch gives.
    """
    passed = _line_ends(text.text(text.header_record)) + 1
    full = CsvText(data=text.data, header=text.header, header_record=text.header_record)
    full.values, full.codes = parts[0].values, parts[0].codes
    if len(parts) > 1:
        full.values, full.codes = _with_one_numbering(parts)
    for part in parts:
        full.lines.extend(array("I", (line + passed for line in part.lines)))
        full.starts.extend(part.starts)
        full.sizes.extend(part.sizes)
        full.odd.extend(_moved(odd, passed) for odd in part.odd)
        passed += part.passed
    return full


def _with_one_numbering(parts: Sequence[Part]) -> tuple[list[list[str]], list[array[int]]]:
    import numpy as np

    values, codes = [], []
    for column in range(len(parts[0].values)):
        known = _Codes()
        numbered = array("I")
        for part in parts:
            moved = np.fromiter(map(known.__getitem__, part.values[column]), dtype=np.uint32)
            if len(moved):
                numbered.frombytes(moved[np.frombuffer(part.codes[column], np.uint32)].tobytes())
        values.append(list(known))
        codes.append(numbered)
    return values, codes


def _line_ends(text: str) -> int:
    return len(_LINE_END.findall(text))


def _moved(odd: OddRecord, lines: int) -> OddRecord:
    record = Record(line=odd.record.line + lines, start=odd.record.start, stop=odd.record.stop)
    return OddRecord(record=record, cells=odd.cells)


def _add(part: Part, numbers: list[_Codes], portion: list[list[str]]) -> None:
    for known, codes, column in zip(numbers, part.codes, zip(*portion, strict=True), strict=False):
        codes.extend(map(known.__getitem__, column))


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
