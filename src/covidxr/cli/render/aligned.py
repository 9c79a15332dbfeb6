"""Rows as aligned columns of plain text: as wide as they are, easy to search, nothing cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import escaped

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def aligned(head: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[str] = ()) -> str:
    """Lay rows out below their heads.

    Parameters
    ----------
    head : sequence of str
        Names of the columns.
    rows : sequence of sequence of str
        Cells; what is not safe to print is escaped.
    right : collection of str
        Columns of numbers, which stand at the right of their column.

    Returns
    -------
    str
        One line a row; the last column is as long as it is.
    """
    table = [tuple(head), *(tuple(map(escaped, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = [
            cell.rjust(width) if name in right else cell.ljust(width)
            for name, cell, width in zip(head, row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines) + "\n"
