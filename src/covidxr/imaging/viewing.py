"""Any image or volume as a picture of eight bits that a person can look at.

This module owns which picture of a file is shown; the window is :mod:`covidxr.imaging.windowing`'s.
What it gives is for looking, never for measuring. It opens no file.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import cv2
import numpy as np

from covidxr.imaging.formats import MOST_DECODED, PEEK, recognise
from covidxr.imaging.pixels import decode
from covidxr.imaging.quiet import heard
from covidxr.imaging.windowing import windowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from covidxr.imaging.measured import Buffer

_CHUNK = 1 << 20
# Unpacked bytes that are passed over at most on the way to a slice.
_MOST_SPOOLED = 1 << 30


def eight_bits(data: Buffer) -> NDArray[np.uint8] | None:
    """Give a picture of any file that the collection may hold.

    Parameters
    ----------
    data : bytes or mmap
        The whole file, told by its content.

    Returns
    -------
    numpy.ndarray or None
        Eight bits, ``(height, width)`` or ``(height, width, 3)`` in red, green, blue: of a picture
        as :func:`covidxr.imaging.pixels.decode` gives it; of DICOM the middle frame through the
        file's own window, or all its values; of NIfTI the middle slice along the third axis, as it
        is stored, its second axis upwards. None where nothing can be shown.
    """
    kind = recognise(data[:PEEK])
    if kind == "DICOM":
        return _dicom(data)
    try:
        with heard():
            if kind in {"NIFTI", "NIFTI.GZ"}:
                return _nifti(data, packed=kind == "NIFTI.GZ")
    except Exception:  # noqa: BLE001 - decoders raise nearly anything on damaged bytes
        return None
    return decode(data)


def small_jpeg(pixels: NDArray[np.uint8], longest: int, quality: int = 80) -> bytes:
    """Give a thumbnail as a JPEG file; a picture that is smaller stays as large as it is.

    Parameters
    ----------
    pixels : numpy.ndarray
        As `eight_bits` gives them.
    longest : int
        Pixels of the longer side.
    quality : int
        0 to 100.
    """
    height, width = pixels.shape[:2]
    scale = min(1.0, longest / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return _coded(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])


def quick_png(pixels: NDArray[np.uint8]) -> bytes:
    """Give a PNG file, made fast rather than small."""
    return _coded(".png", pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])


def _coded(ending: str, pixels: NDArray[np.uint8], options: list[int]) -> bytes:
    # cv2 wants blue first.
    given = pixels if pixels.ndim == 2 else pixels[:, :, ::-1]  # noqa: PLR2004
    _, coded = cv2.imencode(ending, np.ascontiguousarray(given), options)
    return bytes(coded)


def _dicom(data: Buffer) -> NDArray[np.uint8] | None:
    from covidxr.imaging.dicompixels import frames_of, shown

    frames = frames_of(data)
    picture = shown(data, frames // 2) if isinstance(frames, int) else None
    return picture if isinstance(picture, np.ndarray) else None


def _nifti(data: Buffer, *, packed: bool) -> NDArray[np.uint8] | None:
    from covidxr.imaging.nifti import read_header
    from covidxr.imaging.voxels import number_kind, scaling

    head = _part(data, 0, 544, packed=packed)
    header = read_header(head)
    code = number_kind(header)
    if not code or not header.alone:
        return None
    kind = np.dtype(code)
    width, height, *rest = (*header.shape, 1)
    if width * height > MOST_DECODED:
        return None
    length = width * height * kind.itemsize
    start = max(int(header.offset), header.own_bytes + 4) + (rest[0] // 2) * length
    stored = np.frombuffer(_part(data, start, length, packed=packed), kind)
    values = stored.reshape(height, width).astype(np.float64)
    slope, intercept = scaling(header, head)
    return np.ascontiguousarray(windowed(values * slope + intercept)[::-1])


def _part(data: Buffer, start: int, length: int, *, packed: bool) -> bytes:
    """Give a part of a file; of one inside gzip without keeping what comes before."""
    if not packed:
        return data[start : start + length]
    if start + length > _MOST_SPOOLED:
        return b""
    kept, at = bytearray(), 0
    for piece in _pieces(memoryview(data)):
        kept += piece[max(0, start - at) :] if at + len(piece) > start else b""
        at += len(piece)
        if len(kept) >= length:
            break
    return bytes(kept[:length])


def _pieces(packed: memoryview) -> Iterator[bytes]:
    """Unpack a gzip file piece by piece; what is packed well comes in several a chunk."""
    unpacking = zlib.decompressobj(wbits=31)
    for begin in range(0, len(packed), _CHUNK):
        given: bytes | memoryview = packed[begin : begin + _CHUNK]
        while given and not unpacking.eof:
            yield unpacking.decompress(given, _CHUNK)
            given = unpacking.unconsumed_tail
