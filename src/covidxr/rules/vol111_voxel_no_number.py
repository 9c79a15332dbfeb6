"""VOL111: a volume with voxels that hold no number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import volumechecks
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "write what was not scanned as -1024, or as the lowest value"


@rule("VOL111", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES, Need.PIXELS))
def voxel_no_number(dataset: Dataset) -> Iterator[Hit]:
    """Report a volume with voxels that are infinite or no number.

    What it checks
    --------------
    No voxel of a NIfTI file in ``volumes/`` that stores floats is infinite or NaN.

    Why it matters
    --------------
    One such voxel makes the mean of a whole volume NaN, and the loss of a training run.

    Example
    -------
    A volume that was turned, with NaN outside of what was scanned.

    How to fix
    ----------
    Write a value of air there, and say so in the row's notes.

    Source
    ------
    IEEE 754; NIfTI-1 standard (``nifti1.h``: datatype 16 and 64).
    """
    yield from volumechecks.odd_volumes(dataset, volumechecks.odd_voxels, _DO)
