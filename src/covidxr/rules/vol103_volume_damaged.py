"""VOL103: a volume cannot be read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "fetch the file again from its source"


@rule("VOL103", severity=Severity.ERROR, since="0.1", needs=(Need.VOLUMES,))
def volume_damaged(dataset: Dataset) -> Iterator[Hit]:
    """Report a volume that is damaged or cut.

    What it checks
    --------------
    Each file in ``volumes/`` can be read: it is a format that is known, its header makes sense,
    and its data are as long as the header says. How closely the data are looked at depends on
    ``--images``.

    Why it matters
    --------------
    A volume that was cut during its download has slices of zeros at one end, or stops a program
    only after an hour of training.

    Example
    -------
    ``volumes/case-3.nii.gz`` announces 301 slices and holds 180.

    How to fix
    ----------
    Fetch the file again from the row's url, or take it from the collection's history.

    Source
    ------
    NIfTI-1 standard (``nifti1.h``: dim, vox_offset); RFC 1952 (gzip trailer).
    """
    for path, message in dataset.broken("volumes", "unreadable", "empty", "truncated", "corrupt"):
        yield dataset.at_file(path, message, suggestion=_DO)
