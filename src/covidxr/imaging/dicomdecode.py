"""Decode one frame of a DICOM file, by one decoder for each transfer syntax.

This module owns the choice of decoder, and what is too large to decode. It opens no file, and what
it gives is as the file has it: no window, no unit.

Source: DICOM PS3.3, C.7.6.3 (pixels); PS3.5, annex A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covidxr.imaging import gdcmchild, jpeg2000, runlengths
from covidxr.imaging.codedsize import coded_samples
from covidxr.imaging.dicomfile import Header, number, stream_of
from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.measured import DamagedError

if TYPE_CHECKING:
    from numpy.typing import NDArray

DECODERS = {
    "1.2.840.10008.1.2": "",
    "1.2.840.10008.1.2.1": "",
    "1.2.840.10008.1.2.1.99": "",
    "1.2.840.10008.1.2.2": "",
    "1.2.840.10008.1.2.4.50": "pillow",
    "1.2.840.10008.1.2.4.51": "pillow",
    "1.2.840.10008.1.2.4.57": gdcmchild.NAME,
    "1.2.840.10008.1.2.4.70": gdcmchild.NAME,
    "1.2.840.10008.1.2.4.80": gdcmchild.NAME,
    "1.2.840.10008.1.2.4.81": gdcmchild.NAME,
    "1.2.840.10008.1.2.4.90": jpeg2000.NAME,
    "1.2.840.10008.1.2.4.91": jpeg2000.NAME,
    "1.2.840.10008.1.2.4.201": jpeg2000.NAME,
    "1.2.840.10008.1.2.4.202": jpeg2000.NAME,
    "1.2.840.10008.1.2.4.203": jpeg2000.NAME,
    "1.2.840.10008.1.2.5": runlengths.NAME,
}
"""Transfer syntaxes that are decoded, and by which of pydicom's plug-ins; empty needs none.

One decoder each, so that a damaged frame is told once: pydicom would try all of them.
Source of the identifiers: DICOM PS3.6, table A-1.
"""

# JPEG Extended: eight bits or twelve.
_EXTENDED = "1.2.840.10008.1.2.4.51"


def is_decodable(syntax: str, bits_stored: int | None) -> bool:
    """Tell whether there is a decoder for a transfer syntax, by its UID, and for so many bits.

    JPEG Extended is decoded with 8 bits a sample, not with 12.
    """
    return syntax in DECODERS and (syntax != _EXTENDED or bits_stored == 8)  # noqa: PLR2004 - bits


def frame_count(elements: Any) -> int:
    """Count the frames, as the header has them; at least 1."""
    return max(1, number(elements, "NumberOfFrames"))


def decoded(header: Header, frame: int) -> NDArray[Any]:
    """Decode a frame.

    Parameters
    ----------
    header : Header
        With all elements of group 0028.
    frame : int
        From 0.

    Returns
    -------
    numpy.ndarray
        ``(height, width)``, or ``(height, width, 3)`` in red, green, blue.

    Raises
    ------
    DamagedError
        Where it is not decoded: too large, not there, or in a way that nothing here knows.
    Exception
        Nearly any, where the frame is damaged.
    """
    from pydicom.pixels import pixel_array

    _refuse(header, frame)
    stream = stream_of(header.data)
    plugin = DECODERS[header.syntax]
    for own in (jpeg2000, gdcmchild, runlengths):
        if plugin == own.NAME:
            own.register()
    pixels: NDArray[Any] = pixel_array(stream, index=frame, decoding_plugin=plugin)
    return pixels


def has_decoder(header: Header) -> bool:
    """Tell whether there is a decoder for a file."""
    return is_decodable(header.syntax, number(header.elements, "BitsStored"))


def _refuse(header: Header, frame: int) -> None:
    """Stop before a decoder is asked for what is not there, or is too large."""
    from pydicom.uid import UID

    if not has_decoder(header):
        name = UID(header.syntax).name if header.syntax else "no transfer syntax"
        raise DamagedError("unreadable", f"nothing here decodes its pixels: {name}")
    rows, columns = (number(header.elements, word) for word in ("Rows", "Columns"))
    if not rows * columns:
        raise DamagedError("unreadable", "it is a DICOM file without a picture")
    if rows * columns > MOST_DECODED:
        raise DamagedError(
            "unreadable",
            f"its {rows * columns:,} pixels are not decoded: the limit is {MOST_DECODED:,} pixels",
        )
    if not 0 <= frame < frame_count(header.elements):
        raise DamagedError("unreadable", f"it has no frame {frame}")
    if DECODERS[header.syntax] not in {"", runlengths.NAME}:
        _refuse_coded(header, frame, rows * columns)


def _refuse_coded(header: Header, frame: int, size: int) -> None:
    """Compare what a compressed frame says of its size with what the header says."""
    coded = _coded(header, frame)
    samples = size * (number(header.elements, "SamplesPerPixel") or 1)
    said = coded_samples(coded)
    if said is None:
        raise DamagedError("corrupt", "its compressed pixels do not begin with their size")
    if said > samples:
        raise DamagedError(
            "corrupt", f"its compressed pixels hold {said:,} samples, the header says {samples:,}"
        )


def _coded(header: Header, frame: int) -> bytes:
    from pydicom.encaps import get_frame

    # Behind the tag, and a length that is undefined.
    stream = stream_of(header.data, header.end + (8 if header.implicit else 12))
    tables = [
        header.elements[word].value
        for word in ("ExtendedOffsetTable", "ExtendedOffsetTableLengths")
        if word in header.elements
    ]
    found: bytes = get_frame(
        stream,
        frame,
        number_of_frames=frame_count(header.elements),
        extended_offsets=(tables[0], tables[1]) if len(tables) == 2 else None,  # noqa: PLR2004
    )
    return found
