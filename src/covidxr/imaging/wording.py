"""What a file's metadata say in words: XMP, IPTC, PNG's text chunks; cut and made safe to print.

This module owns no judgement: rules say whether a text names a person. EXIF's own entries are read
in :mod:`covidxr.imaging.exif`.
Source: XMP (ISO 16684-1), IPTC-IIM 4.2 section 6, PNG (Third Edition) section 11.3.3.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

Wording: TypeAlias = tuple[str, str]
"""An entry, and its text."""

MOST_LETTERS = 200
"""Letters of a text that are kept: enough to see whether it names someone."""

MOST_TEXTS = 40
"""Texts that are kept of one file."""

_MOST_UNPACKED = 1 << 16
_XMP_HEADER = b"http://ns.adobe.com/xap/1.0/\0"
# Of XMP the properties that name people, places and programs; a list's items stand in rdf:li.
_XMP = (
    "dc:creator|dc:rights|dc:title|dc:description|dc:contributor|dc:publisher|xmp:CreatorTool"
    "|photoshop:AuthorsPosition|photoshop:CaptionWriter|photoshop:Credit|photoshop:City"
    "|xmpRights:Owner|aux:OwnerName|aux:SerialNumber|pdf:Producer|tiff:Artist|exif:UserComment"
)
_ELEMENT = re.compile(rf"<({_XMP})\b[^>]*>(.*?)</\1>".encode(), re.DOTALL)
_ATTRIBUTE = re.compile(rf"""\b({_XMP})\s*=\s*["']([^"']*)["']""".encode())
_MARKUP = re.compile(rb"<[^>]*>")
_IPTC_HEADER = b"Photoshop 3.0\0"
_IPTC_BLOCK = b"8BIM\x04\x04"
_IPTC = {
    5: "ObjectName",
    80: "By-line",
    85: "By-lineTitle",
    90: "City",
    110: "Credit",
    115: "Source",
    116: "CopyrightNotice",
    118: "Contact",
    120: "Caption",
    122: "Writer",
}


def worded(texts: Iterable[Wording]) -> tuple[Wording, ...]:
    """Cut texts, replace what no terminal should be sent, and drop those that say nothing."""
    kept = []
    for entry, text in texts:
        shown = "".join(
            each if each.isprintable() else " " for each in text[: 4 * MOST_LETTERS]
        ).split()
        if shown:
            kept.append((entry, " ".join(shown)[:MOST_LETTERS]))
    return tuple(kept[:MOST_TEXTS])


def xmp_texts(packet: bytes) -> tuple[Wording, ...]:
    """Read the properties of an XMP packet that name people, places and programs."""
    found = [*_ELEMENT.findall(packet), *_ATTRIBUTE.findall(packet)]
    return worded(
        (f"XMP {word.decode()}", _MARKUP.sub(b" ", text).decode("utf-8", "replace"))
        for word, text in found
    )


def jpeg_texts(marker: int, payload: bytes) -> tuple[Wording, ...]:
    """Read the words of a JPEG file's segment: a comment (FE), XMP (E1) or IPTC (ED)."""
    if marker == 0xFE:  # noqa: PLR2004 - COM
        return worded([("JPEG comment", _decoded(payload))])
    if payload.startswith(_XMP_HEADER):
        return xmp_texts(payload)
    if payload.startswith(_IPTC_HEADER):
        return _iptc_texts(payload)
    return ()


def png_texts(kind: bytes, payload: bytes) -> tuple[Wording, ...]:
    """Read a text chunk of a PNG file: ``tEXt``, ``zTXt`` or ``iTXt``."""
    keyword, _, rest = payload[: 2 * _MOST_UNPACKED].partition(b"\0")
    if kind == b"tEXt":
        text = rest
    elif kind == b"zTXt":
        text = _unpacked(rest[1:])
    else:
        packed, rest = rest[:1] == b"\1", rest[2:]
        _language, _, rest = rest.partition(b"\0")
        _translated, _, rest = rest.partition(b"\0")
        text = _unpacked(rest) if packed else rest
    if keyword == b"XML:com.adobe.xmp":
        return xmp_texts(text)
    return worded([(f"PNG {_decoded(keyword)[:79]}", _decoded(text))])


def _iptc_texts(payload: bytes) -> tuple[Wording, ...]:
    """Read the second record of IPTC-IIM, whose data sets begin with 1C 02."""
    begin = payload.find(_IPTC_BLOCK)
    texts, at = [], payload.find(b"\x1c\x02", max(begin, 0))
    while at >= 0 and at + 5 <= len(payload) and payload[at : at + 2] == b"\x1c\x02":
        length = int.from_bytes(payload[at + 3 : at + 5], "big")
        word = _IPTC.get(payload[at + 2])
        if word is not None:
            texts.append((f"IPTC {word}", _decoded(payload[at + 5 : at + 5 + length])))
        at += 5 + length
    return worded(texts) if begin >= 0 else ()


def _unpacked(data: bytes) -> bytes:
    """Unpack a little, and no bomb."""
    try:
        return zlib.decompressobj().decompress(data, _MOST_UNPACKED)
    except zlib.error:
        return b""


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
