"""CSV104: a line without any text stands between the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.csvtext import Record
    from covidxr.dataset import Dataset

# Bytes of the record before that are told.
_BEFORE = 60


@rule("CSV104", severity=Severity.INFO, since="0.1")
def blank_line(dataset: Dataset) -> Iterator[Hit]:
    """Report lines without any text, once for all that follow each other.

    What it checks
    --------------
    No line of the table is empty or holds nothing but blanks and too few or too many commas. Empty
    lines inside a quoted cell belong to the cell.

    Why it matters
    --------------
    pandas passes over empty lines, Python's ``csv`` gives an empty record, other readers a row of
    blanks: the number of rows then depends on the program.

    Example
    -------
    Thirty empty lines at the end of a table that a script has joined from two.

    How to fix
    ----------
    Delete the lines.

    Source
    ------
    RFC 4180, section 2: a file is records, each with the same number of fields.
    """
    run: list[Record] = []
    for odd in dataset.table.text.odd:
        if any(cell.strip() for cell in odd.cells):
            continue
        if run and odd.record.start != run[-1].stop:
            yield _hit(dataset, run)
            run = []
        run.append(odd.record)
    if run:
        yield _hit(dataset, run)


def _hit(dataset: Dataset, run: list[Record]) -> Hit:
    first, last = run[0].line, run[-1].line
    one = len(run) == 1
    before = bytes(dataset.table.text.data[max(run[0].start - _BEFORE, 0) : run[0].start])
    return Hit(
        message="the line holds no text"
        if one
        else f"{len(run):,} lines hold no text: {first} to {last}",
        file=dataset.table.name,
        line=first,
        column=1,
        # The lines say nothing that would tell them from others; the end of what they follow does.
        value=before.decode("utf-8", "ignore").strip().rpartition("\n")[2],
        suggestion="delete it" if one else "delete them",
    )
