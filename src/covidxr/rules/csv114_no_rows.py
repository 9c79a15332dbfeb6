"""CSV114: the table is a header and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("CSV114", severity=Severity.INFO, since="0.1")
def no_rows(dataset: Dataset) -> Iterator[Hit]:
    """Report a table that has a header and no rows.

    What it checks
    --------------
    At least one record with text stands below the header.

    Why it matters
    --------------
    Such a table passes every other rule. In a new collection that is as it should be; after an
    export or a merge it means that everything is lost.

    Example
    -------
    A script that filters the table keeps no row and writes the header.

    How to fix
    ----------
    Nothing in a new collection; otherwise look at what wrote the table.

    Source
    ------
    This project: “no problems found” must not be said of nothing.
    """
    table = dataset.table
    if len(table) or any(cell.strip() for odd in table.text.odd for cell in odd.cells):
        return
    yield Hit(
        message="the table has a header and no rows",
        file=table.name,
        line=1,
        suggestion="if rows should be there, look at what wrote the table",
    )
