"""SCH208: an image has no view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import nearly_all
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


_LOOK = "look at the image and its caption"


@rule("SCH208", severity=Severity.WARNING, since="0.1")
def view_blank(dataset: Dataset) -> Iterator[Hit]:
    """Report a single image whose view is blank.

    What it checks
    --------------
    view holds text in every row whose folder is not ``volumes``: a volume has no single view.
    Where nearly all of more than 20 such rows have none, that is said once.

    Why it matters
    --------------
    Loaders choose rows by view. A row without one is in no selection, so its image is never used
    and never missed.

    Example
    -------
    The row of ``image-7.png`` in ``images`` has no view.

    How to fix
    ----------
    Look at the image and its caption: PA, AP, AP Supine or L for a radiograph, Axial, Coronal or
    Sagittal for a slice.

    Source
    ------
    The views in SCHEMA.md; DICOM PS3.3, C.8.1.1, View Position, for radiographs.
    """
    if not dataset.has("view"):
        return
    images = [cells for cells in dataset.cells("view", "folder") if _is_image(cells.texts[1])]
    blank = [cells for cells in images if not cells.text]
    without, among = (sum(len(cells.rows) for cells in some) for some in (blank, images))
    if nearly_all(without, among):
        yield dataset.at_header(
            dataset.table.fields["view"],
            f"{without:,} of {among:,} images have no view: no selection by it holds them",
            name="view",
            suggestion=_LOOK,
        )
        return
    for cells in blank:
        yield cells.at(
            "view",
            "the image has no view: no selection by view will ever hold it",
            suggestion=_LOOK,
        )


def _is_image(folder: str) -> bool:
    return folder.casefold().rstrip("/") not in {"volumes", "volume"}
