"""VOL108: a CT volume whose values are no Hounsfield units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import columns, volumechecks
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "convert the DICOM series again, with its rescale slope and intercept"


@rule("VOL108", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES, Need.PIXELS))
def not_hounsfield(dataset: Dataset) -> Iterator[Hit]:
    """Report a CT volume whose values cannot be Hounsfield units.

    What it checks
    --------------
    Volumes of rows with modality CT have values of air and of lung, about -1000 to -700, and
    values of soft tissue, about 0: half a percent of the voxels or more of either.

    Why it matters
    --------------
    Hounsfield units are what makes CT comparable between scanners. Windows, thresholds for
    ground glass and masks of the lung expect them; after a window of somebody's choice they are
    lost.

    Example
    -------
    Values of 0 to 255, from slices that were saved as pictures first.

    How to fix
    ----------
    Convert the DICOM series again, with ``covidxr volume SERIES --output FILE.nii.gz``. Where
    there is no DICOM, say what the values are in the row's notes and leave this rule out with a
    reason.

    Source
    ------
    DICOM PS3.3, C.11.1.1.2 (Hounsfield units); the share is a choice, see ``imaging.voxels``.
    """
    spellings = columns.BY_NAME["modality"].spellings
    scans = {
        f"{cells.texts[1]}/{cells.texts[2]}"
        for cells in dataset.cells("modality", "folder", "filename")
        if spellings.get(cells.text.casefold(), cells.text) == "CT"
    }
    for path, facts in dataset.files.items():
        if facts.volume is not None and path in scans:
            words = volumechecks.not_hounsfield(facts.volume)
            if words:
                message = f"{path.rpartition('/')[2]}: {words}"
                yield dataset.at_file(path, message, suggestion=_DO)
