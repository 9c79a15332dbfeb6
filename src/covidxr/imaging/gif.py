"""Read a GIF file's header and walk its blocks to the trailer, without decoding.

Source: GIF89a specification, sections 15 to 27.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from covidxr.imaging.measured import DamagedError, Measured, check_tail, within
from covidxr.imaging.pillow import measure_picture
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_HAS_TABLE, _TABLE_SIZE = 0x80, 0x07
_WHERE = "its picture blocks"


def look_at_gif(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a GIF file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, the trailer is looked for.

    Returns
    -------
    Measured
        Width and height are those of the logical screen; `frames` is counted from ``STRUCTURE`` on.
    """
    measured, _ = measure_picture("GIF", data, size)
    if not depth.reaches(ImageDepth.STRUCTURE):
        return replace(measured, bits=8)
    frames, problems = _check_blocks(data, size)
    return replace(measured, bits=8, frames=max(1, frames), problems=problems or measured.problems)


def _check_blocks(data: Buffer, size: int) -> tuple[int, tuple[FileProblem, ...]]:
    """Count the pictures, and look for the trailer behind them."""
    frames = 0
    try:
        within(data, size, 13, "its header")
        at = 13 + _table_bytes(data[10])
        while within(data, size, at + 1, f"{_WHERE}: the trailer is missing"):
            if data[at] == _TRAILER:
                break
            frames += data[at] == _IMAGE
            at = _skip_block(data, size, at)
    except DamagedError as damaged:
        return frames, (damaged.problem,)
    return frames, check_tail(at + 1, size)


def _table_bytes(flags: int) -> int:
    return 3 * 2 ** ((flags & _TABLE_SIZE) + 1) if flags & _HAS_TABLE else 0


def _skip_block(data: Buffer, size: int, at: int) -> int:
    if data[at] == _EXTENSION:
        at += 2
    elif data[at] == _IMAGE:
        within(data, size, at + 10, _WHERE)
        at += 11 + _table_bytes(data[at + 9])
    else:
        raise DamagedError("corrupt", f"no block of a GIF begins at byte {at:,}")
    within(data, size, at + 1, _WHERE)
    while data[at]:
        at += data[at] + 1
        within(data, size, at + 1, _WHERE)
    return at + 1
