"""Read a WebP file's chunks and check its length, without decoding.

Pillow reads a whole WebP file to tell its size, so the header is parsed here.
Source: RFC 9649 (WebP), sections 2.4 to 2.7 and 3.4; RFC 6386 (VP8), section 9.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.imaging.exif import Exif, has_position, read_exif, xmp_has_position
from covidxr.imaging.measured import DamagedError, Measured, check_tail, corrupt, within
from covidxr.imaging.wording import Wording, xmp_texts
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.imaging.measured import Buffer

_ALPHA = 0x10
_PICTURES = {b"VP8 ", b"VP8L", b"VP8X"}


def look_at_webp(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a WebP file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, every chunk must be there.

    Returns
    -------
    Measured
        `mode` is ``"RGB"`` or ``"RGBA"``; `frames` counts those that are at hand.
    """
    width = height = None
    mode, gps, frames, exif = "", False, 0, Exif()
    texts: tuple[Wording, ...] = ()
    try:
        for kind, begin, end in _chunks(data, size):
            if kind in _PICTURES and width is None:
                width, height, mode = _measure(kind, data[begin : begin + 10])
            elif kind == b"EXIF":
                gps = gps or has_position(data[begin:end].removeprefix(b"Exif\0\0"))
                exif = read_exif(data[begin:end].removeprefix(b"Exif\0\0"))
            elif kind == b"XMP ":
                gps = gps or xmp_has_position(data[begin:end])
                texts = xmp_texts(data[begin:end])
            elif kind == b"ANMF":
                frames += 1
        problems = check_tail(_end(data), size) if depth.reaches(ImageDepth.STRUCTURE) else ()
        if width is None and len(data) == size:
            problems = corrupt("it holds no picture")
    except DamagedError as damaged:
        problems = (damaged.problem,)
    return Measured(
        width=width,
        height=height,
        mode=mode,
        gps=gps,
        problems=problems,
        bits=8,
        frames=max(1, frames),
        orientation=exif.orientation,
        texts=(*exif.texts, *texts),
    )


def _end(data: Buffer) -> int:
    return 8 + int.from_bytes(data[4:8], "little")


def _chunks(data: Buffer, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, begin and end of each chunk's content that is at hand."""
    within(data, size, _end(data), "its picture")
    at, last = 12, min(_end(data), len(data))
    while at + 8 <= last:
        begin = at + 8
        end = begin + int.from_bytes(data[at + 4 : begin], "little")
        if end > _end(data):
            raise DamagedError("corrupt", f"the chunk at byte {at:,} is longer than the file")
        yield data[at : at + 4], begin, min(end, last)
        at = end + end % 2


def _measure(kind: bytes, start: bytes) -> tuple[int, int, str]:
    """Read width, height and mode from the first ten bytes of a picture chunk."""
    if kind == b"VP8X":
        width = 1 + int.from_bytes(start[4:7], "little")
        height = 1 + int.from_bytes(start[7:10], "little")
        return width, height, "RGBA" if start[:1] and start[0] & _ALPHA else "RGB"
    if kind == b"VP8L":
        bits = int.from_bytes(start[1:5], "little")
        mode = "RGBA" if bits >> 28 & 1 else "RGB"
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), mode
    width = int.from_bytes(start[6:8], "little") & 0x3FFF
    return width, int.from_bytes(start[8:10], "little") & 0x3FFF, "RGB"
