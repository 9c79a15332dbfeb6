"""CSV110: a cell holds more text than a spreadsheet can store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

# "Total number of characters that a cell can contain", Excel specifications and limits.
_MOST = 32_767
_SHOWN = 40


@rule("CSV110", severity=Severity.WARNING, since="0.1")
def huge_cell(dataset: Dataset) -> Iterator[Hit]:
    """Report a cell with more than 32,767 characters.

    What it checks
    --------------
    The length of every cell's text.

    Why it matters
    --------------
    A spreadsheet cuts the text off, or spreads the rest over the lines below, and saves that. Most
    often such a cell is no text at all but many rows, swallowed by a quote that nobody closed.

    Example
    -------
    A note of 40,000 characters that holds the 60 records after it.

    How to fix
    ----------
    Look for the quote that opens the cell and close it where its text ends. Keep long reports in
    a file of their own and name it in other_notes.

    Source
    ------
    Microsoft, “Excel specifications and limits”: 32,767 characters in a cell.
    """
    for name in dataset.table.labels:
        if max(map(len, dataset.table.texts(name).known), default=0) <= _MOST:
            continue
        for cells in dataset.holding(name, lambda text: len(text) > _MOST):
            yield cells.at(
                name,
                f"the cell holds {len(cells.text):,} characters; a spreadsheet stores {_MOST:,}. "
                f"It begins {cells.text[:_SHOWN]!r}",
                suggestion="see whether a quote was opened there and never closed",
            )
