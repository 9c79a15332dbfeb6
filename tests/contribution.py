"""What a contributor may send, made by tests, and cleaners that stand in for the real ones.

The real cleaners are `covidxr.ingestclean.cleaning()`: a test that is to run on them takes that in
the place of :func:`cleaning` here.
"""

from __future__ import annotations

import gzip
import io
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from covidxr import ingestclean
from covidxr.imaging.formats import recognise
from covidxr.ingesting import CleanDicom, CleanFile, Cleaning, CleanPicture, UnfitError

if TYPE_CHECKING:
    from collections.abc import Sequence

NAME = "Mustermann^Erika"
"""Stands in every DICOM file that is made here, and must stand in nothing that is kept."""

PATIENT, BORN, HOSPITAL = "MRN-4711-X", "19660401", "St. Nirgendwo"
IDENTITY = (NAME, "Mustermann", PATIENT, BORN, HOSPITAL)

_SHIFT_DAYS = 100


def dicom(number: int = 1, **tags: Any) -> bytes:
    """A radiograph of 12 bits with identity in it; another picture for each number."""
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian, generate_uid

    noise = np.random.default_rng(number)
    coarse = Image.fromarray(noise.integers(0, 4096, (5, 6)).astype(np.int32))
    pixels = np.asarray(coarse.resize((96, 80), Image.Resampling.BICUBIC)).clip(0, 4095)
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[f"i{number}"])
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    made.SOPClassUID = meta.MediaStorageSOPClassUID
    made.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    made.PatientName, made.PatientID, made.PatientBirthDate = NAME, PATIENT, BORN
    made.InstitutionName = HOSPITAL
    made.PatientSex, made.PatientAge = "F", "054Y"
    made.Modality, made.ViewPosition = "CR", "PA"
    made.StudyDate = made.AcquisitionDate = "20200310"
    made.StudyInstanceUID = generate_uid(entropy_srcs=["study"])
    made.SeriesInstanceUID = generate_uid(entropy_srcs=[f"series{number}"])
    made.Rows, made.Columns = pixels.shape
    made.SamplesPerPixel, made.PhotometricInterpretation = 1, "MONOCHROME2"
    made.BitsAllocated, made.BitsStored, made.HighBit = 16, 12, 11
    made.PixelRepresentation = 0
    made.PixelData = pixels.astype(np.uint16).tobytes()
    for name, value in tags.items():
        setattr(made, name, value)
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=True)
    return written.getvalue()


def slices(count: int = 4, **tags: Any) -> list[bytes]:
    """The slices of a CT series."""
    from pydicom.uid import generate_uid

    return [
        dicom(
            100 + at,
            Modality="CT",
            ViewPosition="",
            SeriesInstanceUID=generate_uid(entropy_srcs=["ct"]),
            ImagePositionPatient=[0, 0, at * 5],
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
            PixelSpacing=[1, 1],
            SliceThickness=5,
            RescaleIntercept=-1024,
            RescaleSlope=1,
            **tags,
        )
        for at in range(count)
    ]


def jpeg(number: int = 1) -> bytes:
    """A picture with a position and a name in its metadata."""
    exif = Image.Exif()
    exif[0x013B] = NAME
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 0.0, 0.0), 3: "E", 4: (13.0, 0.0, 0.0)})
    written = io.BytesIO()
    _picture(number).save(written, "JPEG", exif=exif, comment=NAME.encode())
    return written.getvalue()


def png(number: int = 1) -> bytes:
    """A picture with a name in a text chunk."""
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Comment", NAME)
    written = io.BytesIO()
    _picture(number).save(written, "PNG", pnginfo=texts)
    return written.getvalue()


def nifti(number: int = 1) -> bytes:
    """A packed volume with a name in its header."""
    import nibabel

    noise = np.random.default_rng(number)
    voxels = noise.integers(-1000, 1000, (8, 9, 7)).astype(np.int16)
    made = nibabel.Nifti1Image(voxels, np.diag([1.0, 1.0, 5.0, 1.0]))
    made.header["descrip"] = NAME.encode()
    return gzip.compress(made.to_bytes(), mtime=0)


def _picture(number: int) -> Image.Image:
    noise = np.random.default_rng(1000 + number)
    coarse = Image.fromarray(noise.integers(0, 256, (7, 8)).astype(np.uint8))
    return coarse.resize((90, 110), Image.Resampling.BICUBIC)


def cleaning(**others: Any) -> Cleaning:
    """Simple cleaners that work; only what is read where a file belongs is the real one."""
    made = Cleaning(
        look=ingestclean._look,
        dicom=_dicom,
        picture=_rendered,
        strip=_strip,
        volume=_volume,
        series=_series,
    )
    return replace(made, **others)


