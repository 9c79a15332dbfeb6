"""VOL102: a file in volumes/ belongs to no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("VOL102", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES,))
def volume_unreferenced(dataset: Dataset) -> Iterator[Hit]:
    """Report a file in ``volumes/`` that no row names.

    What it checks
    --------------
    Each file in ``volumes/`` is named by a row, whatever the capitals. Files in folders below
    ``volumes/``, such as the slices of a DICOM series, are reported once per folder.

    Why it matters
    --------------
    A volume without a row has no licence, no source and no finding.

    Example
    -------
    ``volumes/case-3.nii.gz`` is there; no row has folder volumes and that name.

    How to fix
    ----------
    Add the row, with folder ``volumes``, or correct the folder of the row that names the file. A
    series of single slices is kept as one NIfTI file, or its slices as images.

    Source
    ------
    SCHEMA.md: every file has its row.
    """
    rows = {
        fold_name(cells.texts[1])
        for cells in dataset.cells("folder", "filename")
        if cells.text not in {"", "images"}
    }
    odd = {cell.strip() for record in dataset.table.text.odd for cell in record.cells}
    below: dict[str, list[str]] = {}
    for path in dataset.files:
        folder, _, name = path.rpartition("/")
        inside = path.removeprefix("volumes/")
        if inside == path or fold_name(inside) in rows or name in odd:
            continue
        if folder != "volumes":
            below.setdefault(folder, []).append(path)
            continue
        yield Hit(message=f"no row with folder volumes names {name}", file=path)
    for folder, paths in below.items():
        files = "a file" if len(paths) == 1 else f"{len(paths):,} files"
        yield Hit(
            message=f"{folder}/ holds {files} that no row names; rows name files in volumes/ only",
            file=paths[0],
        )
