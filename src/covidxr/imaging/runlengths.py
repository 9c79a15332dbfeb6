"""Decode RLE inside DICOM, as a plug-in of pydicom that stops where a picture is full.

This module owns the unpacking. pydicom's own decoder unpacks whatever is there before it looks at
how much that is: 64 times the bytes of the file where somebody wants it so.

Source: DICOM PS3.5, annex G; pydicom's guide "Pixel data decoder plugins".
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME = "covidxr-rle"
"""What pydicom knows the plug-in by."""

SYNTAXES = ("1.2.840.10008.1.2.5",)
"""RLE lossless. Source: DICOM PS3.6, table A-1."""

DECODER_DEPENDENCIES: dict[str, tuple[str, ...]] = {SYNTAXES[0]: ("numpy",)}
"""What pydicom says is missing where it is."""

_HEADER = struct.Struct("<16I")
_MOST_SEGMENTS = 15


def is_available(uid: str) -> bool:
    """Tell pydicom whether a transfer syntax can be decoded."""
    return uid in SYNTAXES


def register() -> None:
    """Make the plug-in known to pydicom; to be called by one thread at a time."""
    from pydicom.pixels import get_decoder

    decoder = get_decoder(SYNTAXES[0])
    if NAME not in decoder.available_plugins:
        decoder.add_plugin(NAME, (__name__, "decode_frame"))


def decode_frame(frame: bytes, runner: Any) -> bytes:
    """Decode one frame.

    Parameters
    ----------
    frame : bytes
        Its header and segments.
    runner : pydicom.pixels.decoders.base.DecodeRunner
        Knows what the header says, and is told that colours come plane by plane.

    Returns
    -------
    bytes
        Little-endian samples.

    Raises
    ------
    ValueError
        Where it cannot be decoded.
    """
    size = runner.rows * runner.columns
    depth, odd = divmod(runner.bits_allocated, 8)
    if odd or not depth:
        raise ValueError(f"samples of {runner.bits_allocated} bits are not coded as RLE")
    runner.set_option("planar_configuration", 1)
    return _planes(frame, size, runner.samples_per_pixel, depth).tobytes()


def _planes(frame: bytes, size: int, samples: int, depth: int) -> NDArray[np.uint8]:
    """Unpack into samples, pixels, bytes; the first segment of a sample has its highest byte."""
    import numpy as np

    segments = _segments(frame)
    if len(segments) != samples * depth:
        raise ValueError(f"it has {len(segments)} segments of {samples * depth}")
    planes = np.empty((samples, size, depth), np.uint8)
    for number, segment in enumerate(segments):
        sample, byte = divmod(number, depth)
        planes[sample, :, depth - 1 - byte] = np.frombuffer(_unpack(segment, size), np.uint8)
    return planes


def _segments(frame: bytes) -> list[bytes]:
    if len(frame) < _HEADER.size:
        raise ValueError("it has no header")
    count, *offsets = _HEADER.unpack_from(frame)
    if count > _MOST_SEGMENTS:
        raise ValueError(f"it has {count} segments")
    begins = [*offsets[:count], len(frame)]
    return [frame[begins[number] : begins[number + 1]] for number in range(count)]


def _unpack(segment: bytes, size: int) -> bytes:
    """Unpack to `size` bytes; a byte of padding may be more, more than that is damage."""
    unpacked, at, end = bytearray(), 0, len(segment)
    while at < end and len(unpacked) < size:
        head = segment[at]
        if head < 128:  # noqa: PLR2004 - as many bytes follow, and one
            unpacked += segment[at + 1 : at + head + 2]
            at += head + 2
        elif head > 128:  # noqa: PLR2004 - the next byte is repeated; 128 itself is nothing
            unpacked += segment[at + 1 : at + 2] * (257 - head)
            at += 2
        else:
            at += 1
    if len(unpacked) < size:
        raise ValueError(f"a segment unpacks to {len(unpacked):,} bytes of {size:,}")
    return bytes(unpacked[:size])
