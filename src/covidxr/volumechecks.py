"""What is odd about a volume's facts, in words that the rules and ``covidxr volume`` share.

This module owns the figures from which on spacing, slices and dimensions are odd. It prints nothing
and opens nothing, and what a header does not say is not guessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from covidxr.dataset import Dataset
    from covidxr.filefacts import VolumeFacts
    from covidxr.model import Hit

WIDEST_MM = 10.0
"""Millimetres that slices of a chest CT are apart at most.

A choice: volumes of the chest have a slice every 1 to 5 mm, and high-resolution CT used to leave
10 mm between its thin slices. What is wider shows too little of a lung to be a volume, or is in
another unit.
"""

FEWEST_SLICES = 10
"""Slices that a volume has at least: at `WIDEST_MM` ten are 100 mm, less than a lung is high."""

# Share by which two spacings of one header may differ: they are rounded in different places.
_AGREEING = 0.01
_SPATIAL = 3
_TO_MM = {"mm": 1.0, "m": 1000.0, "um": 0.001, "": 1.0}


def odd_volumes(
    dataset: Dataset, check: Callable[[VolumeFacts], str], suggestion: str
) -> Iterator[Hit]:
    """Yield a hit for each volume of a collection of which a check has something to say.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    check : callable
        One of those below.
    suggestion : str
        What to do about it.
    """
    for path, facts in dataset.files.items():
        if facts.volume is not None and path.startswith("volumes/"):
            words = check(facts.volume)
            if words:
                message = f"{path.rpartition('/')[2]}: {words}"
                yield dataset.at_file(path, message, suggestion=suggestion)


def not_placed(facts: VolumeFacts) -> str:
    """Say that a header does not tell how a volume lies in the patient.

    Parameters
    ----------
    facts : VolumeFacts
        Of its header.

    Returns
    -------
    str
        A clause; empty where it does.
    """
    return "" if facts.axes else "its header does not say how it lies in the patient"


def no_unit(facts: VolumeFacts) -> str:
    """Say that a header names no unit.

    Parameters
    ----------
    facts : VolumeFacts
        Of its header.

    Returns
    -------
    str
        A clause; empty where it does.
    """
    return "" if facts.units else "its header does not say in which unit its spacing is"


def odd_dimensions(facts: VolumeFacts) -> str:
    """Say why a volume is not three-dimensional.

    Parameters
    ----------
    facts : VolumeFacts
        Of its header.

    Returns
    -------
    str
        A clause; empty where it is. Further axes of one voxel do not count.
    """
    size = " × ".join(f"{count:,}" for count in facts.shape)
    if any(count > 1 for count in facts.shape[_SPATIAL:]):
        times = "several values a voxel, or several volumes"
        return f"it has {len(facts.shape)} dimensions ({size}): {times}"
    spatial = (*facts.shape[:_SPATIAL], 1, 1)[:_SPATIAL]
    return f"it is one slice ({size})" if min(spatial) == 1 else ""


def few_slices(facts: VolumeFacts) -> str:
    """Say that a volume has too few slices.

    Parameters
    ----------
    facts : VolumeFacts
        Of its header.

    Returns
    -------
    str
        A clause; empty where there are `FEWEST_SLICES`, or where it is no volume at all.
    """
    spatial = facts.shape[:_SPATIAL]
    if odd_dimensions(facts) or min(spatial) >= FEWEST_SLICES:
        return ""
    return f"it has only {min(spatial)} slices"


def odd_spacing(facts: VolumeFacts) -> str:
    """Say what is odd about the distance of the voxels.

    Parameters
    ----------
    facts : VolumeFacts
        Of its header.

    Returns
    -------
    str
        A clause; empty where nothing is. A spacing without a unit is taken for millimetres, the
        unit that nearly all programs write.
    """
    stated = facts.spacing[:_SPATIAL]
    sizes = tuple(size * _TO_MM[facts.units] for size in stated)
    written = " × ".join(f"{size:g}" for size in stated)
    if any(size <= 0 for size in sizes):
        return f"its voxels are {written} {facts.units}".rstrip() + ", which is no distance"
    if any(size > WIDEST_MM for size in sizes):
        return f"its voxels are {written} {facts.units}".rstrip() + f", more than {WIDEST_MM:g} mm"
    pairs = zip(stated, facts.placed_spacing, strict=False)
    if any(abs(one - other) > _AGREEING * other for one, other in pairs):
        other = " × ".join(f"{size:g}" for size in facts.placed_spacing)
        return f"its header gives two spacings, {written} and, by its matrix, {other}"
    return ""


def odd_voxels(facts: VolumeFacts) -> str:
    """Say that voxels hold no number.

    Parameters
    ----------
    facts : VolumeFacts
        With its voxels, where they were looked at.

    Returns
    -------
    str
        A clause; empty where all do, or where they were not looked at.
    """
    count = facts.not_numbers or 0
    if not count:
        return ""
    voxels = "1 voxel is" if count == 1 else f"{count:,} voxels are"
    return f"{voxels} infinite or no number"


def not_hounsfield(facts: VolumeFacts) -> str:
    """Say that values cannot be Hounsfield units.

    Parameters
    ----------
    facts : VolumeFacts
        With its voxels, where they were looked at.

    Returns
    -------
    str
        A clause; empty where they can be, or where they were not looked at.
    """
    if facts.hounsfield is not False:
        return ""
    if facts.low is None or facts.high is None:
        return "none of its voxels has a value"
    return f"its values are {facts.low:g} to {facts.high:g}, not in Hounsfield units"
