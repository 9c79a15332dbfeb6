"""Read a JPEG file's header and look for its end, without decoding.

Source: ITU-T T.81, annex B. Entropy-coded data never hold the end marker FF D9, since each FF in
them is followed by 00.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.imaging.exif import has_position, read_exif, xmp_has_position
from covidxr.imaging.measured import DamagedError, Measured, check_tail, corrupt, truncated, within
from covidxr.imaging.wording import MOST_TEXTS, Wording, jpeg_texts
from covidxr.model import FileProblem, ImageDepth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.imaging.measured import Buffer

_END = b"\xff\xd9"
_END_MARKER, _SCAN, _APP1 = 0xD9, 0xDA, 0xE1
# Segments that may hold words: EXIF and XMP, IPTC, comments.
_WORDED = frozenset({_APP1, 0xED, 0xFE})
# Start of frame: C0 to CF less DHT (C4), JPG (C8) and DAC (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# TEM, RST0 to RST7 and SOI stand alone, without a length.
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
# In a scan's data, FF 00 is a byte and FF D0 to FF D7 are restarts; all else ends the scan.
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# For two bytes like these, a pattern is found twice as fast as by bytes.find.
_ENDING = re.compile(_END)
_FILL = re.compile(rb"\xff+")
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_EIGHT_BITS = 8
# How far before the end the end marker may stand. Over 519 real files, asking for it at the very
# end accuses two intact ones, and searching further back takes more of the cut files for whole.
_END_WINDOW = 64
_NO_END = "the end marker is missing: the picture was cut off"


def look_at_jpeg(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a JPEG file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, the end is looked for.

    Returns
    -------
    Measured
        Width, height and mode are those of the frame header; mode is empty for anything but 1, 3
        or 4 channels of 8 bits.
    """
    frame, gps, scan = b"", False, None
    orientation: int | None = None
    texts: list[Wording] = []
    problems: list[FileProblem] = []
    try:
        for marker, begin, end in _segments(data, size):
            if marker in _FRAMES:
                frame = data[begin : min(end, begin + 6)]
            elif marker in _WORDED:
                payload = data[begin:end]
                gps = gps or (marker == _APP1 and _locates(payload))
                if payload.startswith(b"Exif\0"):
                    exif = read_exif(payload[6:])
                    orientation = orientation or exif.orientation
                    texts += exif.texts
                else:
                    texts += jpeg_texts(marker, payload)
            elif marker == _SCAN:
                scan = end
    except DamagedError as damaged:
        problems.append(damaged.problem)
    if scan is not None:
        problems += _check_frame(frame)
        if depth.reaches(ImageDepth.STRUCTURE):
            problems += _check_end(data, size, scan)
    return Measured(
        width=int.from_bytes(frame[3:5], "big") or None,
        height=int.from_bytes(frame[1:3], "big") or None,
        mode=_mode(frame),
        gps=gps,
        problems=tuple(problems),
        bits=frame[0] if len(frame) == 6 else None,  # noqa: PLR2004 - up to the channel count
        orientation=orientation,
        texts=tuple(texts[:MOST_TEXTS]),
    )


def _segments(data: Buffer, size: int) -> Iterator[tuple[int, int, int]]:
    """Yield marker, begin and end of each segment up to the first scan's header."""
    at = 2
    while within(data, size, at + 4, "its header"):
        fill = _FILL.match(data, at)
        if fill is None:
            raise DamagedError("corrupt", f"no segment begins at byte {at:,} of its header")
        if fill.end() > at + 1:
            at = fill.end() - 1
            continue
        marker = data[at + 1]
        if marker in _STANDALONE:
            at += 2
            continue
        end = _end_of_segment(data, at, marker)
        if not within(data, size, end, "its header"):
            return
        yield marker, at + 4, end
        if marker == _SCAN:
            return
        at = end


def _end_of_segment(data: Buffer, at: int, marker: int) -> int:
    if marker == _END_MARKER:
        raise DamagedError("corrupt", "it ends before its picture begins")
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    if not marker or length < 2:  # noqa: PLR2004 - the length counts its own two bytes
        raise DamagedError("corrupt", f"the segment at byte {at:,} of its header is garbled")
    return at + 2 + length


def _locates(payload: bytes) -> bool:
    if payload.startswith(b"Exif\0"):
        return has_position(payload[6:])
    return payload.startswith(b"http") and xmp_has_position(payload)


def _mode(frame: bytes) -> str:
    if len(frame) < 6 or frame[0] != _EIGHT_BITS:  # noqa: PLR2004 - up to the channel count
        return ""
    return _MODES.get(frame[5], "")


def _check_frame(frame: bytes) -> tuple[FileProblem, ...]:
    if len(frame) < 6:  # noqa: PLR2004 - up to the channel count
        return corrupt("its header does not say how large the picture is")
    if not (any(frame[1:3]) and any(frame[3:5])):
        return corrupt("its header says that the picture has no pixels")
    return ()


def _check_end(data: Buffer, size: int, scan: int) -> tuple[FileProblem, ...]:
    # Never before the scan: the marker there is an EXIF thumbnail's.
    found = _ENDING.search(data, scan)
    end = found.start() if found else -1
    if 0 <= end < size - _END_WINDOW:
        # The picture ends early, or these two bytes belong to a table between two scans.
        end = _end_of_scans(data, scan)
    return truncated(_NO_END) if end < 0 else check_tail(end + len(_END), size)


def _end_of_scans(data: Buffer, at: int) -> int:
    """Offset of the end marker behind the last scan; -1 where there is none."""
    while True:
        marker = _NEXT_MARKER.search(data, at)
        if marker is None:
            return -1
        if marker[0] == _END:
            return marker.start()
        length = int.from_bytes(data[marker.end() : marker.end() + 2], "big")
        at = marker.end() + max(length, 2)
