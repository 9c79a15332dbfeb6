"""Measure a DICOM file, and check that its pixel data are there.

This module owns what is looked at, and how closely. pydicom is imported when the first DICOM file
is met. Source: DICOM PS3.5 section 7.1 and annex A.4, PS3.3 section C.7.6.3.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from covidxr.filefacts import DicomFacts
from covidxr.imaging import dicomspacing, dicomtags
from covidxr.imaging.dicomfile import Header, number, open_header, stream_of, text, words_of
from covidxr.imaging.dicomidentity import identity_of
from covidxr.imaging.measured import (
    DamagedError,
    Measured,
    check_tail,
    corrupt,
    truncated,
    unreadable,
)
from covidxr.imaging.quiet import heard
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

_NUMBERS = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "NumberOfFrames")
_WANTED = (
    *_NUMBERS,
    "BitsStored",
    "PhotometricInterpretation",
    *dicomspacing.KEYWORDS,
    *dicomtags.KEYWORDS,
)
_MODES = {(1, 8): "L", (1, 16): "I;16", (3, 8): "RGB"}
_PIXEL_DATA = {(0x7FE0, 0x0008), (0x7FE0, 0x0009), (0x7FE0, 0x0010)}
_ITEM, _END_OF_ITEMS = 0xE000, 0xE0DD
_UNDEFINED = 0xFFFFFFFF
# A tag and a length: with less nothing can follow.
_SHORTEST_ELEMENT = 8


def look_at_dicom(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a DICOM file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, the whole header is read, for what says who somebody is, and the
        pixel data must be as long as it asks for. At ``FULL`` they are decoded, unless no decoder
        for their transfer syntax is installed, which is no fault of the file.

    Returns
    -------
    Measured
        `tags` holds those of :data:`covidxr.imaging.dicomtags.KEYWORDS` that are present, `dicom`
        the rest; its `identity` and `private` are empty below ``STRUCTURE``.
    """
    closely = depth.reaches(ImageDepth.STRUCTURE)
    try:
        with heard():
            header = open_header(data, () if closely else _WANTED)
            problems, end = _check_pixels(header) if closely else ((), 0)
            measured = _measured(header, problems, end)
    except DamagedError as damaged:
        return Measured(problems=(damaged.problem,))
    except Exception as error:  # noqa: BLE001 - pydicom raises nearly anything on damaged bytes
        problems = unreadable(f"pydicom cannot read it: {words_of(error)}")
        return Measured(problems=problems if len(data) == size else ())
    if depth.reaches(ImageDepth.FULL) and not problems:
        from covidxr.imaging.dicompixels import check_frames

        return replace(measured, problems=check_frames(data))
    return measured


def _measured(header: Header, problems: tuple[FileProblem, ...], end: int) -> Measured:
    elements = header.elements
    samples, bits = number(elements, "SamplesPerPixel") or 1, number(elements, "BitsAllocated")
    frames = max(1, number(elements, "NumberOfFrames"))
    return Measured(
        width=number(elements, "Columns") or None,
        height=number(elements, "Rows") or None,
        mode=_MODES.get((samples, bits), ""),
        problems=problems,
        tags=dicomtags.tags_of(elements),
        bits=bits or None,
        frames=frames,
        dicom=_facts(header, frames, end),
    )


def _facts(header: Header, frames: int, end: int) -> DicomFacts:
    """Make the record; `end` is where the pixel data end, 0 where people are not looked for."""
    elements = header.elements
    spacing = dicomspacing.spacing_of(elements)
    identity, private = identity_of(elements, *_behind(header, end)) if end else ((), 0)
    return DicomFacts(
        syntax=header.syntax,
        photometric=text(elements, "PhotometricInterpretation"),
        bits_stored=number(elements, "BitsStored") or None,
        frames=frames,
        spacing=spacing.millimetres,
        spacing_from=spacing.keyword,
        calibrated=spacing.calibrated,
        identity=identity,
        private=private,
        burnt_in=dicomtags.burnt_in(elements),
    )


def _behind(header: Header, end: int) -> list[Any]:
    """Read the elements that follow the pixel data; none where they cannot be read."""
    from pydicom.filereader import read_dataset

    if len(header.data) - end < _SHORTEST_ELEMENT:
        return []
    try:
        return [read_dataset(stream_of(header.data, end), header.implicit, header.order == "<")]
    except Exception:  # noqa: BLE001 - padding and other rubbish is no element
        return []


def _expected(elements: Any) -> int:
    """Bytes of the pixel data when not compressed; 0 where that is not known."""
    if "42" in text(elements, "PhotometricInterpretation"):
        return 0  # YBR_FULL_422 and its like keep fewer colours than pixels
    rows, columns, samples, bits, frames = (number(elements, word) for word in _NUMBERS)
    return (rows * columns * (samples or 1) * bits * (frames or 1) + 7) // 8


def _check_pixels(header: Header) -> tuple[tuple[FileProblem, ...], int]:
    """Check that the pixel data are there, and tell where they end."""
    data, at, order = header.data, header.end, header.order
    if at > len(data) - 12:
        if number(header.elements, "Rows") or at != len(data):
            return truncated(f"the file ends at byte {len(data):,}, before its pixel data"), at
        return unreadable("it is a DICOM file without a picture"), at
    tag = struct.unpack_from(order + "HH", data, at)
    if tag not in _PIXEL_DATA:
        return corrupt(f"no pixel data begin at byte {at:,}, where the header ends"), at
    begin = at + 8 if header.implicit else at + 12
    length = struct.unpack_from(order + "I", data, begin - 4)[0]
    if length == _UNDEFINED:
        return _check_items(data, begin)
    return _check_length(len(data) - begin, length, _expected(header.elements)), begin + length


def _check_length(present: int, length: int, expected: int) -> tuple[FileProblem, ...]:
    if length > present:
        return truncated(f"{length - present:,} of {length:,} bytes of pixel data are missing")
    if length < expected:
        return truncated(f"the pixel data have {length:,} bytes, the header asks for {expected:,}")
    # What follows the pixel data are other elements; only a surplus inside them is told.
    return check_tail(expected, length) if expected else ()


def _check_items(data: Buffer, at: int) -> tuple[tuple[FileProblem, ...], int]:
    """Walk the items of encapsulated pixel data, which are always little-endian."""
    while at + 8 <= len(data):
        group, element, length = struct.unpack_from("<HHI", data, at)
        if group != 0xFFFE or element not in {_ITEM, _END_OF_ITEMS}:  # noqa: PLR2004 - items' group
            return corrupt(f"no item of the compressed pixel data begins at byte {at:,}"), at
        at += 8 + length
        if element == _END_OF_ITEMS:
            return (), at
    return truncated("the compressed pixel data have no end"), at
