"""VOL107: a volume whose header names no unit of its spacing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import volumechecks
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_DO = "millimetres are written as xyzt_units 2"


@rule("VOL107", severity=Severity.INFO, since="0.1", needs=(Need.VOLUMES,))
def no_unit_of_spacing(dataset: Dataset) -> Iterator[Hit]:
    """Report a volume whose spacing has no unit.

    What it checks
    --------------
    Each NIfTI file in ``volumes/`` says whether its spacing is in metres, millimetres or
    micrometres.

    Why it matters
    --------------
    Nearly all programs take it for millimetres, which is nearly always right; who has a volume
    in metres finds out late.

    Example
    -------
    xyzt_units 0, as nibabel writes it unless told otherwise.

    How to fix
    ----------
    Write the unit, for example with nibabel's ``set_xyzt_units("mm")``.

    Source
    ------
    NIfTI-1 standard (``nifti1.h``: xyzt_units).
    """
    yield from volumechecks.odd_volumes(dataset, volumechecks.no_unit, _DO)
