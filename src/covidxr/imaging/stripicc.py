"""A colour profile without words: who made it, for which screen and when is taken out.

This module owns what of an ICC profile changes how pixels look. Profiles of calibrated screens name
the screen, its serial number and at times its owner. It knows no picture format.
Source: ICC.1:2022, section 7 (header and tag table), 9 (tags) and 10 (types).
"""

from __future__ import annotations

import struct

_HEADER_BYTES, _ENTRY_BYTES = 128, 12
# Tags of numbers that a colour engine computes with. Not here: all that holds text.
_COMPUTED = frozenset(
    {
        *(b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2", b"D2B0", b"D2B1", b"D2B2", b"D2B3"),
        *(b"B2D0", b"B2D1", b"B2D2", b"B2D3", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC"),
        *(b"kTRC", b"wtpt", b"bkpt", b"chad", b"chrm", b"lumi", b"gamt"),
    }
)
# Types that those tags can have; none of them has room for words.
_NUMERIC = frozenset(
    {b"XYZ ", b"curv", b"para", b"mft1", b"mft2", b"mAB ", b"mBA ", b"mpet", b"sf32", b"chrm"}
)
# Parts of the header that stay: version, class, colour spaces; signature; flags; intent and white.
# What lies between them names tool, maker, device and date, or is a checksum of it all.
_KEPT = ((8, 24), (36, 40), (44, 48), (64, 80))
_SIGNATURE = b"acsp"
_MOST_TAGS = 100
_NAME = b"colours"


def clean_icc(profile: bytes) -> bytes:
    """Take the words out of a profile.

    Parameters
    ----------
    profile : bytes
        The whole profile.

    Returns
    -------
    bytes
        A profile that gives the same colours, always named alike; empty where the given one is
        damaged or holds nothing to compute with.
    """
    tags = _tags(profile)
    if not tags:
        return b""
    header = bytearray(_HEADER_BYTES)
    for begin, end in _KEPT:
        header[begin:end] = profile[begin:end]
    # Readers want a name and a copyright; the collection's own say nothing.
    new = profile[8] >= 4  # noqa: PLR2004 - version 4 has another type for texts
    tags = [(b"desc", _unicode(_NAME) if new else _description(_NAME)), *tags]
    tags.append((b"cprt", _unicode(_NAME) if new else b"text" + bytes(4) + _NAME + b"\0"))
    return _assembled(header, tags)


def _tags(profile: bytes) -> list[tuple[bytes, bytes]]:
    if len(profile) < _HEADER_BYTES + 4 or profile[36:40] != _SIGNATURE:
        return []
    count = struct.unpack_from(">I", profile, _HEADER_BYTES)[0]
    if count > _MOST_TAGS or len(profile) < _HEADER_BYTES + 4 + count * _ENTRY_BYTES:
        return []
    found = []
    for number in range(count):
        at = _HEADER_BYTES + 4 + number * _ENTRY_BYTES
        name, begin, length = struct.unpack_from(">4sII", profile, at)
        content = profile[begin : begin + length]
        if len(content) != length:
            return []
        if name in _COMPUTED and content[:4] in _NUMERIC:
            found.append((name, content))
    return found


def _assembled(header: bytearray, tags: list[tuple[bytes, bytes]]) -> bytes:
    """Write header, table and contents, each at a multiple of four bytes.

    What several tags share, as the three curves of a screen often do, is written once.
    """
    at = _HEADER_BYTES + 4 + len(tags) * _ENTRY_BYTES
    places: dict[bytes, int] = {}
    for _, content in tags:
        if content not in places:
            places[content] = at
            at += len(content) + -len(content) % 4
    header[0:4] = struct.pack(">I", at)
    table = b"".join(
        struct.pack(">4sII", name, places[content], len(content)) for name, content in tags
    )
    contents = b"".join(content + bytes(-len(content) % 4) for content in places)
    return bytes(header) + struct.pack(">I", len(tags)) + table + contents


def _description(words: bytes) -> bytes:
    """Give textDescriptionType of ICC.1:2001, 6.5.17: ASCII, and nothing in other scripts."""
    return b"desc" + bytes(4) + struct.pack(">I", len(words) + 1) + words + bytes(1 + 8 + 3 + 67)


def _unicode(words: bytes) -> bytes:
    """Give multiLocalizedUnicodeType with one English record."""
    wide = words.decode().encode("utf-16-be")
    return b"mluc" + struct.pack(">4xII2s2sII", 1, 12, b"en", b"US", len(wide), 28) + wide
