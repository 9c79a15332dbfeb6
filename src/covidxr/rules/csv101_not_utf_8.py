"""CSV101: a cell holds bytes that are not UTF-8."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.csvtext import cell_spans, place
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.csvtext import CsvText, Record
    from covidxr.dataset import Dataset

# What "surrogateescape" makes of the bytes 0x80 to 0xFF where they are not UTF-8 (PEP 383).
_BYTE = re.compile("[\udc80-\udcff]")
# Characters before a bad byte outside the rows that tell it from others.
_BEFORE = 60
_SUGGESTION = "covidxr migrate --encoding NAME, with the encoding in which the table was saved"


@rule("CSV101", severity=Severity.ERROR, since="0.1")
def not_utf_8(dataset: Dataset) -> Iterator[Hit]:
    """Report a cell that holds bytes which are not UTF-8.

    What it checks
    --------------
    Every byte of the table, the header included, is part of a UTF-8 character. No encoding is
    guessed: which letter a byte stands for depends on the program that saved the table.

    Why it matters
    --------------
    pandas and most other readers refuse the whole file over one such byte. Readers that go on put
    a wrong letter, or none, into a hospital's or an author's name.

    Example
    -------
    A cell of other_notes saved in Latin-1 holds the byte 0xE9 in a name.

    How to fix
    ----------
    Find out how the table was saved and run ``covidxr migrate --encoding NAME``, or type the
    letter anew in an editor that saves UTF-8.

    Source
    ------
    RFC 3629 (UTF-8); RFC 4180 leaves the encoding open, this collection does not.
    """
    table = dataset.table
    yield from _outside_rows(dataset)
    for name in table.labels:
        # A surrogate is not printable; nearly every other text is, and that is quick to ask.
        bad = set(filter(_BYTE.search, table.unprintable(name)))
        position = table.position(name) or 0
        for cells in dataset.holding(name, bad.__contains__) if bad else ():
            message = _message(table.text, cells.rows, position)
            yield cells.at(name, message, suggestion=_SUGGESTION)


def _outside_rows(dataset: Dataset) -> Iterator[Hit]:
    """Look into the header and into records of another width."""
    text = dataset.table.text
    records = [(text.header_record, text.header), *((odd.record, odd.cells) for odd in text.odd)]
    for record, cells in records:
        if "".join(cells).isascii():
            continue
        for position, cell in enumerate(cells):
            if _BYTE.search(cell):
                yield _in_record(dataset, record, position)


def _message(text: CsvText, rows: Sequence[int], position: int) -> str:
    message, _ = _look(text, text.record(rows[0]), position)
    return message if len(rows) == 1 else message.replace("(byte", "(first at byte", 1)


def _in_record(dataset: Dataset, record: Record, position: int) -> Hit:
    """Make a hit for a cell that belongs to no row."""
    text = dataset.table.text
    message, offset = _look(text, record, position)
    written = text.text(record)
    lines, column = place(written, offset)
    return Hit(
        message=message,
        file=dataset.table.name,
        line=record.line + lines,
        column=column,
        value=written[max(offset - _BEFORE, 0) : offset + 1],
        suggestion=_SUGGESTION,
    )


def _look(text: CsvText, record: Record, position: int) -> tuple[str, int]:
    """Describe the first bad byte of a cell, with its place in the record in characters."""
    written = text.text(record)
    start, stop = cell_spans(written)[position]
    bad = list(_BYTE.finditer(written, start, stop))
    first = bad[0].start()
    offset = record.start + len(written[:first].encode("utf-8", "surrogateescape"))
    more = f", and {len(bad) - 1:,} more in this cell" if len(bad) > 1 else ""
    byte = ord(written[first]) - 0xDC00
    return f"0x{byte:02X} is not UTF-8 (byte {offset:,} of the file, from 0){more}", first
