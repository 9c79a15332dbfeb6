"""Any file of a collection as a picture of eight bits to look at."""

from __future__ import annotations

import gzip
import io
from typing import Any

import nibabel
import numpy as np
import pytest
from pydicom import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian
from tests import candidates

from covidxr.imaging.viewing import eight_bits, quick_png, small_jpeg


def dicom(stored: Any, **elements: Any) -> bytes:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
    made.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    frames = stored if stored.ndim == 3 else stored[None]
    made.Rows, made.Columns = frames.shape[1:]
    if stored.ndim == 3:
        made.NumberOfFrames = len(frames)
    made.BitsAllocated = made.BitsStored = 16
    made.HighBit, made.SamplesPerPixel = 15, 1
    made.PixelRepresentation = int(stored.dtype.kind == "i")
    made.PhotometricInterpretation = "MONOCHROME2"
    for name, value in elements.items():
        setattr(made, name, value)
    made.PixelData = stored.tobytes()
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=True)
    return written.getvalue()


RAMP = np.arange(0, 1000, 10, dtype=np.uint16).reshape(10, 10)


def test_dicom_without_a_window_shows_all_its_values() -> None:
    pixels = eight_bits(dicom(RAMP))
    assert pixels is not None
    assert pixels.dtype == np.uint8
    assert pixels.shape == (10, 10)
    assert (pixels[0, 0], pixels[-1, -1]) == (0, 255)
    assert (np.diff(pixels.ravel().astype(int)) >= 0).all()


def test_dicom_is_shown_through_its_own_window() -> None:
    pixels = eight_bits(dicom(RAMP, WindowCenter=500, WindowWidth=100))
    assert pixels is not None
    assert set(pixels[:4].ravel()) == {0}
    assert set(pixels[6:].ravel()) == {255}
    assert 0 < pixels[5, 0] < 255


def test_monochrome1_is_black_for_white() -> None:
    plain = eight_bits(dicom(RAMP))
    inverted = eight_bits(dicom(RAMP, PhotometricInterpretation="MONOCHROME1"))
    assert plain is not None
    assert inverted is not None
    assert np.array_equal(inverted, 255 - plain)


def test_hounsfield_units_are_shown_through_the_lung_window() -> None:
    stored = np.array([[-1350, -600], [150, 2000]], dtype=np.int16)
    pixels = eight_bits(dicom(stored, RescaleSlope=1, RescaleIntercept=0))
    assert pixels is not None
    assert pixels.tolist() == [[0, 128], [255, 255]]


def test_of_several_frames_the_middle_one_is_shown() -> None:
    frames = np.stack([np.zeros_like(RAMP), RAMP, np.zeros_like(RAMP)])
    pixels = eight_bits(dicom(frames))
    assert pixels is not None
    assert pixels[-1, -1] == 255


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("kind", [np.int16, np.float32, np.uint8])
def test_of_a_volume_the_middle_slice_is_shown_upright(kind: Any, *, packed: bool) -> None:
    volume = np.zeros((6, 4, 5), kind)
    volume[:, 3, 2] = 100
    image: Any = nibabel.Nifti1Image(volume, np.eye(4))
    written: bytes = image.to_bytes()
    pixels = eight_bits(gzip.compress(written) if packed else written)
    assert pixels is not None
    assert pixels.shape == (4, 6)
    # The second axis goes upwards: its last place is the first row.
    assert (pixels[0] == 255).all()
    assert (pixels[1:] == 0).all()


def test_slope_and_intercept_of_a_volume_are_applied() -> None:
    volume = np.full((4, 4, 1), 750, np.int16)
    volume[0, 0] = 0
    image: Any = nibabel.Nifti2Image(volume, np.eye(4))
    image.header.set_slope_inter(2, -2100)
    pixels = eight_bits(image.to_bytes())
    assert pixels is not None
    # 750 * 2 - 2100 is -600, the middle of the lung window.
    assert pixels[0, 3] == 128
    assert pixels[3, 0] == 0


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text",
        dicom(RAMP)[:-150],
        bytes(128) + b"DICM",
        gzip.compress(bytes(range(200))),
        candidates.picture(1)[:100],
    ],
)
def test_what_cannot_be_shown_is_nothing(data: bytes) -> None:
    assert eight_bits(data) is None


def test_a_huge_dicom_file_is_not_decoded() -> None:
    assert eight_bits(dicom(RAMP, Rows=20_000, Columns=10_000)) is None


def test_pictures_are_shown_as_they_are() -> None:
    pixels = eight_bits(candidates.picture(1))
    assert pixels is not None
    again = eight_bits(quick_png(pixels))
    assert again is not None
    assert np.array_equal(pixels, again)


def test_a_thumbnail_keeps_red_red() -> None:
    red = np.zeros((50, 100, 3), np.uint8)
    red[:, :, 0] = 250
    small = eight_bits(small_jpeg(red, 20))
    assert small is not None
    assert small.shape == (10, 20, 3)
    assert small[5, 5, 0] > 200
    assert small[5, 5, 2] < 50
