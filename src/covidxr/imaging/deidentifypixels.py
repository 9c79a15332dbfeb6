"""The pixels of a DICOM file, and nothing that hides among them.

This module owns what is done with PixelData while a file is de-identified. Source: DICOM PS3.5,
section 8 and annex A; PS3.3, C.7.6.3.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from covidxr.imaging.cleaned import UncleanError
from covidxr.model import FileProblem

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXPLICIT, _DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"


def lay_bare(dataset: Any, data: bytes) -> None:
    """Leave nothing but the picture in PixelData, in place.

    Parameters
    ----------
    dataset : pydicom.Dataset
        With its transfer syntax; its pixels are not compressed afterwards, no byte follows them,
        and bits that no pixel uses hold nothing.
    data : bytes
        The file that it was read from.

    Raises
    ------
    UncleanError
        Where the pixels are cut off or cannot be unpacked.
    """
    from pydicom.pixels.utils import get_expected_length

    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        _decompress(dataset, data)
    elif dataset.file_meta.TransferSyntaxUID == _DEFLATED:
        dataset.file_meta.TransferSyntaxUID = type(dataset.file_meta.TransferSyntaxUID)(_EXPLICIT)
    expected = get_expected_length(dataset)
    stored = dataset.PixelData
    if len(stored) < expected:
        raise UncleanError(f"it is cut off: {expected - len(stored):,} bytes of pixels are missing")
    stored = _without_spare_bits(dataset, stored[:expected])
    if stored != dataset.PixelData:
        dataset["PixelData"].value = stored + bytes(expected % 2)


def _decompress(dataset: Any, data: bytes) -> None:
    """Unpack frame by frame, with the decoders that no damaged frame can end this process by."""
    from covidxr.imaging.dicompixels import stored

    frames = []
    for number in range(max(1, int(dataset.get("NumberOfFrames") or 1))):
        pixels = stored(data, number)
        if isinstance(pixels, FileProblem):
            raise UncleanError("its compressed pixels cannot be unpacked here")
        frames.append(pixels)
    first = frames[0]
    if any((each.shape, each.dtype) != (first.shape, first.dtype) for each in frames):
        raise UncleanError("its frames are not of one size")
    if first.shape[:2] != (dataset.Rows, dataset.Columns):
        raise UncleanError("its compressed pixels are not as many as its header claims")
    _describe(dataset, first)
    kept = b"".join(each.astype(each.dtype.newbyteorder("<")).tobytes() for each in frames)
    dataset.PixelData = kept + bytes(len(kept) % 2)
    dataset["PixelData"].VR = "OB" if first.dtype.itemsize == 1 else "OW"
    dataset["PixelData"].is_undefined_length = False
    syntax = dataset.file_meta.TransferSyntaxUID
    dataset.file_meta.TransferSyntaxUID = type(syntax)(_EXPLICIT)


def _describe(dataset: Any, pixels: NDArray[np.generic]) -> None:
    """Say in the header what the unpacked pixels are."""
    if pixels.dtype.kind not in "iu":
        raise UncleanError("its pixels are no whole numbers")
    bits = 8 * pixels.dtype.itemsize
    if dataset.BitsAllocated != bits:
        dataset.BitsAllocated = bits
        dataset.BitsStored = min(int(dataset.BitsStored), bits)
        dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    if pixels.ndim == 3:  # noqa: PLR2004 - rows, columns, channels
        dataset.SamplesPerPixel, dataset.PlanarConfiguration = 3, 0
        dataset.PhotometricInterpretation = "RGB"


def _without_spare_bits(dataset: Any, stored: bytes) -> bytes:
    """Blank the bits above and below those that a pixel uses.

    Files of before 2004 draw overlays there (PS3.5, 8.1.2), and programs that took the overlay's
    description away left the drawing. No reader takes those bits for the picture's.
    """
    allocated, used, high = (
        int(dataset[word].value) for word in ("BitsAllocated", "BitsStored", "HighBit")
    )
    if allocated not in {8, 16, 32} or not 0 < used <= high + 1 <= allocated or used == allocated:
        return stored
    order = "<" if dataset.file_meta.TransferSyntaxUID.is_little_endian else ">"
    signed = bool(dataset.get("PixelRepresentation"))
    pixels = np.frombuffer(stored, f"{order}{'i' if signed else 'u'}{allocated // 8}")
    below, above = high + 1 - used, allocated - 1 - high
    # To the top, down to the lowest bit and back: the sign fills what is above.
    kept: NDArray[np.generic] = ((pixels << above) >> (above + below)) << below
    return kept.astype(pixels.dtype).tobytes()
