"""SCH106: the table lacks a column that most users look for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Level
from covidxr.columns import COLUMNS
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH106", severity=Severity.INFO, since="0.1")
def recommended_column_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report a recommended column that the header does not name.

    What it checks
    --------------
    The header names offset, sex, age, date, location, doi and url. Columns that SCHEMA.md calls
    optional are not missed.

    Why it matters
    --------------
    Programs that read the table ask for these columns by name and stop where they are not there.
    A column of blanks says “not known”; a missing one says nothing.

    Example
    -------
    A table of early March 2020 has no doi.

    How to fix
    ----------
    ``covidxr migrate`` adds the columns; what is not known stays blank.

    Source
    ------
    The columns' levels in SCHEMA.md.
    """
    for column in COLUMNS:
        if column.level is not Level.RECOMMENDED or dataset.has(column.name):
            continue
        yield Hit(
            message=f"the column {column.name} is missing: {column.meaning}",
            file=dataset.table.name,
            line=1,
            field=column.name,
            suggestion="covidxr migrate adds it",
        )
