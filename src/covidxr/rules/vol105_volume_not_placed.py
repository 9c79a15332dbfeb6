"""VOL105: a volume that does not say how it lies in the patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import volumechecks
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "convert it again from DICOM, which says how its slices lie"


@rule("VOL105", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES,))
def volume_not_placed(dataset: Dataset) -> Iterator[Hit]:
    """Report a volume whose header does not say how it lies in the patient.

    What it checks
    --------------
    Each NIfTI file in ``volumes/`` has an sform or a qform: a code above 0 and numbers that go
    with it.

    Why it matters
    --------------
    Nobody can tell left from right, nor the head from the feet. Programs then assume something,
    and not all the same; a volume that is mirrored without a word teaches that hearts are on
    the right.

    Example
    -------
    A volume that a script wrote from bare arrays, with sform_code and qform_code 0.

    How to fix
    ----------
    Convert it again from DICOM with ``covidxr volume SERIES --output FILE.nii.gz``. Where there
    is no DICOM, say so in the row's notes and leave this rule out with a reason.

    Source
    ------
    NIfTI-1 standard (``nifti1.h``: qform_code, sform_code, method 1).
    """
    yield from volumechecks.odd_volumes(dataset, volumechecks.not_placed, _DO)
