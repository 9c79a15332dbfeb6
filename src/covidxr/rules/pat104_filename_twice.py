"""PAT104: several rows name the same file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("PAT104", severity=Severity.ERROR, since="0.1")
def filename_twice(dataset: Dataset) -> Iterator[Hit]:
    """Report a file that several rows name.

    What it checks
    --------------
    No two rows have the same folder and filename. The second row and those after it are reported,
    with the line and the patient of the first.

    Why it matters
    --------------
    The file name is what annotations, splits and other tables refer to. An image that is listed
    twice counts twice, and when the rows name two patients it is wrong for one of them.

    Example
    -------
    ``images/000001-1.jpg`` is in line 12 for patient 7 and in line 80 for patient 31.

    How to fix
    ----------
    If it is one image, delete a row. If two different images have the same name, rename one of
    the files and its cell.

    Source
    ------
    SCHEMA.md: the file name is unique. Five names stood twice in the table of 2020-06-22.
    """
    if not dataset.has("filename"):
        return
    for cells in dataset.repeated("folder", "filename"):
        filename = cells.texts[1]
        if not filename:
            continue
        first, *others = cells.rows
        row = dataset.row(first)
        patient = f", patient {row['patientid']}" if row["patientid"] else ""
        yield Hit(
            message=f"{row.path} is also in line {row.line}{patient}",
            rows=others,
            field="filename",
            value=filename,
            suggestion="delete one row, or rename one file if they are two images",
        )
