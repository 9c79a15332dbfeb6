"""DICOM files that a test makes for itself."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

RAMP = np.arange(0, 1000, 10, dtype=np.uint16).reshape(10, 10)
"""Ten by ten values from 0 to 990, row by row."""


def header(**elements: Any) -> pydicom.Dataset:
    """A data set without pixels; an element that is None is left out."""
    made = pydicom.Dataset()
    made.SOPClassUID, made.SOPInstanceUID = DigitalXRayImageStorageForPresentation, "1.2.3"
    for name, value in elements.items():
        if value is not None:
            setattr(made, name, value)
    return made


def dicom(
    stored: Any = RAMP,
    *,
    syntax: UID = ExplicitVRLittleEndian,
    frames: list[bytes] | None = None,
    **elements: Any,
) -> bytes:
    """A file with these pixels: (height, width), (frames, height, width) or (…, 3) of bytes.

    With `frames` the pixels are compressed, and `stored` says only what they look like.
    """
    return written(picture(stored, frames, **elements), syntax)


def picture(stored: Any, frames: list[bytes] | None = None, **elements: Any) -> pydicom.Dataset:
    """A data set with pixels."""
    made = header()
    colour = stored.shape[-1] == 3
    many = stored.ndim == (4 if colour else 3)
    made.Rows, made.Columns = stored.shape[1:3] if many else stored.shape[:2]
    if many:
        made.NumberOfFrames = len(stored)
    made.SamplesPerPixel = 3 if colour else 1
    made.PhotometricInterpretation = "RGB" if colour else "MONOCHROME2"
    if colour:
        made.PlanarConfiguration = 0
    made.BitsAllocated = made.BitsStored = 8 * stored.dtype.itemsize
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(stored.dtype.kind == "i")
    raw = stored.tobytes()
    made.PixelData = encapsulate(frames) if frames else raw + bytes(len(raw) % 2)
    made["PixelData"].VR = "OB" if frames or stored.dtype.itemsize == 1 else "OW"
    made["PixelData"].is_undefined_length = frames is not None
    for name, value in elements.items():
        setattr(made, name, value)
    return made


def written(made: pydicom.Dataset, syntax: UID = ExplicitVRLittleEndian) -> bytes:
    """The bytes of a file."""
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = syntax
    stream = io.BytesIO()
    made.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def items(*contents: dict[str, Any]) -> pydicom.Sequence:
    """A sequence; each item has these elements and no others."""
    made = []
    for content in contents:
        item = pydicom.Dataset()
        for name, value in content.items():
            setattr(item, name, value)
        made.append(item)
    return pydicom.Sequence(made)
