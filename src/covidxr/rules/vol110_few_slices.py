"""VOL110: a volume of few slices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import volumechecks
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "is it a part of a series, or stored with another axis in front?"


@rule("VOL110", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES,))
def few_slices(dataset: Dataset) -> Iterator[Hit]:
    """Report a volume with fewer than ten slices.

    What it checks
    --------------
    The shortest axis of each NIfTI file in ``volumes/`` has ten voxels or more.

    Why it matters
    --------------
    Ten slices are less than half of a lung at any usual distance. Mostly the download ended
    early, or somebody chose slices for a figure.

    Example
    -------
    ``512 × 512 × 4``.

    How to fix
    ----------
    Fetch the whole series. Slices that somebody chose are images: store them in ``images/``.

    Source
    ------
    A choice: see ``volumechecks.FEWEST_SLICES``.
    """
    yield from volumechecks.odd_volumes(dataset, volumechecks.few_slices, _DO)
