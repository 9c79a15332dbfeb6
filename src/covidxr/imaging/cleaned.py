"""What the cleaners of files give, and how they refuse.

This module owns the words that all of them share and no knowledge of any format.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

AS_STORED = 1
"""The orientation of EXIF that changes nothing. Source: TIFF 6.0, section 8, Orientation."""


class UncleanError(Exception):
    """A file cannot be cleaned, so it must not be let through.

    It says something of the file, not of the world: whoever cleans many files puts this one aside
    with the reason and goes on.

    Parameters
    ----------
    reason : str
        What stands in the way, as a clause; it never holds a value out of the file.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Stripped:
    """A file without what was not its picture.

    Parameters
    ----------
    data : bytes
        The whole file; its pixels or voxels are those of the original, bit by bit.
    removed : tuple of str
        What was taken out, each once, in the order it was met: ``"EXIF"``, ``"comment"``; never
        what it said. Empty where the file held nothing of the kind.
    orientation : int or None
        2 to 8 where EXIF says that the picture is stored turned or mirrored. `data` keeps that one
        number, and nothing else of EXIF, or else the picture would be shown turned from now on.
        None where it is shown as it is stored.
    """

    data: bytes
    removed: tuple[str, ...] = ()
    orientation: int | None = None


def least_exif(orientation: int) -> bytes:
    """Make EXIF that says the orientation and nothing else.

    Parameters
    ----------
    orientation : int
        2 to 8.

    Returns
    -------
    bytes
        26 bytes, from the byte-order mark on: a header, one directory of one entry, no next one.
        Source: TIFF 6.0, section 2.
    """
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"MM\0*" + struct.pack(">IH", 8, 1) + entry + bytes(4)


def turned(orientation: int | None) -> int | None:
    """Give an orientation that changes something; None for one that does not."""
    return None if orientation in {None, AS_STORED} else orientation
