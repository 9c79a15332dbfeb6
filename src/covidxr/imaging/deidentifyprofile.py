"""What the basic profile of DICOM PS3.15, annex E, asks for, element by element.

This module owns the reading of its table E.1-1, edition 2026c, which the library dicom-anonymizer
carries. The library's own functions are not used: they give random UIDs that they remember for as
long as the process lives, leave the dates that are to be removed, and pass over the sequences that
stay. What is done here, is done in :mod:`covidxr.imaging.deidentifyelements`.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache


class Action(StrEnum):
    """What is done with an element. Source: PS3.15, table E.1-1a."""

    REMOVE = "X"
    EMPTY = "Z"
    DUMMY = "D"
    UID = "U"
    INNER_UIDS = "U*"


# Where the table gives a choice, which depends on the kind of object, what every kind allows: a
# dummy may stand where nothing need, an empty element where it may lack.
_CHOICES = {
    "X_TAGS": Action.REMOVE,
    "Z_TAGS": Action.EMPTY,
    "D_TAGS": Action.DUMMY,
    "U_TAGS": Action.UID,
    "X_Z_TAGS": Action.EMPTY,
    "Z_D_TAGS": Action.DUMMY,
    "X_D_TAGS": Action.DUMMY,
    "X_Z_D_TAGS": Action.DUMMY,
    "X_Z_U_STAR_TAGS": Action.INNER_UIDS,
}

_CURVES, _OVERLAYS = 0x5000, 0x6000
# Group 60xx stands for 6000 to 60FF: PS3.5, section 7.6.
_REPEATING = 0xFF00


@cache
def actions() -> dict[int, Action]:
    """Give the table: tag, as one number, to action; without its groups that repeat."""
    from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table

    return {
        (tag[0] << 16) | tag[1]: action
        for name, action in _CHOICES.items()
        for tag in getattr(table, name)
        if len(tag) == 2  # noqa: PLR2004 - group and element; repeating ones have masks behind
    }


def repeats(tag: int) -> bool:
    """Tell whether an element is of a curve or an overlay, which are drawn or written by hand."""
    return (tag >> 16) & _REPEATING in {_CURVES, _OVERLAYS}


def action(tag: int) -> Action | None:
    """Give what the profile does with an element.

    Parameters
    ----------
    tag : int
        Group and element as one number.

    Returns
    -------
    Action or None
        None where the profile leaves it as it is. Private elements and whole curves and overlays
        are removed.
    """
    if (tag >> 16) % 2 or repeats(tag):
        return Action.REMOVE
    return actions().get(tag)
