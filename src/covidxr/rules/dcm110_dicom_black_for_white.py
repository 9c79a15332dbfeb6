"""DCM110: a DICOM file has black for white."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("DCM110", severity=Severity.INFO, since="0.1", needs=(Need.IMAGES,))
def dicom_black_for_white(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file whose greatest values are black.

    What it checks
    --------------
    PhotometricInterpretation is not MONOCHROME1.

    Why it matters
    --------------
    Programs that do not look at it, as many loaders of training data do not, show bones black: half
    of such a collection is a negative of the other half.

    Example
    -------
    PhotometricInterpretation ``MONOCHROME1``.

    How to fix
    ----------
    Nothing is wrong with the file; covidxr turns it where it shows it. Say so to who reads the
    pixels, or publish a turned copy.

    Source
    ------
    DICOM PS3.3, C.7.6.3.1.2, Photometric Interpretation.
    """
    for path, facts in dataset.files.items():
        if facts.dicom is not None and facts.dicom.photometric == "MONOCHROME1":
            yield dataset.at_file(path, f"{path} is MONOCHROME1: its greatest values are black")
