"""CLN101: the view belongs to another modality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import columns
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN101", severity=Severity.ERROR, since="0.1")
def view_not_of_modality(dataset: Dataset) -> Iterator[Hit]:
    """Report a view that images of the row's modality do not have.

    What it checks
    --------------
    PA, AP, AP Supine and L stand beside X-ray; Axial, Coronal and Sagittal beside CT. Other
    spellings count as the value that they mean; a cell that means none is SCH202.

    Why it matters
    --------------
    Loaders choose by either column. A CT slice that is listed as X-ray ends up among the
    radiographs.

    Example
    -------
    view ``Axial`` beside modality ``X-ray``.

    How to fix
    ----------
    Look at the image and correct the wrong one of the two cells.

    Source
    ------
    SCHEMA.md, view and modality.
    """
    if not dataset.has("view", "modality"):
        return
    for cells in dataset.cells("view", "modality"):
        view, modality = (
            columns.BY_NAME[name].spellings.get(text.casefold(), text)
            for name, text in zip(("view", "modality"), cells.texts, strict=True)
        )
        right = columns.VIEW_MODALITY.get(view)
        known = modality in columns.BY_NAME["modality"].allowed
        if right is not None and known and modality != right:
            yield cells.at(
                "view",
                f"{cells.text} is a view of {right}, but the modality is {modality}",
                suggestion="look at the image: one of the two cells is wrong",
            )
