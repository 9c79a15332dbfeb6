"""VOL106: a volume whose voxels have no plausible distance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import volumechecks
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "read the spacing from the DICOM series that it came from"


@rule("VOL106", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES,))
def odd_voxel_spacing(dataset: Dataset) -> Iterator[Hit]:
    """Report a volume with a spacing of nothing, less, more than 10 mm, or with two.

    What it checks
    --------------
    Each of the first three distances in a NIfTI header is above 0 and at most 10 mm, and within 1 %
    of what the matrix that places the volume says. A spacing without a unit is taken for
    millimetres.

    Why it matters
    --------------
    Sizes of lesions and lungs are measured with it. A spacing of 0 makes programs divide by it;
    one of 25 is a mistake of the unit, or leaves out most of the lung. Of two that differ, some
    programs take the one and some the other.

    Example
    -------
    pixdim of ``0.7 × 0.7 × 0``, from a script that did not know the distance of the slices.

    How to fix
    ----------
    Convert the series again, or read the distance from the positions of two slices.

    Source
    ------
    NIfTI-1 standard (``nifti1.h``: pixdim, srow_x). The 10 mm are a choice: see
    ``volumechecks.WIDEST_MM``.
    """
    yield from volumechecks.odd_volumes(dataset, volumechecks.odd_spacing, _DO)
