"""SCH104: two columns have one name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import resolve
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("SCH104", severity=Severity.ERROR, since="0.1")
def column_twice(dataset: Dataset) -> Iterator[Hit]:
    """Report a column whose name another column has as well.

    What it checks
    --------------
    No two header cells are the same, or mean the same column. Of two that mean the same, covidxr
    reads the one that is written as today, else the first.

    Why it matters
    --------------
    Which of the two a program reads is chance: pandas renames the second, ``csv.DictReader`` keeps
    the last, a database refuses the table. The cells of the other are checked by no rule.

    Example
    -------
    The header has both ``date`` and ``year``.

    How to fix
    ----------
    Join the columns into one and delete the other, after a look at the rows in which they differ.

    Source
    ------
    Frictionless Table Schema: field names should be unique.
    """
    table = dataset.table
    seen: dict[str, int] = dict(table.fields)
    for position, (name, cell) in enumerate(zip(table.names, table.text.header, strict=True)):
        if name is not None or not cell.strip():
            continue
        meant = resolve((cell,))[0] or cell
        first = seen.setdefault(meant, position)
        if first == position:
            continue
        yield dataset.at_header(
            position,
            f"{cell!r} in column {position + 1} is a second {meant!r}; "
            f"only {table.text.header[first]!r} in column {first + 1} is read",
            name=cell,
            value=cell,
            suggestion="join the two columns into one",
        )
