"""Read a PNG file's header and check every chunk's CRC, without decoding.

Source: PNG (Third Edition), W3C, sections 5 and 11.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from covidxr.imaging.exif import has_position, read_exif, xmp_has_position
from covidxr.imaging.measured import DamagedError, Measured, check_tail, within
from covidxr.imaging.wording import MOST_TEXTS, Wording, png_texts
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.imaging.measured import Buffer

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_LAST_CHUNK = b"\0\0\0\0IEND\xaeB`\x82"
# Colour type and bits per channel. Pillow opens 16-bit colour and 16-bit grey with alpha as 8-bit
# pictures in silence, so those names are this package's own.
_MODES = {
    (0, 1): "1",
    (0, 2): "L",
    (0, 4): "L",
    (0, 8): "L",
    (0, 16): "I;16",
    (2, 8): "RGB",
    (2, 16): "RGB;16",
    (3, 1): "P",
    (3, 2): "P",
    (3, 4): "P",
    (3, 8): "P",
    (4, 8): "LA",
    (4, 16): "LA;16",
    (6, 8): "RGBA",
    (6, 16): "RGBA;16",
}
_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
_CHUNK_FRAME = 12  # length, type and CRC: four bytes each


def look_at_png(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a PNG file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, every chunk's CRC is checked and the end looked for.

    Returns
    -------
    Measured
        `mode` tells the true depth: ``"I;16"`` for 16-bit grey, ``"RGB;16"``, ``"LA;16"`` and
        ``"RGBA;16"`` for the other 16-bit kinds.
    """
    header, gps, position = b"", False, 8
    frames, orientation = 1, None
    texts: list[Wording] = []
    try:
        _check_signature(data, size)
        for kind, begin, end in _chunks(data, size, checked=depth.reaches(ImageDepth.STRUCTURE)):
            if kind == b"IHDR" and not header:
                header = data[begin:end]
                _check_header(header)
            elif kind == b"acTL":
                frames = max(1, int.from_bytes(data[begin : begin + 4], "big"))
            elif kind == b"eXIf":
                gps = gps or has_position(data[begin:end])
                exif = read_exif(data[begin:end])
                orientation = orientation or exif.orientation
                texts += exif.texts
            elif kind in _TEXTS and len(texts) < MOST_TEXTS:
                gps = gps or (kind == b"iTXt" and xmp_has_position(data[begin:end]))
                texts += png_texts(kind, data[begin:end])
            position = end + 4
        problems = check_tail(position, size) if depth.reaches(ImageDepth.STRUCTURE) else ()
    except DamagedError as damaged:
        problems = (damaged.problem,)
    width, height, mode = _measure(header)
    return Measured(
        width=width,
        height=height,
        mode=mode,
        gps=gps,
        problems=problems,
        bits=header[8] if len(header) >= 13 else None,  # noqa: PLR2004 - the length of IHDR
        frames=frames,
        orientation=orientation,
        texts=tuple(texts[:MOST_TEXTS]),
    )


def _check_signature(data: Buffer, size: int) -> None:
    within(data, size, len(_SIGNATURE), "its signature")
    if data[:8] != _SIGNATURE:
        raise DamagedError(
            "corrupt", "its signature is damaged, as by a transfer that changed line ends"
        )
    if within(data, size, 16, "its header") and data[12:16] != b"IHDR":
        raise DamagedError("corrupt", "its first chunk is not the header that PNG asks for")


def _check_header(header: bytes) -> None:
    width, height, mode = _measure(header)
    if not width or not height:
        raise DamagedError("corrupt", "its header says that the picture has no pixels")
    if not mode:
        raise DamagedError("corrupt", "its header names a colour type that PNG does not have")


def _measure(header: bytes) -> tuple[int | None, int | None, str]:
    if len(header) < 13:  # noqa: PLR2004 - the length of IHDR
        return None, None, ""
    width, height, bits, colour = struct.unpack_from(">IIBB", header)
    return width or None, height or None, _MODES.get((colour, bits), "")


def _chunks(data: Buffer, size: int, *, checked: bool) -> Iterator[tuple[bytes, int, int]]:
    """Yield type, begin and end of each chunk's content up to IEND."""
    at = len(_SIGNATURE)
    with memoryview(data) as view:
        while within(data, size, at + _CHUNK_FRAME, "its chunks: the last one is missing"):
            length, kind = struct.unpack_from(">I4s", view, at)
            begin, end = at + 8, at + 8 + length
            _check_chunk(data, size, kind, end)
            if end + 4 > len(view):
                return
            if checked:
                crc = int.from_bytes(view[end : end + 4], "big")
                if zlib.crc32(view[at + 4 : end]) != crc:
                    raise DamagedError("corrupt", f"the checksum of {_name(kind, at)} is wrong")
            yield kind, begin, end
            if kind == b"IEND":
                return
            at = end + 4


def _check_chunk(data: Buffer, size: int, kind: bytes, end: int) -> None:
    if not kind.isalpha():
        raise DamagedError("corrupt", f"what should be a chunk's name is {kind.hex(' ')}")
    if end + 4 <= size:
        return
    # A file that still has its last chunk was not cut: the length itself is wrong.
    if data[-len(_LAST_CHUNK) :] == _LAST_CHUNK and len(data) == size:
        raise DamagedError("corrupt", f"a chunk {kind.decode()} claims more bytes than there are")
    raise DamagedError(
        "truncated", f"the file ends at byte {size:,}, {end + 4 - size:,} bytes too early"
    )


def _name(kind: bytes, at: int) -> str:
    return f"the chunk {kind.decode()} at byte {at:,}"
