"""Nothing that a file holds makes `covidxr.imaging.examine` raise."""

from __future__ import annotations

import gzip
import io
import struct
from typing import Any

import pydicom
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from covidxr.imaging.examine import examine, examine_header
from covidxr.model import ImageDepth

KINDS = {"unreadable", "empty", "truncated", "corrupt", "trailing"}
MAGIC = [
    b"",
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF89a",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"BM" + bytes(12) + b"\x28\0\0\0",
    b"RIFF\x40\0\0\0WEBP",
    bytes(128) + b"DICM",
    struct.pack("<i340x4s", 348, b"n+1\0"),
    struct.pack("<i8s", 540, b"n+2\0\r\n\x1a\n"),
    b"\x1f\x8b\x08\0\0\0\0\0\0\xff",
    b"<html><title>",
]


def saved(kind: str, mode: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    Image.linear_gradient("L").resize((17, 13)).convert(mode).save(stream, kind, **options)
    return stream.getvalue()


def dicom() -> bytes:
    data = pydicom.Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    data.PatientName, data.StudyDate, data.PatientAge = "Doe^Jane", "20200102", "045Y"
    data.Rows, data.Columns, data.SamplesPerPixel, data.BitsAllocated = 4, 6, 1, 8
    data.BitsStored, data.HighBit, data.PixelRepresentation = 8, 7, 0
    data.PhotometricInterpretation, data.PixelData = "MONOCHROME2", bytes(24)
    data["PixelData"].VR = "OB"
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


NIFTI = struct.pack("<i36x8h14xhh34xf232x4s4x", 348, 3, 4, 3, 2, 1, 1, 1, 1, 2, 8, 352, b"n+1\0")
EXIF = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x25\x88\x04\0\x01\0\0\0\x1a\0\0\0" + bytes(6)
SEEDS = [
    saved("JPEG", "RGB", exif=EXIF),
    saved("JPEG", "L", progressive=True),
    saved("PNG", "RGB"),
    saved("PNG", "P"),
    saved("GIF", "P"),
    saved("TIFF", "L"),
    saved("TIFF", "RGB", compression="tiff_lzw"),
    saved("BMP", "RGB"),
    saved("WEBP", "RGB"),
    saved("WEBP", "RGBA", lossless=True),
    NIFTI + bytes(24),
    gzip.compress(NIFTI + bytes(24), mtime=0),
    dicom(),
]


def test_the_seeds_are_clean() -> None:
    for seed in SEEDS:
        assert examine("a", seed, ImageDepth.FULL).problems == ()


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """Cut a small file, change some of its bytes or set a block of them to zero."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(data) - 1))
        data[at] = draw(st.integers(0, 255))
    if draw(st.booleans()):
        at, length = draw(st.integers(0, len(data))), draw(st.integers(0, 64))
        data[at : at + length] = bytes(len(data[at : at + length]))
    if draw(st.booleans()):
        del data[draw(st.integers(0, len(data))) :]
    return bytes(data)


def check(data: bytes, depth: ImageDepth) -> None:
    facts = examine("a", data, depth)
    assert {problem.kind for problem in facts.problems} <= KINDS
    assert all(problem.message.isprintable() for problem in facts.problems)
    assert len(facts.problems) <= 2
    assert facts.bytes == len(data)
    assert (facts.format != "") or facts.problems


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(MAGIC), st.binary(max_size=600), st.sampled_from(ImageDepth))
def test_arbitrary_bytes_never_raise(magic: bytes, rest: bytes, depth: ImageDepth) -> None:
    if depth is not ImageDepth.NONE:
        check(magic + rest, depth)


@settings(max_examples=1000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutations(), st.sampled_from([ImageDepth.HEADER, ImageDepth.STRUCTURE, ImageDepth.FULL]))
def test_damaged_files_never_raise(data: bytes, depth: ImageDepth) -> None:
    check(data, depth)


@settings(max_examples=300, deadline=None)
@given(mutations(), st.integers(0, 5000), st.integers(0, 5000))
def test_a_beginning_of_a_file_never_raises(data: bytes, cut: int, more: int) -> None:
    head = data[:cut]
    facts = examine_header("a", head, len(head) + more)
    assert {problem.kind for problem in facts.problems} <= KINDS


@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_every_way_to_cut_a_small_file_is_told(seed: bytes) -> None:
    for length in range(len(seed) - 1):
        facts = examine("a", seed[:length], ImageDepth.STRUCTURE)
        assert facts.problems, length
