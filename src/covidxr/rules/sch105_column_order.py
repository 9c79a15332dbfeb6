"""SCH105: the columns stand in another order than in SCHEMA.md."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from covidxr.columns import HEADER
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("SCH105", severity=Severity.INFO, since="0.1")
def column_order(dataset: Dataset) -> Iterator[Hit]:
    """Report, once, that known columns do not follow each other as in SCHEMA.md.

    What it checks
    --------------
    The known columns stand in the order of SCHEMA.md. Missing ones leave no gap, and columns that
    the schema does not know may stand anywhere.

    Why it matters
    --------------
    Programs that read by name do not care. Those that append rows by position do, and a column
    that moves changes every line of the table in a diff.

    Example
    -------
    ``url`` stands before ``doi``.

    How to fix
    ----------
    ``covidxr migrate`` puts the columns into order.

    Source
    ------
    The list of columns in SCHEMA.md.
    """
    table = dataset.table
    for before, name in pairwise(table.fields):
        if HEADER.index(before) < HEADER.index(name):
            continue
        yield dataset.at_header(
            table.fields[name],
            f"{name} stands after {before}; in SCHEMA.md it stands before it",
            name=name,
            value=table.text.header[table.fields[name]],
            suggestion="covidxr migrate puts the columns into order",
        )
        return
