"""Read a BMP file's header and check its length, without decoding.

Source: Microsoft, BITMAPFILEHEADER and BITMAPINFOHEADER.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING

from covidxr.imaging.measured import Measured, check_tail, truncated
from covidxr.imaging.pillow import measure_picture
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

_HEADERS = 54
_UNCOMPRESSED = {0, 3}


def look_at_bmp(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a BMP file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, the length is compared with what the header asks for.

    Returns
    -------
    Measured
        Height is positive also where rows run from the top.
    """
    measured, _ = measure_picture("BMP", data, size)
    measured = replace(measured, bits=_bits(data))
    if not depth.reaches(ImageDepth.STRUCTURE):
        return measured
    return replace(measured, problems=_check_length(data, size) or measured.problems)


def _bits(data: Buffer) -> int | None:
    """Bits of a channel: up to 8 a pixel there is one, behind that there are three or four."""
    if len(data) < _HEADERS:
        return None
    a_pixel = int(struct.unpack_from("<H", data, 28)[0])
    return min(a_pixel, 8) or None


def _check_length(data: Buffer, size: int) -> tuple[FileProblem, ...]:
    if size < _HEADERS:
        return truncated(f"the file ends at byte {size:,}, inside its header")
    claimed, offset, header, width, height = struct.unpack_from("<2xI4xIIii", data)
    bits, compression = struct.unpack_from("<HI", data, 28)
    if header < 40 or compression not in _UNCOMPRESSED:  # noqa: PLR2004 - OS/2's short header
        return ()
    end = offset + (abs(width) * bits + 31) // 32 * 4 * abs(height)
    if size < end:
        return truncated(f"the file ends at byte {size:,}, {end - size:,} bytes too early")
    return check_tail(max(end, claimed), size)
