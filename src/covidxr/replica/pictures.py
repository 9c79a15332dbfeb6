"""Pictures that the replica serves: drawn, small, each another."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw

TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "BMP": "image/bmp"}


@cache
def picture(number: int, kind: str = "PNG", size: tuple[int, int] = (96, 80)) -> bytes:
    """Draw a grey picture that no other number gives.

    Parameters
    ----------
    number : int
        Anything.
    kind : str
        Pillow's name of the format.
    size : tuple of int
        Width and height in pixels.
    """
    image = Image.new("L", size, 20 + number % 60)
    draw = ImageDraw.Draw(image)
    width, height = size
    for side in (0.3, 0.7):
        middle, reach = width * side, width * (0.12 + (number % 7) / 100)
        draw.ellipse((middle - reach, height * 0.2, middle + reach, height * 0.85), fill=140)
    for bit in range(16):
        if number >> bit & 1:
            left = bit * width // 16
            draw.rectangle((left, 0, left + width // 16 - 1, height // 10), fill=240)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


@cache
def slice_of_ct(case: int, number: int, series: str = "1") -> bytes:
    """A DICOM file of 16 x 16 pixels: one slice of an invented CT series."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = CTImageStorage
    meta.MediaStorageSOPInstanceUID = f"1.2.826.0.1.3680043.8.498.{case}.{series}.{number}"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data = FileDataset("", {}, file_meta=meta, preamble=b"\0" * 128)
    data.SOPClassUID = CTImageStorage
    data.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    data.SeriesInstanceUID = f"1.2.826.0.1.3680043.8.498.{case}.{series}"
    data.Modality = "CT"
    data.PatientName, data.PatientID = "", ""
    data.InstanceNumber = number
    data.ImagePositionPatient = [0, 0, number]
    data.Rows = data.Columns = 16
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 12, 11, 0
    data.PixelData = bytes((case * 7 + number * 3 + at) % 251 for at in range(16 * 16 * 2))
    out = io.BytesIO()
    data.save_as(out, enforce_file_format=True)
    return out.getvalue()
