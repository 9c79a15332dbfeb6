"""A PNG file of the chunks that show the picture alone.

This module owns which chunks those are. Source: PNG (Third Edition), W3C, sections 5, 11 and 13.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

from covidxr.imaging.cleaned import Stripped, UncleanError, least_exif, turned
from covidxr.imaging.exif import read_exif
from covidxr.imaging.stripicc import clean_icc

if TYPE_CHECKING:
    from collections.abc import Iterator

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Bytes that each kept chunk can have; where it has others it is damaged and could hold anything.
_SHOWING = {
    b"IHDR": range(13, 14),
    b"PLTE": range(3, 769, 3),
    b"tRNS": range(1, 257),
    b"gAMA": range(4, 5),
    b"cHRM": range(32, 33),
    b"sRGB": range(1, 2),
    b"sBIT": range(1, 5),
    b"bKGD": range(1, 7),
    b"pHYs": range(9, 10),
    b"cICP": range(4, 5),
    b"mDCV": range(24, 25),
    b"cLLI": range(8, 9),
    b"IEND": range(1),
}
_NAMES = {
    b"tEXt": "text",
    b"zTXt": "text",
    b"iTXt": "text",
    b"tIME": "time",
    b"eXIf": "EXIF",
}
_ANIMATED = frozenset({b"acTL", b"fcTL", b"fdAT"})
# Chunks whose name begins with a capital letter are critical (5.4): no decoder passes over them.
_CRITICAL = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND"})
_PROFILE_NAME = b"ICC"
# A profile is a few kilobytes, that of a printer a few megabytes.
_MOST_PROFILE = 1 << 24
_PIECE = 1 << 20
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# First column and row of each pass, and the steps to the next: section 8.1.
_ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
_CHUNK_FRAME = 12  # length, type and CRC: four bytes each


def strip_png(data: bytes) -> Stripped:
    """Take everything but the picture out of a PNG file.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Stripped
        Transparency, gamma, white, size of a pixel and the colour profile without its words stay.

    Raises
    ------
    UncleanError
        Where the file is cut off, a checksum that matters is wrong, or the picture is animated.
    """
    parts: list[tuple[bytes, bytes]] = []
    removed: list[str] = []
    orientation: int | None = None
    behind = 0
    for kind, content, end in _chunks(data):
        behind = end
        given, seen = _sorted(kind, content)
        orientation = orientation or seen
        parts += [] if given is None else [(kind, given)]
        if given != content:
            removed.append(_NAMES.get(kind, f"chunk {kind.decode()}"))
    parts, surplus = _trimmed(parts)
    if surplus:
        removed.append("data behind the pixels")
    if behind < len(data):
        removed.append("data behind the picture")
    return Stripped(
        data=_SIGNATURE + b"".join(_written(*part) for part in parts),
        removed=tuple(dict.fromkeys(removed)),
        orientation=orientation,
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield type, content and end of each chunk up to IEND."""
    at, kind = len(_SIGNATURE), b""
    if data[:at] != _SIGNATURE or data[at + 4 : at + 8] != b"IHDR":
        raise UncleanError("its signature or its header is damaged")
    while kind != b"IEND":
        if at + _CHUNK_FRAME > len(data):
            raise UncleanError("its last chunk is missing: the picture was cut off")
        length, kind = struct.unpack_from(">I4s", data, at)
        end = at + _CHUNK_FRAME + length
        if end > len(data) or not kind.isalpha():
            raise UncleanError(f"it is cut off or damaged: no whole chunk begins at byte {at:,}")
        _check(kind, data[at + 4 : end])
        yield kind, data[at + 8 : end - 4], end
        at = end


def _check(kind: bytes, body: bytes) -> None:
    if kind in _ANIMATED:
        raise UncleanError("it is animated: a collection holds single pictures")
    if kind not in _CRITICAL and kind[:1].isupper():
        raise UncleanError(f"it holds a chunk {kind.decode()}, which no decoder here knows")
    if kind in _CRITICAL and zlib.crc32(body[:-4]) != int.from_bytes(body[-4:], "big"):
        raise UncleanError(f"it is damaged: the checksum of a chunk {kind.decode()} is wrong")


def _sorted(kind: bytes, content: bytes) -> tuple[bytes | None, int | None]:
    """Give what a chunk holds in the stripped file, None where it goes, and the orientation."""
    if kind == b"iCCP":
        return _profile(content), None
    if kind == b"eXIf":
        orientation = turned(read_exif(content).orientation)
        return (least_exif(orientation) if orientation else None), orientation
    if kind == b"IDAT" or (kind in _SHOWING and len(content) in _SHOWING[kind]):
        return content, None
    if kind in _CRITICAL:
        raise UncleanError(f"it is damaged: its chunk {kind.decode()} has a wrong length")
    return None, None


def _profile(content: bytes) -> bytes | None:
    name, _, packed = content.partition(b"\0")
    unpacking = zlib.decompressobj()
    try:
        profile = unpacking.decompress(packed[1:], _MOST_PROFILE)
    except zlib.error:
        return None
    kept = clean_icc(profile)
    if not kept:
        return None
    if kept == profile and name == _PROFILE_NAME and not unpacking.unused_data:
        return content
    return _PROFILE_NAME + b"\0\0" + zlib.compress(kept)


def _trimmed(parts: list[tuple[bytes, bytes]]) -> tuple[list[tuple[bytes, bytes]], bool]:
    """Cut off what follows the packed pixels inside their own chunks, where nobody looks."""
    packed = b"".join(content for kind, content in parts if kind == b"IDAT")
    used = _packed_bytes(packed, _raw_bytes(parts[0][1]))
    if used == len(packed):
        return parts, False
    first = next(at for at, (kind, _) in enumerate(parts) if kind == b"IDAT")
    others = [part for part in parts if part[0] != b"IDAT"]
    return [*others[:first], (b"IDAT", packed[:used]), *others[first:]], True


def _packed_bytes(packed: bytes, raw: int) -> int:
    """Unpack the pixels without keeping them, and count how many bytes they were packed in."""
    unpacking = zlib.decompressobj()
    total, given = 0, packed
    try:
        while not unpacking.eof and total <= raw:
            piece = unpacking.decompress(given, _PIECE)
            total += len(piece)
            given = unpacking.unconsumed_tail
            if not piece and not given and not unpacking.eof:
                raise UncleanError("its pixels are cut off")
    except zlib.error as error:
        raise UncleanError("it is damaged: its pixels cannot be unpacked") from error
    if total != raw:
        raise UncleanError(f"its pixels have not the {raw:,} bytes that its header asks for")
    return len(packed) - len(unpacking.unused_data)


def _raw_bytes(header: bytes) -> int:
    """Count the bytes of the unpacked pixels: each row begins with the number of its filter."""
    width, height, bits, colour, interlaced = struct.unpack_from(">IIBB2xB", header)
    if colour not in _CHANNELS:
        raise UncleanError("its header names a colour type that PNG does not have")
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns = -(-max(0, width - left) // across)
        rows = -(-max(0, height - top) // down)
        total += rows * (1 + (columns * _CHANNELS[colour] * bits + 7) // 8) if columns else 0
    return total


def _written(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
