"""New folders that take their place whole, and copies of files that may be links.

This module owns the moment in which one folder gives way to another: whatever happens, one of the
two is there.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def put(new: Path, place: Path, aside: Path) -> None:
    """Bring a folder to its place; what was there goes aside first, and comes back if need be.

    Parameters
    ----------
    new : Path
        A folder on the same disk.
    place : Path
        Where it goes.
    aside : Path
        A free path on the same disk for what is there now; it is left there.

    Raises
    ------
    OSError
        If the disk refuses.
    """
    if place.exists():
        place.rename(aside)
    try:
        new.rename(place)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise


def linked(source: Path, target: Path) -> bool:
    """Make a hard link, and tell whether it was made; other disks, and some, have none.

    A link takes no room, and both names are one file: what changes inside it is seen by both.
    """
    try:
        os.link(source.resolve(), target)
    except OSError:
        return False
    return True
