"""CSV107: a cell holds a line break."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

_BREAK = re.compile(r"\r\n|\n|\r")


@rule("CSV107", severity=Severity.INFO, since="0.1")
def newline_in_cell(dataset: Dataset) -> Iterator[Hit]:
    """Report a cell whose text goes over more than one line.

    What it checks
    --------------
    No cell holds a line break between its words. One at a cell's end is CSV106.

    Why it matters
    --------------
    The format allows it between quotes, but whatever works by lines does not: ``grep``, ``sort``,
    a line of a diff, a count of rows by ``wc -l``. When the quotes are lost, the row falls apart.

    Example
    -------
    A note of two paragraphs pasted from a web page.

    How to fix
    ----------
    Write one paragraph, or leave it where the layout says something.

    Source
    ------
    RFC 4180, section 2, point 6: line breaks stand between double quotes.
    """
    table = dataset.table
    for name in table.labels:
        # A line break is not printable; nearly every other text is, and that is quick to ask.
        broken = set(filter(_BREAK.search, table.unprintable(name)))
        for cells in dataset.holding(name, broken.__contains__) if broken else ():
            yield cells.at(
                name,
                f"the text has {len(_BREAK.findall(cells.text)) + 1:,} lines",
                suggestion="write it in one line",
            )
