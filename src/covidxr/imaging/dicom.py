"""Read a DICOM file's header with pydicom, and check that its pixel data are there.

This module owns all use of pydicom, which is imported when the first DICOM file is met.
Source: DICOM PS3.5 section 7.1 and annex A.4, PS3.3 section C.7.6.3.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.imaging.measured import Measured, check_tail, corrupt, truncated, unreadable
from covidxr.imaging.quiet import heard
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.imaging.measured import Buffer
    from covidxr.model import FileProblem

KEYWORDS = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "PatientAge",
    "StudyDate",
    "Modality",
    "ViewPosition",
    "BodyPartExamined",
    "InstitutionName",
    "ReferringPhysicianName",
    "PatientIdentityRemoved",
    "BurnedInAnnotation",
)
"""What privacy and consistency rules look at."""

_NUMBERS = ("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "NumberOfFrames")
_GEOMETRY = (*_NUMBERS, "PhotometricInterpretation")
_MODES = {(1, 8): "L", (1, 16): "I;16", (3, 8): "RGB"}
_DEFLATED = "1.2.840.10008.1.2.1.99"
_PIXEL_DATA = {(0x7FE0, 0x0008), (0x7FE0, 0x0009), (0x7FE0, 0x0010)}
_ITEM, _END_OF_ITEMS = 0xE000, 0xE0DD
_UNDEFINED = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class _Header:
    tags: tuple[tuple[str, str], ...]
    numbers: dict[str, int]
    colours: str
    syntax: str
    implicit: bool
    order: str
    end: int

    @property
    def mode(self) -> str:
        samples = self.numbers["SamplesPerPixel"] or 1
        return _MODES.get((samples, self.numbers["BitsAllocated"]), "")

    @property
    def expected(self) -> int:
        """Bytes of the pixel data when not compressed; 0 where that is not known."""
        if "42" in self.colours:  # YBR_FULL_422 and its like keep fewer colours than pixels
            return 0
        rows, columns, samples, bits, frames = (self.numbers[word] for word in _NUMBERS)
        return (rows * columns * (samples or 1) * bits * (frames or 1) + 7) // 8


def look_at_dicom(data: Buffer, size: int, depth: ImageDepth) -> Measured:
    """Measure a DICOM file.

    Parameters
    ----------
    data : bytes or mmap
        The file, or its beginning at depth ``HEADER``.
    size : int
        Bytes of the whole file.
    depth : ImageDepth
        From ``STRUCTURE`` on, the pixel data must be as long as the header asks for. At ``FULL``
        they are decoded, unless no decoder for their transfer syntax is installed, which is
        no fault of the file.

    Returns
    -------
    Measured
        `tags` holds those of `KEYWORDS` that are present, with ``""`` for a present but empty
        element and a backslash between several values.
    """
    try:
        with heard():
            header = _parse(io.BytesIO(data))
    except Exception as error:  # noqa: BLE001 - pydicom raises nearly anything on damaged bytes
        problems = unreadable(f"pydicom cannot read it: {_words(error)}")
        return Measured(problems=problems if len(data) == size else ())
    problems = ()
    if depth.reaches(ImageDepth.STRUCTURE):
        problems = _check_pixels(data, header)
    if depth.reaches(ImageDepth.FULL) and not problems:
        problems = _decode(data)
    return Measured(
        width=header.numbers["Columns"] or None,
        height=header.numbers["Rows"] or None,
        mode=header.mode,
        problems=problems,
        tags=header.tags,
    )


def _parse(stream: io.BytesIO) -> _Header:
    dataset = _read(stream, specific_tags=[*KEYWORDS, *_GEOMETRY], stop_before_pixels=True)
    implicit, little = dataset.original_encoding
    return _Header(
        tags=tuple((word, _text(dataset, word)) for word in KEYWORDS if word in dataset),
        numbers={word: _number(dataset, word) for word in _NUMBERS},
        colours=_text(dataset, "PhotometricInterpretation"),
        syntax=_text(dataset.file_meta, "TransferSyntaxUID"),
        implicit=bool(implicit),
        order="<" if little else ">",
        end=stream.tell(),
    )


def _read(stream: io.BytesIO, **options: Any) -> Any:
    from pydicom import dcmread

    return dcmread(stream, **options)


def _text(dataset: Any, word: str) -> str:
    value = dataset.get(word)
    if value is None:
        return ""
    several = not isinstance(value, str) and hasattr(value, "append")
    return "\\".join(str(part) for part in value) if several else str(value)


def _number(dataset: Any, word: str) -> int:
    """Read a count; 0 where it is absent, empty or no number."""
    text = _text(dataset, word)
    return int(text) if text.isdecimal() else 0


def _check_pixels(data: Buffer, header: _Header) -> tuple[FileProblem, ...]:
    if header.syntax == _DEFLATED:
        return ()
    at, order = header.end, header.order
    if at > len(data) - 12:
        if header.numbers["Rows"] or at != len(data):
            return truncated(f"the file ends at byte {len(data):,}, before its pixel data")
        return unreadable("it is a DICOM file without a picture")
    tag = struct.unpack_from(order + "HH", data, at)
    if tag not in _PIXEL_DATA:
        return corrupt(f"no pixel data begin at byte {at:,}, where the header ends")
    begin = at + 8 if header.implicit else at + 12
    length = struct.unpack_from(order + "I", data, begin - 4)[0]
    if length == _UNDEFINED:
        return _check_items(data, begin)
    return _check_length(len(data) - begin, length, header.expected)


def _check_length(present: int, length: int, expected: int) -> tuple[FileProblem, ...]:
    if length > present:
        return truncated(f"{length - present:,} of {length:,} bytes of pixel data are missing")
    if length < expected:
        return truncated(f"the pixel data have {length:,} bytes, the header asks for {expected:,}")
    # What follows the pixel data are other elements; only a surplus inside them is told.
    return check_tail(expected, length) if expected else ()


def _check_items(data: Buffer, at: int) -> tuple[FileProblem, ...]:
    """Walk the items of encapsulated pixel data, which are always little-endian."""
    while at + 8 <= len(data):
        group, element, length = struct.unpack_from("<HHI", data, at)
        if group != 0xFFFE or element not in {_ITEM, _END_OF_ITEMS}:  # noqa: PLR2004 - items' group
            return corrupt(f"no item of the compressed pixel data begins at byte {at:,}")
        if element == _END_OF_ITEMS:
            return ()
        at += 8 + length
    return truncated("the compressed pixel data have no end")


def _decode(data: Buffer) -> tuple[FileProblem, ...]:
    with heard():
        try:
            dataset = _read(io.BytesIO(data))
            decode = _decoder(dataset)
        except Exception as error:  # noqa: BLE001 - pydicom raises nearly anything
            return unreadable(f"pydicom cannot read it: {_words(error)}")
        if decode is None:
            return ()
        try:
            decode()
        except Exception as error:  # noqa: BLE001 - and so do the decoders behind it
            return corrupt(f"pydicom cannot decode its pixels: {_words(error)}")
    return ()


def _decoder(dataset: Any) -> Callable[[], Any] | None:
    """Find what decodes the pixels; None where nothing installed here does."""
    from pydicom.pixels import get_decoder

    try:
        decoder = get_decoder(dataset.file_meta.TransferSyntaxUID)
    except (AttributeError, NotImplementedError):
        return None
    return (lambda: dataset.pixel_array) if decoder.is_available else None


def _words(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__
