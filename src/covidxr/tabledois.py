"""The DOIs that a table names: which, on which rows, and whose files are not here.

This module reads tables that are in memory; it knows nothing of what stands at a DOI.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.identifiers import doi_key, read_doi
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Collection

    from covidxr.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedDoi:
    """One DOI of a table.

    Parameters
    ----------
    doi : str
        Bare; empty where the cell holds none.
    text : str
        The cell as it stands, the first of them.
    lines : tuple of int
        Lines of the file that name it.
    note : str
        How it is written, where that is not bare; else empty.
    """

    doi: str
    text: str
    lines: tuple[int, ...]
    note: str = ""


def included(table: Table) -> tuple[IncludedDoi, ...]:
    """Give every DOI of a table, in its order, each once; blank cells are left out."""
    lines: dict[str, list[int]] = {}
    first: dict[str, str] = {}
    for index in range(len(table)):
        text = table.cell(index, "doi")
        if not text.strip():
            continue
        doi = read_doi(text).doi
        key = doi_key(doi) if doi else f"no DOI: {text}"
        first.setdefault(key, text)
        lines.setdefault(key, []).append(Row(table, index).line)
    return tuple(_included(text, tuple(lines[key])) for key, text in first.items())


def _included(text: str, lines: tuple[int, ...]) -> IncludedDoi:
    reading = read_doi(text)
    note = f"written as {text!r}" if reading.doi and not reading.is_canonical else ""
    return IncludedDoi(doi=reading.doi or "", text=text, lines=lines, note=note)


def keys(table: Table) -> frozenset[str]:
    """Give the key of every DOI of a table, as :func:`covidxr.identifiers.doi_key` makes it."""
    found = (read_doi(text).doi for text in table.values("doi"))
    return frozenset(doi_key(doi) for doi in found if doi)


def without_files(table: Table, files: Collection[str]) -> tuple[str, ...]:
    """Give the DOIs of rows whose file is not there, in the table's order, each once.

    Parameters
    ----------
    table : Table
        The collection's.
    files : collection of str
        Paths that are there, relative to the root.
    """
    found: dict[str, str] = {}
    for index in range(len(table)):
        row = Row(table, index)
        doi = read_doi(row["doi"]).doi
        if doi and row["filename"] and row.path not in files:
            found.setdefault(doi_key(doi), doi)
    return tuple(found.values())
