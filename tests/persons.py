"""DICOM files made by the tests: small pictures of persons that nobody is."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import UID

SECRET = bytes(range(32))
"""What the tests' pseudonyms are derived from."""

EXPLICIT = "1.2.840.10008.1.2.1"


def dataset(pixels: Any = None, *, syntax: str = EXPLICIT, **elements: Any) -> FileDataset:
    """A radiograph with everything that a picture needs, and the elements that are given."""
    stored = np.arange(12, dtype="<u2").reshape(3, 4) if pixels is None else pixels
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.1.1")
    meta.MediaStorageSOPInstanceUID = UID("1.2.3.4.5")
    meta.TransferSyntaxUID = UID(syntax)
    made = FileDataset(
        "made",
        Dataset(),
        file_meta=meta,
        preamble=b"\0" * 128,
        is_implicit_VR=meta.TransferSyntaxUID.is_implicit_VR,
        is_little_endian=meta.TransferSyntaxUID.is_little_endian,
    )
    made.SOPClassUID = meta.MediaStorageSOPClassUID
    made.SOPInstanceUID = "1.2.3.4.5"
    made.StudyInstanceUID = "1.2.3"
    made.SeriesInstanceUID = "1.2.3.4"
    made.PatientID = "4711-0815"
    made.PatientName = "Doe^Jane"
    made.Modality = "DX"
    made.Rows, made.Columns = stored.shape[:2]
    made.SamplesPerPixel = 3 if stored.ndim == 3 else 1
    made.PhotometricInterpretation = "RGB" if stored.ndim == 3 else "MONOCHROME2"
    if stored.ndim == 3:
        made.PlanarConfiguration = 0
    made.BitsAllocated = made.BitsStored = 8 * stored.dtype.itemsize
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(stored.dtype.kind == "i")
    kept = stored.tobytes()
    made.add_new(
        0x7FE00010, "OW" if made.BitsAllocated > 8 else "OB", kept + b"\0" * (len(kept) % 2)
    )
    for word, value in elements.items():
        setattr(made, word, value)
    return made


def file(made: FileDataset) -> bytes:
    """The file of a dataset."""
    stream = io.BytesIO()
    made.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def radiograph(pixels: Any = None, *, syntax: str = EXPLICIT, **elements: Any) -> bytes:
    """The file of `dataset`."""
    return file(dataset(pixels, syntax=syntax, **elements))


def read(data: bytes) -> FileDataset:
    """Read a file back."""
    return dcmread(io.BytesIO(data))


def item(**elements: Any) -> Dataset:
    """An item of a sequence."""
    made = Dataset()
    for word, value in elements.items():
        setattr(made, word, value)
    return made
