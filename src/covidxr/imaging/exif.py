"""Read EXIF without Pillow: a position, the orientation, and what it says in words.

EXIF is a TIFF structure: an 8-byte header, then directories of 12-byte entries.
Source: TIFF 6.0, section 2; CIPA DC-008 (Exif 2.32), sections 4.6.4 to 4.6.6.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.imaging.wording import Wording, worded

if TYPE_CHECKING:
    from covidxr.imaging.measured import Buffer

_EXIF_DIRECTORY, _GPS_DIRECTORY = 0x8769, 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_ORIENTATION, _MOST_ORIENTATION = 0x0112, 8
_ENTRY_BYTES = 12
# An entry's value stands in the entry itself where it has four bytes or fewer.
_INSIDE = 4
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1}
_LONGEST = 4096
# Entries that hold words. Source: TIFF 6.0, section 8; Exif 2.32, tables 4 and 7; Microsoft's own.
_WORDS = {
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x013B: "Artist",
    0x013C: "HostComputer",
    0x8298: "Copyright",
    0x9C9B: "XPTitle",
    0x9C9C: "XPComment",
    0x9C9D: "XPAuthor",
    0x9C9E: "XPKeywords",
    0x9C9F: "XPSubject",
    0x9286: "UserComment",
    0xA430: "CameraOwnerName",
    0xA431: "BodySerialNumber",
    0xA435: "LensSerialNumber",
}
_FIRST_OF_MICROSOFT, _USER_COMMENT = 0x9C9B, 0x9286
# A comment begins with eight bytes that name its encoding.
_ENCODINGS = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16", bytes(8): "latin-1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exif:
    """What EXIF says.

    Parameters
    ----------
    orientation : int or None
        1 to 8, where 1 is as stored; None where nothing, or nothing of sense, is said.
    texts : tuple of (str, str)
        Entry and text.
    """

    orientation: int | None = None
    texts: tuple[Wording, ...] = ()


def read_exif(tiff: Buffer) -> Exif:
    """Read the orientation and the entries that hold words.

    Parameters
    ----------
    tiff : bytes or mmap
        From the byte-order mark on: EXIF without its ``Exif`` prefix, or a TIFF file.

    Returns
    -------
    Exif
        Empty where it cannot be read.
    """
    order, first = _first(tiff)
    if not first:
        return Exif()
    entries = dict(first)
    if _EXIF_DIRECTORY in first:
        entries |= _directory(tiff, order, _pointer(first[_EXIF_DIRECTORY], order)) or {}
    texts = [
        (f"EXIF {word}", _text(tag, _value(tiff, order, entries[tag])))
        for tag, word in _WORDS.items()
        if tag in entries
    ]
    return Exif(orientation=_orientation(entries, order), texts=worded(texts))


def has_position(tiff: Buffer) -> bool:
    """Tell whether EXIF names a latitude or a longitude.

    Parameters
    ----------
    tiff : bytes or mmap
        From the byte-order mark on: EXIF without its ``Exif`` prefix, or a TIFF file.

    Returns
    -------
    bool
        True also where a GPS directory is announced but cannot be read: a look at a harmless
        file costs less than a published position.
    """
    order, first = _first(tiff)
    if not first or _GPS_DIRECTORY not in first:
        return False
    inner = _directory(tiff, order, _pointer(first[_GPS_DIRECTORY], order))
    return inner is None or _LATITUDE in inner or _LONGITUDE in inner


def xmp_has_position(packet: bytes) -> bool:
    """Tell whether an XMP packet repeats EXIF's latitude."""
    return b"GPSLatitude" in packet


def _first(tiff: Buffer) -> tuple[str, dict[int, bytes] | None]:
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:  # noqa: PLR2004 - the header's length
        return "<", None
    return order, _directory(tiff, order, *struct.unpack_from(order + "I", tiff, 4))


def _directory(tiff: Buffer, order: str, at: int) -> dict[int, bytes] | None:
    """Read a directory as tag to whole entry; None where it lies outside the data."""
    if at + 2 > len(tiff):
        return None
    count = struct.unpack_from(order + "H", tiff, at)[0]
    last = min(at + 2 + count * _ENTRY_BYTES, len(tiff) - _ENTRY_BYTES + 1)
    entries = {}
    for entry in range(at + 2, last, _ENTRY_BYTES):
        tag = struct.unpack_from(order + "H", tiff, entry)[0]
        entries[tag] = tiff[entry : entry + _ENTRY_BYTES]
    return entries if entries or not count else None


def _pointer(entry: bytes, order: str) -> int:
    return int(struct.unpack_from(order + "8xI", entry)[0])


def _value(tiff: Buffer, order: str, entry: bytes) -> bytes:
    kind, count = struct.unpack_from(order + "2xHI", entry)
    length = min(_TYPE_BYTES.get(kind, 0) * count, _LONGEST)
    if length <= _INSIDE:
        return entry[8 : 8 + length]
    at = _pointer(entry, order)
    return tiff[at : at + length]


def _text(tag: int, value: bytes) -> str:
    if tag == _USER_COMMENT:
        return value[8:].decode(_ENCODINGS.get(value[:8], "latin-1"), "replace")
    if _FIRST_OF_MICROSOFT <= tag <= 0x9C9F:  # noqa: PLR2004 - XPSubject, the last of them
        return value.decode("utf-16-le", "replace")
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _orientation(entries: dict[int, bytes], order: str) -> int | None:
    if _ORIENTATION not in entries:
        return None
    said = int(struct.unpack_from(order + "8xH", entries[_ORIENTATION])[0])
    return said if 1 <= said <= _MOST_ORIENTATION else None
