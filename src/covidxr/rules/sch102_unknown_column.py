"""SCH102: the header names a column that the schema does not know."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from covidxr.columns import HEADER, fold_header, resolve
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# Two letters wrong in a word of eight still make a match, another word does not.
_ALIKE = 0.75


@rule("SCH102", severity=Severity.WARNING, since="0.1")
def unknown_column(dataset: Dataset) -> Iterator[Hit]:
    """Report a named column that is none of the schema's.

    What it checks
    --------------
    Every header cell with text is the name of a column, in today's spelling or in one of earlier
    years. A header cell without text is CSV105 or CSV115.

    Why it matters
    --------------
    A misspelt name makes two problems of one: the column is missing, and its cells are checked by
    no rule and counted by no table.

    Example
    -------
    The header has ``locaton``.

    How to fix
    ----------
    Write the name as SCHEMA.md has it. A column of your own may stay: ignore this rule with a
    reason.

    Source
    ------
    The list of columns in SCHEMA.md.
    """
    table = dataset.table
    missing = {fold_header(name): name for name in HEADER if not dataset.has(name)}
    for position, cell in enumerate(table.text.header):
        if not cell.strip() or resolve((cell,)) != (None,):
            continue
        near = get_close_matches(fold_header(cell), missing, n=1, cutoff=_ALIKE)
        yield dataset.at_header(
            position,
            f"{cell!r} is not a column of SCHEMA.md",
            name=cell,
            value=cell,
            suggestion=f"did you mean {missing[near[0]]}?" if near else None,
        )
