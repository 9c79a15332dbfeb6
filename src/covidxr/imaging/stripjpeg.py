"""A JPEG file of tables, frames and scans alone.

This module owns which segments are needed to show the picture. Source: ITU-T T.81, annex B;
JFIF 1.02; Adobe Technical Note 5116 (APP14); ICC.1:2022, annex B.4 (profiles in APP2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr.imaging.cleaned import Stripped, UncleanError, least_exif, turned
from covidxr.imaging.exif import read_exif
from covidxr.imaging.stripicc import clean_icc

if TYPE_CHECKING:
    from collections.abc import Iterator

_START, _END = b"\xff\xd8", b"\xff\xd9"
_SCAN = 0xDA
# SOF0 to SOF15 with DHT (C4) and DAC (CC) but without JPG (C8); DQT, DNL, DRI, DHP, EXP.
_SHOWING = (frozenset(range(0xC0, 0xD0)) - {0xC8}) | {0xDB, 0xDC, 0xDD, 0xDE, 0xDF, _SCAN}
_APP0, _APP1, _APP2, _APP13, _APP14, _APP15 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF
_COMMENT = 0xFE
# In a scan's data, FF 00 is a byte and FF D0 to FF D7 are restarts; all else ends the scan.
_NEXT_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_FILL = re.compile(rb"\xff+")
_JFIF_BYTES, _ADOBE_BYTES = 14, 12
_ICC, _ICC_HEADER = b"ICC_PROFILE\0", 14
# Bytes of a profile in one segment: its length has two bytes, and counts itself.
_ICC_PIECE = 0xFFFF - 2 - _ICC_HEADER
_MOST_ICC_PIECES = 255
_NAMES = (
    (_APP1, b"Exif\0", "EXIF"),
    (_APP1, b"http://ns.adobe.com/", "XMP"),
    (_APP2, b"MPF\0", "other pictures"),
    (_APP13, b"", "IPTC"),
    (_APP0, b"JFXX\0", "thumbnail"),
    (_COMMENT, b"", "comment"),
)


@dataclass
class _Parts:
    """What is kept, by where it goes: marks of colour in front, then the picture."""

    marks: list[bytes] = field(default_factory=list)
    picture: list[bytes] = field(default_factory=list)
    profile: dict[int, bytes] = field(default_factory=dict)
    orientation: int | None = None
    exif: bytes = b""
    removed: list[str] = field(default_factory=list)


def strip_jpeg(data: bytes) -> Stripped:
    """Take everything but the picture out of a JPEG file.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Stripped
        JFIF's and Adobe's marks stay, which say what the channels mean, and the colour profile
        without its words. Of several pictures in one file the first stays.

    Raises
    ------
    UncleanError
        Where the file is cut off or holds segments that no decoder knows.
    """
    parts = _Parts()
    end = 0
    for marker, begin, stop in _segments(data):
        _sort(parts, marker, data[begin:stop])
        end = stop
    if _SCAN not in {piece[1] for piece in parts.picture}:
        raise UncleanError("it ends before its picture begins")
    if end + len(_END) < len(data):
        parts.removed.append("data behind the picture")
    profile = _profile(parts)
    exif = _exif(parts)
    whole = b"".join([_START, *parts.marks, exif, *profile, *parts.picture, _END])
    if not parts.removed and whole != data:
        parts.removed.append("filling")
    return Stripped(
        data=whole, removed=tuple(dict.fromkeys(parts.removed)), orientation=parts.orientation
    )


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield marker, begin and end of each segment; a scan's reaches to the end of its data.

    `begin` is behind the length. It ends at the end marker, which must be there.
    """
    at = len(_START)
    while True:
        fill = _FILL.match(data, at)
        if fill is None or fill.end() >= len(data):
            raise UncleanError(f"it is cut off or damaged: no segment begins at byte {at:,}")
        at = fill.end()
        marker = data[at]
        if marker == _END[1]:
            return
        length = int.from_bytes(data[at + 1 : at + 3], "big")
        stop = at + 1 + length
        if length < 2 or stop > len(data):  # noqa: PLR2004 - the length counts its own two bytes
            raise UncleanError(f"it is cut off or damaged: the segment at byte {at:,} is garbled")
        if marker == _SCAN:
            if length != _scan_header(data[at + 3]):
                raise UncleanError(f"it is damaged: the scan at byte {at:,} is garbled")
            following = _NEXT_MARKER.search(data, stop)
            if following is None:
                raise UncleanError("the end marker is missing: the picture was cut off")
            stop = following.start()
        yield marker, at + 3, stop
        at = stop


def _scan_header(channels: int) -> int:
    """Give the length of a scan's header: T.81, B.2.3."""
    return 2 + 1 + 2 * channels + 3


def _sort(parts: _Parts, marker: int, content: bytes) -> None:
    if marker in _SHOWING:
        parts.picture.append(_written(marker, content))
    elif marker == _APP0 and content.startswith(b"JFIF\0") and len(content) >= _JFIF_BYTES:
        if len(content) > _JFIF_BYTES:
            parts.removed.append("thumbnail")
        # The last two bytes are the thumbnail's width and height.
        parts.marks.append(_written(marker, content[: _JFIF_BYTES - 2] + bytes(2)))
    elif marker == _APP14 and content.startswith(b"Adobe") and len(content) >= _ADOBE_BYTES:
        parts.marks.append(_written(marker, content[:_ADOBE_BYTES]))
        if len(content) > _ADOBE_BYTES:
            parts.removed.append("APP14")
    elif marker == _APP2 and content.startswith(_ICC) and len(content) > _ICC_HEADER:
        parts.profile.setdefault(content[12], content[_ICC_HEADER:])
    elif _APP0 <= marker <= _APP15 or marker == _COMMENT:
        _drop(parts, marker, content)
    else:
        raise UncleanError(f"it holds a segment FF {marker:02X}, which no decoder here knows")


def _drop(parts: _Parts, marker: int, content: bytes) -> None:
    if marker == _APP1 and content.startswith(b"Exif\0") and not parts.exif:
        parts.exif = content
        parts.orientation = turned(read_exif(content[6:]).orientation)
        if parts.orientation and content == b"Exif\0\0" + least_exif(parts.orientation):
            return
    named = (name for sort, start, name in _NAMES if sort == marker and content.startswith(start))
    parts.removed.append(next(named, f"APP{marker - _APP0}"))


def _exif(parts: _Parts) -> bytes:
    if parts.orientation is None:
        return b""
    return _written(_APP1, b"Exif\0\0" + least_exif(parts.orientation))


def _profile(parts: _Parts) -> list[bytes]:
    """Give the segments of the cleaned colour profile; none where it is damaged."""
    if not parts.profile:
        return []
    whole = b"".join(parts.profile[number] for number in sorted(parts.profile))
    kept = clean_icc(whole)
    if kept != whole:
        parts.removed.append("words of the colour profile" if kept else "colour profile, damaged")
    pieces = [kept[at : at + _ICC_PIECE] for at in range(0, len(kept), _ICC_PIECE)]
    if len(pieces) > _MOST_ICC_PIECES:
        raise UncleanError("its colour profile is too large for a JPEG file")
    return [
        _written(_APP2, _ICC + bytes([number, len(pieces)]) + piece)
        for number, piece in enumerate(pieces, start=1)
    ]


def _written(marker: int, content: bytes) -> bytes:
    length = len(content) + 2
    if marker == _SCAN:
        # What follows its header is data without a length.
        length = _scan_header(content[0])
    return bytes([0xFF, marker]) + length.to_bytes(2, "big") + content
