"""Find a position in EXIF, without Pillow.

EXIF is a TIFF structure: an 8-byte header, then directories of 12-byte entries.
Source: TIFF 6.0, section 2; CIPA DC-008 (Exif 2.32), section 4.6.6.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from covidxr.imaging.measured import Buffer

_GPS_DIRECTORY = 0x8825
_LATITUDE, _LONGITUDE = 2, 4
_ENTRY_BYTES = 12


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
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(tiff[:4])
    if order is None or len(tiff) < 8:  # noqa: PLR2004 - the header's length
        return False
    first = _directory(tiff, order, *struct.unpack_from(order + "I", tiff, 4))
    if not first or _GPS_DIRECTORY not in first:
        return False
    inner = _directory(tiff, order, first[_GPS_DIRECTORY])
    return inner is None or _LATITUDE in inner or _LONGITUDE in inner


def xmp_has_position(packet: bytes) -> bool:
    """Tell whether an XMP packet repeats EXIF's latitude."""
    return b"GPSLatitude" in packet


def _directory(tiff: Buffer, order: str, at: int) -> dict[int, int] | None:
    """Read a directory as tag to value field; None where it lies outside the data."""
    if at + 2 > len(tiff):
        return None
    count = struct.unpack_from(order + "H", tiff, at)[0]
    last = min(at + 2 + count * _ENTRY_BYTES, len(tiff) - _ENTRY_BYTES + 1)
    entries = {}
    for entry in range(at + 2, last, _ENTRY_BYTES):
        tag, value = struct.unpack_from(order + "H6xI", tiff, entry)
        entries[tag] = value
    return entries if entries or not count else None
