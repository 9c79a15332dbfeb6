"""A DICOM file's bytes, opened with pydicom: its header, and where its pixel data begin.

This module owns how far a file is unpacked, and what a value reads as. It judges nothing and opens
no file. pydicom is imported when the first DICOM file is met, and raises nearly anything on damaged
bytes: who calls `open_header` must be ready for that.
"""

from __future__ import annotations

import io
import logging
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.measured import DamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from covidxr.imaging.measured import Buffer

DEFLATED = "1.2.840.10008.1.2.1.99"
"""The transfer syntax whose data set is one zlib stream. Source: DICOM PS3.5, A.5."""

MOST_INFLATED = 2 * MOST_DECODED + (64 << 20)
"""Bytes that a deflated data set may hold: the largest picture of 16 bits, and a long header."""

# Behind the preamble and "DICM" (PS3.10, 7.1).
_META_AT = 132
# These have a length of four bytes behind two that are empty (PS3.5, 7.1.2).
_LONG = frozenset({b"OB", b"OW", b"UN", b"UT", b"SQ", b"OF", b"OD", b"OL", b"OV", b"UC", b"UR"})
# Kinds of elements that are written as text, and kept here as it is written.
_TEXTS = frozenset({"AS", "CS", "DA", "DS", "DT", "IS", "LO", "PN", "SH", "TM", "UI"})
_PLAIN_SYNTAX = b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0"
_PLAIN_META = b"\x02\0\0\0UL\x04\0" + struct.pack("<I", len(_PLAIN_SYNTAX)) + _PLAIN_SYNTAX

# pydicom tells its log what it found odd; without a listener Python would print that.
logging.getLogger("pydicom").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What stands before the pixel data.

    Parameters
    ----------
    data : bytes or mmap
        The file; one with a deflated data set is inflated here.
    elements : pydicom.Dataset
        Those that were asked for.
    syntax : str
        UID of the file's own transfer syntax; empty where it names none.
    implicit : bool
        Whether elements name no value representation.
    order : str
        ``"<"`` for little-endian, ``">"`` for big-endian, as :mod:`struct` has it.
    end : int
        Offset in `data` of the pixel data's tag, or of its end where there is none.
    """

    data: Buffer
    elements: Any
    syntax: str
    implicit: bool
    order: str
    end: int


def open_header(data: Buffer, only: Iterable[str] = ()) -> Header:
    """Read what stands before the pixel data.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning.
    only : iterable of str
        Keywords of the elements that are wanted; all of them where it is empty.

    Raises
    ------
    DamagedError
        Where the data set unpacks to more than `MOST_INFLATED`.
    Exception
        Nearly any, from pydicom, where the file is damaged.
    """
    from pydicom import dcmread

    deflated = _is_deflated(data)
    plain = _inflated(data) if deflated else data
    stream = stream_of(plain)
    wanted = [tag_of(word) for word in only] or None
    elements = dcmread(stream, specific_tags=wanted, stop_before_pixels=True)
    implicit, little = elements.original_encoding
    return Header(
        data=plain,
        elements=elements,
        syntax=DEFLATED if deflated else text(elements.file_meta, "TransferSyntaxUID"),
        implicit=bool(implicit),
        order="<" if little else ">",
        end=stream.tell(),
    )


def stream_of(data: Buffer, at: int = 0) -> Any:
    """Give a file's bytes as a stream, without a copy of them."""
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    stream.seek(at)
    return stream


def holds(elements: Any, word: str) -> bool:
    """Tell whether an element is there, with a value or without."""
    return tag_of(word) in elements.keys()  # noqa: SIM118 - what a data set does for `in` is slow


def text(elements: Any, word: str) -> str:
    """Read an element by keyword, several values with a backslash between them.

    Returns
    -------
    str
        Without blanks around; empty where it is absent, empty, or cannot be read.
    """
    if not holds(elements, word):
        return ""
    raw = elements.get_item(tag_of(word))
    written = _plain(raw)
    if written is not None:
        return written
    try:
        value = elements[tag_of(word)].value
    except Exception:  # noqa: BLE001 - one element that cannot be read spoils no other
        return ""
    if value is None:
        return ""
    several = not isinstance(value, str) and hasattr(value, "append")
    return ("\\".join(str(part) for part in value) if several else str(value)).strip()


def number(elements: Any, word: str) -> int:
    """Read a count; 0 where it is absent, empty or no number."""
    written = text(elements, word)
    return int(written) if written.isascii() and written.isdigit() else 0


@cache
def tag_of(word: str) -> Any:
    """Give the tag of a keyword as pydicom has it."""
    from pydicom.datadict import tag_for_keyword
    from pydicom.tag import Tag

    return Tag(tag_for_keyword(word))


def _plain(raw: Any) -> str | None:
    """Read an element that is ASCII text as it stands; None for all others, and for escapes.

    pydicom would check and convert it, which takes most of the time of a scan of headers.
    """
    value = getattr(raw, "value", None)
    if not isinstance(value, bytes) or not value.isascii() or b"\x1b" in value:
        return None
    kind = raw.VR or _kind_of(raw.tag)
    if kind not in _TEXTS:
        return None
    return "\\".join(part.strip(" \0") for part in value.decode("ascii").split("\\"))


@cache
def _kind_of(tag: int) -> str:
    from pydicom.datadict import dictionary_VR

    try:
        return str(dictionary_VR(tag))
    except KeyError:
        return ""


def items(elements: Any, word: str) -> list[Any]:
    """Give the items of a sequence; none where it is absent, or no sequence."""
    if not holds(elements, word):
        return []
    try:
        value = elements[tag_of(word)].value
    except Exception:  # noqa: BLE001 - as above
        return []
    return list(value) if hasattr(value, "append") else []


def words_of(error: BaseException) -> str:
    """Give what a library says of its failure in one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def _is_deflated(data: Buffer) -> bool:
    at = data.find(DEFLATED.encode(), _META_AT, _META_AT + 1024)
    return at > 0 and data[at - 8 : at - 2] == b"\x02\0\x10\0UI"


def _inflated(data: Buffer) -> bytes:
    """Unpack a deflated data set and name its transfer syntax by what it is then."""
    unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    body = unpacking.decompress(data[_meta_end(data) :], MOST_INFLATED)
    if unpacking.unconsumed_tail:
        raise DamagedError(
            "unreadable", f"its data set unpacks to more than {MOST_INFLATED:,} bytes"
        )
    return data[:_META_AT] + _PLAIN_META + body


def _meta_end(data: Buffer) -> int:
    """Walk over the elements of group 2, which are always little-endian and explicit."""
    at = _META_AT
    while data[at : at + 2] == b"\x02\0" and at + 12 <= len(data):
        if data[at + 4 : at + 6] in _LONG:
            at += 12 + struct.unpack_from("<I", data, at + 8)[0]
        else:
            at += 8 + struct.unpack_from("<H", data, at + 6)[0]
    return at
