"""How large the picture inside a compressed frame of a DICOM file says it is.

This module owns the look into a frame's own header. A decoder makes room for what that asks for,
whatever the DICOM header says: a few bytes could ask for gigabytes.

Source: ITU-T T.81, B.2.2 (JPEG), T.87, C.2.2 (JPEG-LS), T.800, A.5.1 (JPEG 2000).
"""

from __future__ import annotations

import struct

_JPEG, _JPEG_2000 = b"\xff\xd8", b"\xff\x4f\xff\x51"
# Start of frame: C0 to CF less DHT (C4), JPG (C8) and DAC (CC); F7 is that of JPEG-LS.
_FRAMES = (frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}) | {0xF7}
# Some files wrap JPEG 2000 in the boxes of a JP2 file; they are short.
_BOXES = 4096


def coded_samples(frame: bytes) -> int | None:
    """Count the samples that a compressed frame says it holds.

    Parameters
    ----------
    frame : bytes
        One whole frame of encapsulated pixel data.

    Returns
    -------
    int or None
        Columns times rows times channels; None where the frame is coded in another way, or damaged
        before it says so.
    """
    try:
        if frame.startswith(_JPEG):
            return _jpeg(frame)
        at = frame.find(_JPEG_2000, 0, _BOXES)
        return None if at < 0 else _jpeg_2000(frame, at)
    except struct.error:
        return None


def _jpeg(frame: bytes) -> int | None:
    at = 2
    while at + 4 <= len(frame) and frame[at] == 0xFF:  # noqa: PLR2004 - begins every marker
        marker = frame[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - a byte of filling
            at += 1
        elif marker in _FRAMES:
            rows, columns, channels = struct.unpack_from(">HHB", frame, at + 5)
            return int(rows * columns * channels)
        else:
            at += 2 + struct.unpack_from(">H", frame, at + 2)[0]
    return None


def _jpeg_2000(frame: bytes, at: int) -> int:
    right, bottom, left, top = struct.unpack_from(">IIII", frame, at + 8)
    channels = struct.unpack_from(">H", frame, at + 40)[0]
    return int(max(0, right - left) * max(0, bottom - top) * channels)
