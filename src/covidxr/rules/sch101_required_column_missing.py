"""SCH101: the table lacks a column that every table needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Level
from covidxr.columns import COLUMNS
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH101", severity=Severity.ERROR, since="0.1")
def required_column_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report a required column that the header does not name.

    What it checks
    --------------
    The header names patientid, finding, view, modality, folder, filename and license, in today's
    spelling or in one of earlier years.

    Why it matters
    --------------
    Without patientid, finding or filename no rule about rows makes sense, and none is run. Without
    the others no one can tell which images belong together, or whether they may be used.

    Example
    -------
    A table of March 2020 has no folder and no modality.

    How to fix
    ----------
    ``covidxr migrate`` adds the column; its cells are filled from the sources.

    Source
    ------
    The columns' levels in SCHEMA.md.
    """
    for column in COLUMNS:
        if column.level is not Level.REQUIRED or dataset.has(column.name):
            continue
        yield Hit(
            message=f"the column {column.name} is missing: {column.meaning}",
            file=dataset.table.name,
            line=1,
            field=column.name,
            suggestion="name it in the header; in a table of earlier years: covidxr migrate",
        )
