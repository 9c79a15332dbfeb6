"""VOL109: a volume that is not three-dimensional."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import volumechecks
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "store one volume a file; one slice is an image"


@rule("VOL109", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES,))
def odd_dimensions(dataset: Dataset) -> Iterator[Hit]:
    """Report a file among the volumes that has other than three dimensions.

    What it checks
    --------------
    Each NIfTI file in ``volumes/`` has three axes of more than one voxel; further axes have
    one.

    Why it matters
    --------------
    A loader that expects slices, rows and columns stops at two axes, and at four takes a moment
    for a slice.

    Example
    -------
    One slice of ``512 × 512 × 1``; a colour picture of ``512 × 512 × 40 × 3``.

    How to fix
    ----------
    Split a series in time into one file a volume. Store a single slice as an image.

    Source
    ------
    NIfTI-1 standard (``nifti1.h``: dim).
    """
    yield from volumechecks.odd_volumes(dataset, volumechecks.odd_dimensions, _DO)
