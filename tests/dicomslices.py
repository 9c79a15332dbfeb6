"""Made-up DICOM series of known geometry, and NIfTI volumes made by nibabel."""

from __future__ import annotations

import gzip
import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import nibabel as nib
import numpy as np
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

if TYPE_CHECKING:
    from numpy.typing import NDArray

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CORONAL = (1.0, 0.0, 0.0, 0.0, 0.0, -1.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)
# Turned by 30 degrees about the patient's long axis, then by 20 about the row.
OBLIQUE = (0.8660254, 0.5, 0.0, -0.46984631, 0.81379768, 0.34202014)


@dataclass(frozen=True, kw_only=True)
class Made:
    """A series: where it lies, and one bright voxel in it."""

    count: int = 12
    rows: int = 6
    columns: int = 8
    orientation: tuple[float, ...] = AXIAL
    spacing: tuple[float, float] = (0.75, 0.5)
    origin: tuple[float, float, float] = (-31.5, 12.25, 100.0)
    step: tuple[float, float, float] | None = None
    distance: float = 2.5
    bright: tuple[int, int, int] = (1, 4, 3)
    signed: bool = True
    bits: int = 12
    slopes: tuple[tuple[float, float], ...] = ((1.0, 0.0),)
    uid: str = "1.2.3"
    extra: dict[str, Any] = field(default_factory=dict)

    def position(self, index: float) -> NDArray[np.float64]:
        """Where a slice begins: left, back, head."""
        return np.add(self.origin, np.multiply(self.way(), index))

    def way(self) -> NDArray[np.float64]:
        if self.step is not None:
            return np.asarray(self.step)
        return np.cross(self.orientation[:3], self.orientation[3:]) * self.distance

    def bright_place(self) -> NDArray[np.float64]:
        """Where the bright voxel lies, in NIfTI's directions: right, front, head."""
        column, row, index = self.bright
        place = self.position(index)
        place = place + np.multiply(self.orientation[:3], column * self.spacing[1])
        place = place + np.multiply(self.orientation[3:], row * self.spacing[0])
        return place * (-1.0, -1.0, 1.0)

    def stored(self, index: int) -> NDArray[Any]:
        """Stored numbers of a slice, with every one different."""
        kind = np.dtype(f"{'i' if self.signed else 'u'}{2 if self.bits > 8 else 1}")
        plane = np.arange(self.rows * self.columns).reshape(self.rows, self.columns) + index
        if self.signed:
            plane = plane - 20
        if index == self.bright[2]:
            plane[self.bright[1], self.bright[0]] = 120
        return plane.astype(kind)

    def dataset(self, index: int, at: float | None = None) -> pydicom.Dataset:
        data = pydicom.Dataset()
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        data.SOPInstanceUID = f"{self.uid}.{index + 1}"
        data.SeriesInstanceUID, data.Modality, data.InstanceNumber = self.uid, "CT", index + 1
        data.PatientName, data.PatientID = "Doe^Jane", "secret-7"
        data.ImageOrientationPatient = [round(each, 8) for each in self.orientation]
        place = self.position(index if at is None else at)
        data.ImagePositionPatient = [round(float(each), 6) for each in place]
        data.PixelSpacing = list(self.spacing)
        self.describe(data)
        slope, intercept = self.slopes[index % len(self.slopes)]
        data.RescaleSlope, data.RescaleIntercept = slope, intercept
        data.PixelData = self.stored(index).tobytes()
        data["PixelData"].VR = "OW" if self.bits > 8 else "OB"
        for word, value in self.extra.items():
            setattr(data, word, value)
        return data

    def describe(self, data: pydicom.Dataset) -> None:
        data.Rows, data.Columns, data.SamplesPerPixel = self.rows, self.columns, 1
        data.BitsAllocated = 16 if self.bits > 8 else 8
        data.BitsStored, data.HighBit = self.bits, self.bits - 1
        data.PixelRepresentation = int(self.signed)
        data.PhotometricInterpretation = "MONOCHROME2"

    def files(self, *places: float) -> dict[str, bytes]:
        """The series as files; `places` are counted in steps, evenly unless they are given."""
        at = places or tuple(range(self.count))
        return {
            f"{index:03}.dcm": saved(self.dataset(index, place)) for index, place in enumerate(at)
        }

    def values(self) -> NDArray[np.float64]:
        """What the volume must hold, by column, row and slice."""
        planes = [
            self.stored(index).astype(float) * self.slopes[index % len(self.slopes)][0]
            + self.slopes[index % len(self.slopes)][1]
            for index in range(self.count)
        ]
        return np.stack([plane.T for plane in planes], axis=2)


def saved(data: pydicom.Dataset) -> bytes:
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def enhanced(made: Made) -> bytes:
    """The same series as one multi-frame file, its frames in the order of their numbers."""
    data = made.dataset(0)
    for word in ("ImageOrientationPatient", "ImagePositionPatient", "PixelSpacing"):
        delattr(data, word)
    del data.RescaleSlope, data.RescaleIntercept
    data.NumberOfFrames = made.count
    shared, orientation, measures = pydicom.Dataset(), pydicom.Dataset(), pydicom.Dataset()
    orientation.ImageOrientationPatient = [round(each, 8) for each in made.orientation]
    measures.PixelSpacing = list(made.spacing)
    shared.PlaneOrientationSequence = Sequence([orientation])
    shared.PixelMeasuresSequence = Sequence([measures])
    data.SharedFunctionalGroupsSequence = Sequence([shared])
    data.PerFrameFunctionalGroupsSequence = Sequence(
        [_frame(made, index) for index in range(made.count)]
    )
    data.PixelData = b"".join(made.stored(index).tobytes() for index in range(made.count))
    data["PixelData"].VR = "OW"
    return saved(data)


def _frame(made: Made, index: int) -> pydicom.Dataset:
    group, place, values = pydicom.Dataset(), pydicom.Dataset(), pydicom.Dataset()
    place.ImagePositionPatient = [round(float(each), 6) for each in made.position(index)]
    values.RescaleSlope, values.RescaleIntercept = made.slopes[index % len(made.slopes)]
    group.PlanePositionSequence = Sequence([place])
    group.PixelValueTransformationSequence = Sequence([values])
    return group


def chest(made: Made) -> Made:
    """A series of numbers as of a scanner: 1024 more than Hounsfield units."""
    return replace(made, slopes=((10.0, -1000.0),), signed=False)


def volume(
    values: NDArray[Any],
    affine: NDArray[Any] | None = None,
    *,
    units: str | None = "mm",
    packed: bool = True,
    **fields: Any,
) -> bytes:
    """A NIfTI file as nibabel writes it; without an affine it is placed nowhere."""
    image = nib.Nifti1Image(values, np.eye(4) if affine is None else affine)
    code = 0 if affine is None else 1
    image.set_sform(image.affine, code)
    image.set_qform(image.affine, code)
    if units:
        image.header.set_xyzt_units(units)
    for name, value in fields.items():
        image.header[name] = value
    data: bytes = image.to_bytes()
    return gzip.compress(data, compresslevel=1, mtime=0) if packed else data


def scan(shape: tuple[int, int, int] = (20, 18, 16)) -> NDArray[np.int16]:
    """Air with a body of water in it, in Hounsfield units."""
    values = np.full(shape, -1000, np.int16)
    values[5:15, 4:14, :] = 40
    return values
