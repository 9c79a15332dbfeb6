"""CSV111: the table ends inside a quoted cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.csvtext import cell_spans, place
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.csvtext import CsvText, Record
    from covidxr.dataset import Dataset

_SHOWN = 40


@rule("CSV111", severity=Severity.ERROR, since="0.1")
def unclosed_quote(dataset: Dataset) -> Iterator[Hit]:
    """Report a table that ends before a quote is closed.

    What it checks
    --------------
    The file's last cell, if it begins with a double quote, also ends with one.

    Why it matters
    --------------
    Everything from the quote on, however many rows that are, is read as one cell. Those rows are
    not counted, not checked and not exported, and most readers say nothing.

    Example
    -------
    A note that begins with ``"Fever`` and has no second quote, in the middle of the table.

    How to fix
    ----------
    Close the quote where the cell's text ends. A quote that belongs to the text is written twice,
    and the cell then stands between quotes.

    Source
    ------
    RFC 4180, section 2, points 5 to 7.
    """
    text = dataset.table.text
    record = _last(text)
    written = text.text(record)
    if '"' not in written:
        return
    start, stop = cell_spans(written)[-1]
    cell = written[start:stop]
    # Two quotes are one quote of the text; a single one closes the cell.
    if not cell.startswith('"') or '"' in cell[1:].replace('""', ""):
        return
    passed, column = place(written, start)
    lines, _ = place(written, len(written.rstrip("\r\n")))
    over = f"; {lines - passed:,} more lines are read as its text" if lines > passed else ""
    yield Hit(
        message=f"the quote that opens here is never closed{over}: {cell[:_SHOWN]!r}",
        file=dataset.table.name,
        line=record.line + passed,
        column=column,
        value=cell[:_SHOWN],
        suggestion="close it where the cell's text ends",
    )


def _last(text: CsvText) -> Record:
    """Find the record at the end of the file."""
    ends = [text.record(len(text) - 1)]
    if text.odd:
        ends.append(text.odd[-1].record)
    return max(ends, key=lambda record: record.start)
