"""IMG102: a file in images/ belongs to no row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells


# A volume's place is volumes/; IMG111 says so.
_VOLUMES = frozenset({"NIFTI", "NIFTI.GZ"})


@rule("IMG102", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def file_unreferenced(dataset: Dataset) -> Iterator[Hit]:
    """Report a file in ``images/`` that no row names.

    What it checks
    --------------
    Each file in ``images/`` is named by a row. A name that a row writes with other capitals
    counts, and so does one that stands in a record whose cells are out of order. Files in folders
    below ``images/`` are reported once per folder, since rows name files without a folder.

    Why it matters
    --------------
    An image without a row has no licence, no source and no finding. It may be a second copy, or
    the row was lost when two branches were merged; then the image is worth tracing and not
    deleting.

    Example
    -------
    ``images/case-7-lateral.png`` is there; the table has rows for ``case-7-pa.png`` only.

    How to fix
    ----------
    Search the table's history for the name (``git log -S case-7-lateral.png -- metadata.csv``).
    Add the row, with ``todo`` as finding where it is not known yet, or remove a copy.

    Source
    ------
    SCHEMA.md: every file has its row.
    """
    rows = {
        fold_name(name): cells
        for cells in dataset.cells("folder", "filename")
        if cells.text != "volumes"
        for name in {cells.texts[1], re.split(r"[/\\]", cells.texts[1])[-1]}
    }
    odd = {cell.strip() for record in dataset.table.text.odd for cell in record.cells}
    by_stem = {name.rpartition(".")[0]: name for name in rows}
    below: dict[str, list[str]] = {}
    for path, facts in dataset.files.items():
        folder, _, name = path.rpartition("/")
        if not folder.startswith("images") or facts.format in _VOLUMES:
            continue
        inside = path.removeprefix("images/")
        if fold_name(inside) in rows or inside in odd or name in odd:
            continue
        if folder != "images":
            below.setdefault(folder, []).append(path)
            continue
        other = by_stem.get(fold_name(name).rpartition(".")[0])
        hint = other and _like(dataset, rows[other])
        yield Hit(message=f"no row names {name}", file=path, suggestion=hint or _TRACE)
    for folder, paths in below.items():
        yield Hit(
            message=f"{folder}/ holds {_count(len(paths))}; rows name files in images/ itself",
            file=paths[0],
            suggestion="move them to images/ and give each a row, or keep them elsewhere",
        )


_TRACE = "trace it in the table's history before it is removed"


def _like(dataset: Dataset, cells: Cells) -> str:
    name = cells.texts[1]
    row = dataset.row(cells.rows[0])
    if f"images/{name}" in dataset.files:
        return f"line {row.line} names {name}, which is there too: are they the same image?"
    return f"line {row.line} names {name}, which is not there: is it this file?"


def _count(files: int) -> str:
    return "a file that no row names" if files == 1 else f"{files:,} files that no row names"
