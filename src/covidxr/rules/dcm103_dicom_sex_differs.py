"""DCM103: a DICOM file says another sex than its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dicomrows import meant, tagged
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("DCM103", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_sex_differs(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose sex is not that of its DICOM file.

    What it checks
    --------------
    PatientSex M or F is the row's sex. O, and an empty element, say nothing.

    Why it matters
    --------------
    Either the row or the file belongs to somebody else.

    Example
    -------
    sex ``M``, while the file has PatientSex ``F``.

    How to fix
    ----------
    Look at the source. De-identification may have put a fixed value into the file; keep the row in
    the baseline then.

    Source
    ------
    DICOM PS3.3, C.7.1.1, Patient's Sex.
    """
    for row, tags in tagged(dataset, "sex"):
        said, sex = tags.get("PatientSex", "").upper(), meant(row, "sex")
        if {said, sex} == {"M", "F"}:
            yield row.at(
                "sex",
                f"the sex is {row['sex']}, but the file says {said}",
                suggestion="does the file belong to this patient?",
            )
