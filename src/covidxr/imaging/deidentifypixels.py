"""The pixels of a DICOM file, and nothing that hides among them.

This module owns what is done with PixelData while a file is de-identified. Source: DICOM PS3.5,
section 8 and annex A; PS3.3, C.7.6.3.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from covidxr.imaging.cleaned import UncleanError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXPLICIT, _DEFLATED = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.1.99"


def lay_bare(dataset: Any) -> None:
    """Leave nothing but the picture in PixelData, in place.

    Parameters
    ----------
    dataset : pydicom.Dataset
        With its transfer syntax; its pixels are not compressed afterwards, no byte follows them,
        and bits that no pixel uses hold nothing.

    Raises
    ------
    UncleanError
        Where the pixels are cut off or cannot be unpacked.
    """
    from pydicom.pixels.utils import get_expected_length

    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        _decompress(dataset)
    elif dataset.file_meta.TransferSyntaxUID == _DEFLATED:
        dataset.file_meta.TransferSyntaxUID = type(dataset.file_meta.TransferSyntaxUID)(_EXPLICIT)
    expected = get_expected_length(dataset)
    stored = dataset.PixelData
    if len(stored) < expected:
        raise UncleanError(f"it is cut off: {expected - len(stored):,} bytes of pixels are missing")
    stored = _without_spare_bits(dataset, stored[:expected])
    if stored != dataset.PixelData:
        dataset["PixelData"].value = stored + bytes(expected % 2)


def _decompress(dataset: Any) -> None:
    try:
        dataset.decompress(generate_instance_uid=False)
    except Exception:  # noqa: BLE001 - decoders raise nearly anything
        _decompress_grey(dataset)


def _decompress_grey(dataset: Any) -> None:
    """Unpack by another way of pydicom's, which reads JPEG 2000 whose header denies its sign."""
    syntax = dataset.file_meta.TransferSyntaxUID
    if dataset.get("SamplesPerPixel") != 1:
        raise UncleanError("its compressed pixels cannot be unpacked here")
    try:
        stored = dataset.pixel_array
    except Exception:  # noqa: BLE001 - decoders raise nearly anything
        raise UncleanError("its compressed pixels cannot be unpacked here") from None
    kept = stored.astype(stored.dtype.newbyteorder("<")).tobytes()
    dataset.PixelData = kept + bytes(len(kept) % 2)
    dataset["PixelData"].VR = "OW"
    dataset["PixelData"].is_undefined_length = False
    dataset.file_meta.TransferSyntaxUID = type(syntax)(_EXPLICIT)


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
