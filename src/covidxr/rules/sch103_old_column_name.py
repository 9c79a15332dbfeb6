"""SCH103: the header names a column as in earlier years."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("SCH103", severity=Severity.WARNING, since="0.1")
def old_column_name(dataset: Dataset) -> Iterator[Hit]:
    """Report a column that is known by another name, case or spacing than today's.

    What it checks
    --------------
    Every known column stands in the header exactly as SCHEMA.md writes it.

    Why it matters
    --------------
    covidxr reads the old names; other programs compare by equality. To them a name with a blank in
    front, or a capital too many, is a column that is not there.

    Example
    -------
    The header has ``wbc count``, ``Patientid`` or `` url``.

    How to fix
    ----------
    ``covidxr migrate`` writes today's names and touches nothing else.

    Source
    ------
    The headers that the collection's table had in 2020, and the list of columns in SCHEMA.md.
    """
    table = dataset.table
    for position, (name, cell) in enumerate(zip(table.names, table.text.header, strict=True)):
        if name is None or name == cell:
            continue
        yield dataset.at_header(
            position,
            f"the column {cell!r} is called {name!r} today",
            name=name,
            value=cell,
            suggestion="covidxr migrate",
        )
