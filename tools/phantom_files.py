"""Phantoms as the bytes of files: JPEG, PNG, DICOM, NIfTI.

Owns the encodings. Nothing that changes from run to run gets into the bytes: no clock, no
software version, no random identifier. Opens no file.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

import nibabel as nib
import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ComputedRadiographyImageStorage, ExplicitVRLittleEndian
from tools.phantom_raster import Mask, Pixels, digest

if TYPE_CHECKING:
    from tools.phantom_ct import Volume

Whole: TypeAlias = npt.NDArray[np.unsignedinteger[Any]]

JPEG_QUALITY = 88
STORED_BITS = 12  # what a detector delivers, in 16-bit PNG and in DICOM
DETECTOR_MM = 350.0  # width of the detector, hence the spacing of the DICOM radiograph


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a DICOM header says of its patient, all of it invented."""

    patient: str
    sex: str
    age_years: int
    study_date: str  # YYYYMMDD
    view: str
    description: str


def jpeg(pixels: Pixels) -> bytes:
    """Encode brightness 0..1 as an 8-bit grey JPEG."""
    buffer = BytesIO()
    Image.fromarray(_whole(pixels, 8)).save(buffer, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return buffer.getvalue()


def png(pixels: Pixels) -> bytes:
    """Encode brightness 0..1 as an 8-bit grey PNG."""
    return _png(_whole(pixels, 8))


def deep_png(pixels: Pixels) -> bytes:
    """Encode brightness 0..1 as a 16-bit grey PNG whose upper 12 bits are in use."""
    return _png(_whole(pixels, STORED_BITS) * (1 << (16 - STORED_BITS)))


def mask_png(mask: Mask, licence: str) -> bytes:
    """Encode a mask as an 8-bit PNG of 0 and 255 that names its licence."""
    note = PngInfo()
    note.add_text("Copyright", f"{licence}; synthetic lung mask, exact by construction")
    return _png(np.where(mask, 255, 0).astype(np.uint8), note)


def dicom(pixels: Pixels, identity: Identity) -> bytes:
    """Encode brightness 0..1 as a DICOM radiograph: 16 bits, 12 of them stored, no compression.

    Attributes are those of the CR image module and of patient, study and series: DICOM PS3.3, A.2.
    """
    stored = _whole(pixels, STORED_BITS)
    rows, columns = stored.shape
    spacing = round(DETECTOR_MM / columns, 4)
    item = Dataset()
    item.SOPClassUID = ComputedRadiographyImageStorage
    item.SOPInstanceUID = _uid("instance", identity.patient)
    item.StudyInstanceUID = _uid("study", identity.patient)
    item.SeriesInstanceUID = _uid("series", identity.patient)
    item.ImageType = ["DERIVED", "PRIMARY"]
    item.StudyDate = item.AcquisitionDate = identity.study_date
    item.StudyTime = item.AccessionNumber = item.ReferringPhysicianName = ""
    item.PatientBirthDate = item.Laterality = item.PatientOrientation = ""
    item.Modality, item.BodyPartExamined = "CR", "CHEST"
    item.Manufacturer = "tools/draw_collection.py"
    item.StudyID = item.SeriesNumber = item.InstanceNumber = "1"
    item.StudyDescription = identity.description
    item.PatientName, item.PatientID = "SYNTHETIC^PHANTOM", identity.patient
    item.PatientSex, item.PatientAge = identity.sex, f"{identity.age_years:03}Y"
    item.PatientIdentityRemoved = "YES"
    item.DeidentificationMethod = "Synthetic phantom: there is no person"
    item.BurnedInAnnotation, item.ViewPosition = "NO", identity.view
    item.ImagerPixelSpacing = item.PixelSpacing = [spacing, spacing]
    item.SamplesPerPixel, item.PhotometricInterpretation = 1, "MONOCHROME2"
    item.Rows, item.Columns, item.PixelRepresentation = rows, columns, 0
    item.BitsAllocated, item.BitsStored, item.HighBit = 16, STORED_BITS, STORED_BITS - 1
    item.WindowCenter, item.WindowWidth = "2048", "4096"
    item.PixelData = stored.astype("<u2").tobytes()
    item["PixelData"].VR = "OW"
    item.file_meta = _file_meta(item)
    buffer = BytesIO()
    item.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def nifti(volume: Volume, affine: Pixels, description: str) -> bytes:
    """Encode a volume as a gzipped NIfTI-1 file in scanner coordinates, millimetres."""
    image = nib.Nifti1Image(volume, affine)
    image.set_qform(affine, code=1)
    image.set_sform(affine, code=1)
    image.header.set_xyzt_units("mm")
    image.header["descrip"] = description.encode("ascii")
    return gzip.compress(image.to_bytes(), mtime=0)


def _whole(pixels: Pixels, bits: int) -> Whole:
    kind = np.uint8 if bits <= 8 else np.uint16
    whole: Whole = np.round(pixels * ((1 << bits) - 1)).astype(kind)
    return whole


def _png(pixels: Whole, note: PngInfo | None = None) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", optimize=True, pnginfo=note)
    return buffer.getvalue()


def _uid(*key: object) -> str:
    """Return a UID below 2.25, the root of UIDs made from a 128-bit number (DICOM PS3.5, B.2)."""
    return f"2.25.{int.from_bytes(digest('uid', *key)[:16], 'big')}"


def _file_meta(item: Dataset) -> FileMetaDataset:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = item.SOPClassUID
    meta.MediaStorageSOPInstanceUID = item.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = _uid("implementation")
    meta.ImplementationVersionName = "SYNTHETIC"
    return meta
