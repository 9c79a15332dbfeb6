"""Books kept in CSV beside the table: read with their columns, added to, and lines taken out.

This module owns how a damaged book is told and refused, whichever it is. Bytes of lines that stay
are never written anew; it touches no disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import csvread, csvtext
from covidxr.errors import CollectionError
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def read(
    data: bytes | None,
    header: Sequence[str],
    where: str,
    otherwise: str = "move the file away to begin a new one",
) -> Table:
    """Read a book.

    Parameters
    ----------
    data : bytes or None
        The file as it is; None, or nothing in it, where there is none yet.
    header : sequence of str
        The columns that it must have; it may have more.
    where : str
        Its path, for messages.
    otherwise : str
        What to do where columns are missing and nobody wants to add them.

    Returns
    -------
    Table
        One without rows where there is no file yet.

    Raises
    ------
    CollectionError
        If it is no table, or lacks a column.
    """
    try:
        table = Table(csvread.parse(data or (",".join(header) + "\n").encode()), name=where)
    except CollectionError as error:
        raise CollectionError(f"{where}: {error}") from None
    missing = [name for name in header if name not in table.text.header]
    if missing:
        raise CollectionError(
            f"{where} has no column {', '.join(missing)}; add it to the header (with an empty cell "
            f"in each row), or {otherwise}"
        )
    return table


def with_lines(table: Table, lines: Iterable[Mapping[str, str]]) -> bytes:
    """Give the file with lines more.

    Parameters
    ----------
    table : Table
        The book.
    lines : iterable of mapping of str to str
        Cells by column. A column of the file that is not among them stays empty.

    Raises
    ------
    CollectionError
        If the file ends within a cell.
    """
    _refuse_open(table)
    header = table.text.header
    return csvtext.appended_all(
        table.text,
        [[line.get(name, "") for name in header] for line in lines],
    )


def without(table: Table, rows: Iterable[int]) -> bytes:
    """Give the file without some lines, by position from 0.

    Raises
    ------
    CollectionError
        If the file ends within a cell.
    """
    _refuse_open(table)
    return csvtext.without(table.text, rows)


def _refuse_open(table: Table) -> None:
    if table.open_quote is not None:
        raise CollectionError(
            f"{table.name} ends within a cell whose quotes are never closed: close them first "
            f"(line {table.last_record.line})"
        )
