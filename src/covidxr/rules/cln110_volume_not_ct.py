"""CLN110: a volume that is not a CT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import columns
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN110", severity=Severity.ERROR, since="0.1")
def volume_not_ct(dataset: Dataset) -> Iterator[Hit]:
    """Report a row of the folder volumes whose modality is X-ray.

    What it checks
    --------------
    Rows whose folder is volumes have the modality CT.

    Why it matters
    --------------
    A radiograph is a projection and has no slices; a loader that chooses by modality opens the
    volume as a picture and fails.

    Example
    -------
    folder ``volumes`` beside modality ``X-ray``.

    How to fix
    ----------
    Correct the modality, or the folder.

    Source
    ------
    SCHEMA.md, folder and modality.
    """
    if not dataset.has("folder", "modality"):
        return
    for cells in dataset.cells("modality", "folder"):
        modality = columns.BY_NAME["modality"].spellings.get(cells.text.casefold(), cells.text)
        if cells.texts[1] == "volumes" and modality == "X-ray":
            yield cells.at(
                "modality",
                "a volume is a CT, but the modality is X-ray",
                suggestion="write CT, or images as the folder",
            )
