"""CSV111: the table ends inside a quoted cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.csvtext import place
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    table = dataset.table
    start = table.open_quote
    if start is None:
        return
    record = table.last_record
    written = table.text.text(record)
    cell = written[start:]
    passed, column = place(written, start)
    lines, _ = place(written, len(written.rstrip("\r\n")))
    over = f"; {lines - passed:,} more lines are read as its text" if lines > passed else ""
    yield Hit(
        message=f"the quote that opens here is never closed{over}: {cell[:_SHOWN]!r}",
        file=table.name,
        line=record.line + passed,
        column=column,
        value=cell[:_SHOWN],
        suggestion="close it where the cell's text ends",
    )