_KEPT = ("PatientSex", "PatientAge", "Modality", "ViewPosition", "ImagePositionPatient", "Rows")
_PIXELS = (
    *("Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated", "BitsStored"),
    *("HighBit", "PixelRepresentation", "PixelData", "SOPClassUID"),
)


def _dicom(data: bytes, secret: bytes) -> CleanDicom:
    from pydicom import dcmread
    from pydicom.dataset import Dataset

    was = dcmread(io.BytesIO(data))
    if was.get("BurnedInAnnotation") == "YES":
        raise UnfitError("words are burnt into its picture")
    made = Dataset()
    for name in (*_KEPT, *_PIXELS):
        if name in was:
            made[name] = was[name]
    made.file_meta = was.file_meta
    written = io.BytesIO()
    made.save_as(written, enforce_file_format=False)
    return CleanDicom(
        data=written.getvalue(),
        tags={name: str(was[name].value) for name in _KEPT if name in was},
        study="2.25.1",
        sex=str(was.get("PatientSex", "")),
        age=str(was.get("PatientAge", "")),
        view=str(was.get("ViewPosition", "")),
        modality=str(was.get("Modality", "")),
        acquired_on=_earlier(str(was.get("AcquisitionDate", ""))),
    )


def _earlier(day: str) -> str:
    import datetime as dt

    if not day:
        return ""
    moved = dt.date.fromisoformat(day) - dt.timedelta(days=_SHIFT_DAYS)
    return moved.isoformat()


def _pixels(data: bytes) -> tuple[Any, Any]:
    from pydicom import dcmread

    read = dcmread(io.BytesIO(data), force=True)
    shape = (int(read.Rows), int(read.Columns))
    return read, np.frombuffer(read.PixelData, np.uint16).reshape(shape)


def _rendered(data: bytes) -> CleanPicture:
    _, values = _pixels(data)
    return CleanPicture(
        png8=_png(Image.fromarray((values >> 4).astype(np.uint8))),
        png16=_png(Image.fromarray(values)),
        numbers={"slope": 1, "offset": 0},
    )


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def _strip(data: bytes) -> CleanFile:
    kind = recognise(data[:4096])
    if kind not in {"JPEG", "PNG"}:
        raise UnfitError(f"{kind} is not stripped here: save it as PNG")
    with Image.open(io.BytesIO(data)) as was:
        bare = Image.frombytes(was.mode, was.size, was.tobytes())
        written = io.BytesIO()
        bare.save(written, kind)
    return CleanFile(data=written.getvalue(), removed=("texts",))


def _volume(data: bytes) -> CleanFile:
    inside = bytearray(gzip.decompress(data))
    inside[148:228] = bytes(80)  # descrip
    return CleanFile(data=gzip.compress(bytes(inside), mtime=0))


def _series(files: Sequence[bytes]) -> list[CleanFile]:
    import nibabel

    read = sorted((_pixels(data) for data in files), key=lambda each: _height(each[0]))
    places = [_height(each) for each, _ in read]
    if len(set(places)) < len(places):
        raise UnfitError("two of its slices lie at one place")
    voxels = np.stack([values.T.astype(np.int16) for _, values in read], axis=2)
    made = nibabel.Nifti1Image(voxels, np.diag([1.0, 1.0, 5.0, 1.0]))
    return [CleanFile(data=gzip.compress(made.to_bytes(), mtime=0))]


def _height(read: Any) -> float:
    return float(read.ImagePositionPatient[2])


def deflated(unpacked: int, *, damaged: bool = False) -> bytes:
    """A DICOM file whose elements are deflated and unpack to so many bytes of one private one."""
    import zlib

    meta = _element("UI", 0x10, b"1.2.840.10008.1.2.1.99")
    length = struct.pack("<HH2sHI", 2, 0, b"UL", 4, len(meta))
    squeezing = zlib.compressobj(wbits=-15)
    packed = squeezing.compress(struct.pack("<HH2sHI", 9, 0x1010, b"OB", 0, unpacked))
    for _ in range(unpacked >> 20):
        packed += squeezing.compress(bytes(1 << 20))
    packed += squeezing.flush()
    return bytes(128) + b"DICM" + length + meta + (b"\xff" * 99 if damaged else packed)


def _element(kind: str, number: int, value: bytes) -> bytes:
    value += bytes(len(value) % 2)
    return struct.pack("<HH2sH", 2, number, kind.encode(), len(value)) + value


def encrypted(archive: bytes) -> bytes:
    """Mark every member of a ZIP archive as encrypted, without encrypting it."""
    marked = bytearray(archive)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := archive.find(signature, start)) >= 0:
            (flags,) = struct.unpack_from("<H", marked, start + at)
            struct.pack_into("<H", marked, start + at, flags | 1)
            start += 4
    return bytes(marked)
