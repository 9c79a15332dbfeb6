"""DCM109: a DICOM radiograph does not say whose its spacing is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("DCM109", severity=Severity.INFO, since="0.1", needs=(Need.IMAGES,))
def dicom_spacing_unexplained(dataset: Dataset) -> Iterator[Hit]:
    """Report a radiograph whose PixelSpacing may be the detector's or the patient's.

    What it checks
    --------------
    PixelSpacing of a radiograph comes with a PixelSpacingCalibrationType, or with an
    ImagerPixelSpacing that it can be compared with: where both are equal it is the detector's,
    where they differ it was corrected. CT needs neither.

    Why it matters
    --------------
    A distance on the detector is longer than in the patient. Programs take PixelSpacing for the
    patient's.

    Example
    -------
    PixelSpacing of 0.14 mm alone, of Modality DX.

    How to fix
    ----------
    Nothing in the file tells; ask the source, or do not measure in this image.

    Source
    ------
    DICOM PS3.3, 10.7.1.1 and 10.7.1.3.
    """
    for path, facts in dataset.files.items():
        header = facts.dicom
        if header is not None and header.spacing is not None and header.calibrated is None:
            yield dataset.at_file(
                path,
                f"{path} has a {header.spacing_from} without saying whether it is the detector's "
                "or the patient's",
            )
