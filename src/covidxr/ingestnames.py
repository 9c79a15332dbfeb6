"""Which names in an archive are safe, and which archives are attacks.

This module judges names and numbers that an archive claims; it reads no archive and touches no
disk. A member that is only odd is refused alone, a sign of malice refuses the whole archive.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_DRIVE = re.compile(r"[A-Za-z]:")
_SEPARATOR = re.compile(r"[/\\]")
_IGNORED = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is taken from one archive.

    Parameters
    ----------
    file_bytes : int
        Of the largest file, unpacked. A CT of 1000 slices of 512 x 512 x 16 bits has 524 MB.
    total_bytes : int
        Of all files of an archive together, unpacked.
    files : int
        Members of an archive.
    ratio : int
        How many times larger an archive may become. Radiographs shrink to a half, a blank one of
        16 bits to a hundredth; what shrinks to a thousandth (deflate's limit is 1032) is no
        collection of images.
    ratio_from : int
        Bytes below which `ratio` is not asked for: a small archive does no harm.
    """

    file_bytes: int = 1 << 30
    total_bytes: int = 200 << 30
    files: int = 200_000
    ratio: int = 200
    ratio_from: int = 256 << 20


LIMITS = Limits()


def attack(name: str) -> str:
    """Say why a member's name is an attack on whoever unpacks the archive; empty where it is none.

    Parameters
    ----------
    name : str
        As the archive has it.
    """
    parts = _SEPARATOR.split(name)
    if ".." in parts:
        return "a member's name leads out of the archive (..)"
    if not parts[0] and name:
        return "a member's name is an absolute path"
    if _DRIVE.match(name):
        return "a member's name begins with a drive's letter"
    if "\0" in name:
        return "a member's name holds a NUL character"
    return ""


def oddity(name: str) -> str:
    """Say why a member is refused for its name alone; empty where it is not."""
    if "\\" in name:
        return "its name holds a backslash"
    if not name or not name.isprintable():
        return "its name holds characters that cannot be shown"
    if len(name) > _LONGEST or not {"", "."}.isdisjoint(name.split("/")):
        return "its name is no plain path"
    return ""


def twice(names: Iterable[str]) -> frozenset[str]:
    """Give the names that stand for several members, where case does not count.

    Which of the members a reader gets differs from program to program, so that none is taken.
    """
    listed = list(names)
    counts = Counter(name.casefold() for name in listed)
    return frozenset(name for name in listed if counts[name.casefold()] > 1)


def bomb(packed: int, unpacked: int, limits: Limits) -> str:
    """Say why an archive's size is an attack; empty where it is none.

    Parameters
    ----------
    packed : int
        Bytes of the archive.
    unpacked : int
        Bytes that it claims to hold, or that came out of it so far.
    limits : Limits
        How much is taken.
    """
    if unpacked > limits.total_bytes:
        return f"it unpacks to more than {limits.total_bytes >> 30} GiB"
    if unpacked > limits.ratio_from and unpacked > packed * limits.ratio:
        return (
            f"it unpacks to more than {limits.ratio} times its size, as an archive does that is "
            "made to fill a disk"
        )
    return ""


def is_ignored(name: str) -> bool:
    """Tell whether a name is what systems and programs leave beside files."""
    return any(part.startswith(".") or part.casefold() in _IGNORED for part in name.split("/"))
