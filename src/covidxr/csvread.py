"""Reading a CSV file, in one stretch or in several side by side.

This module turns bytes into a :class:`covidxr.csvtext.CsvText`. It opens no file; who reads which
stretch is decided elsewhere.
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

from covidxr.csvtext import CsvText, OddRecord, Record, cell_spans, closed
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from covidxr.csvtext import Buffer

# Rows are turned into columns in portions of this many: large enough to spread the cost of a
# portion, small enough that its cells stay in the processor's cache.
_PORTION = 2048

# A table of rows about images has a few dozen columns. A header of thousands is another kind of
# file, and one column's bookkeeping costs about 1 kB.
MAX_COLUMNS = 1000

# Sixteen bits a character, every other byte of a header is NUL.
_UTF_16 = re.compile(rb"(?:[^\0]\0){16}|(?:\0[^\0]){16}")
_SAMPLE = 64
# What stands between columns in files that are called CSV, too.
_SEPARATORS = re.compile(r";|\t|\|")

_LINE_END = re.compile(r"\r\n|\n|\r")
# A mapped file is searched in steps of this many bytes, so that it is not copied whole.
_STEP = 1 << 22


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
    if _UTF_16.match(data[:_SAMPLE]):
        msg = "the table is UTF-16 without a byte order mark; save it as UTF-8"
        raise CollectionError(msg)
    csv.field_size_limit(sys.maxsize)
    bom = len(codecs.BOM_UTF8) if bytes(data[:3]) == codecs.BOM_UTF8 else 0
    lines = _Lines(data, bom, len(data), lone_returns=lone_returns)
    header = tuple(next(csv.reader(lines), ()))
    if not any(cell.strip() for cell in header):
        msg = "the table has no header: its first line must name the columns"
        raise CollectionError(msg)
    if len(header) == 1 and (other := _SEPARATORS.search(header[0])):
        msg = f"the columns are separated by {other[0]!r}; save the table with commas"
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
    return closed(written[start:stop]) == written[start:stop]


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
