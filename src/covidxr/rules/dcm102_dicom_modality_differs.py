"""DCM102: a DICOM file is of another modality than its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dicomrows import meant, tagged
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# Modalities of DICOM, as the table has them; empty for those that it does not hold.
_MODALITIES = {
    **dict.fromkeys(("CR", "DX", "RG", "RF"), "X-ray"),
    "CT": "CT",
    **dict.fromkeys(("MR", "US", "PT", "NM", "MG"), ""),
}


@rule("DCM102", severity=Severity.ERROR, since="0.1", needs=(Need.IMAGES,))
def dicom_modality_differs(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose modality is not that of its DICOM file.

    What it checks
    --------------
    A file of Modality CR, DX, RG or RF stands in a row of X-ray, one of CT in a row of CT. One of
    MR, US, PT, NM or MG fits neither. Secondary captures and other words say nothing.

    Why it matters
    --------------
    Loaders choose by modality. Machines write this element themselves, so it is hardly ever wrong.

    Example
    -------
    modality ``X-ray``, while the file has Modality ``CT``.

    How to fix
    ----------
    Correct the row, or find the file that belongs to it.

    Source
    ------
    DICOM PS3.3, C.7.3.1.1.1, Modality; SCHEMA.md, modality.
    """
    for row, tags in tagged(dataset, "modality"):
        said = tags.get("Modality", "").upper()
        listed, modality = _MODALITIES.get(said), meant(row, "modality")
        if listed is not None and modality in {"X-ray", "CT"} and modality != listed:
            yield row.at(
                "modality",
                f"the modality is {row['modality']}, but the file's is {said}",
                suggestion="another file, or a slip in the row?",
            )
