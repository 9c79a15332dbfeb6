"""What `covidxr.imaging.examine` says of DICOM files and NIfTI volumes."""

from __future__ import annotations

import gzip
import io
import struct
import zlib
from typing import Any

import pydicom
import pytest
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.pixels import get_decoder
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from covidxr.imaging.examine import examine, examine_header
from covidxr.model import ImageDepth, ImageFacts

STRUCTURE, FULL, HEADER = ImageDepth.STRUCTURE, ImageDepth.FULL, ImageDepth.HEADER
NOISE = bytes(zlib.crc32(bytes([n % 256, n // 256])) % 256 for n in range(20 * 30 * 4))


def nifti(
    dimensions: tuple[int, ...] = (20, 30, 4), *, order: str = "<", second: bool = False
) -> bytes:
    """Write an 8-bit volume by hand."""
    dims = (len(dimensions), *dimensions, *[1] * (7 - len(dimensions)))
    if second:
        head = struct.pack(order + "i8shh8q", 540, b"n+2\0\r\n\x1a\n", 2, 8, *dims)
        head = head.ljust(168, b"\0") + struct.pack(order + "q", 544)
        return head.ljust(544, b"\0") + NOISE
    head = struct.pack(order + "i36x8h", 348, *dims).ljust(70, b"\0")
    head += struct.pack(order + "hh", 2, 8).ljust(38, b"\0") + struct.pack(order + "f", 352)
    return head.ljust(344, b"\0") + b"n+1\0" + bytes(4) + NOISE


def dicom(
    syntax: UID = ExplicitVRLittleEndian, pixels: bytes | None = NOISE[:600], **elements: Any
) -> bytes:
    data = pydicom.Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.SOPClassUID = SecondaryCaptureImageStorage
    data.SOPInstanceUID = generate_uid()
    data.Rows, data.Columns, data.SamplesPerPixel = 20, 30, 1
    data.BitsAllocated = data.BitsStored = 8
    data.HighBit, data.PixelRepresentation = 7, 0
    data.PhotometricInterpretation = "MONOCHROME2"
    if pixels is not None:
        data.PixelData = pixels
        data["PixelData"].VR = "OB"
        data["PixelData"].is_undefined_length = syntax.is_compressed
    for word, value in elements.items():
        setattr(data, word, value)
    stream = io.BytesIO()
    data.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


def jpeg_dicom(syntax: UID = JPEGBaseline8Bit) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.frombytes("L", (30, 20), NOISE[:600]).save(stream, "JPEG")
    return dicom(syntax, encapsulate([stream.getvalue()]))


def look(data: bytes, depth: ImageDepth = STRUCTURE) -> ImageFacts:
    return examine("volumes/a.jpg", data, depth)


def kinds(facts: ImageFacts) -> list[str]:
    return [problem.kind for problem in facts.problems]


VOLUMES = {
    "NIfTI-1": nifti(),
    "NIfTI-1, big-endian": nifti(order=">"),
    "NIfTI-2": nifti(second=True),
    "NIfTI-2, big-endian": nifti(order=">", second=True),
}


@pytest.mark.parametrize("name", VOLUMES)
@pytest.mark.parametrize("depth", [HEADER, STRUCTURE, FULL])
def test_a_volume_is_recognised_and_measured_plain_or_compressed(
    name: str, depth: ImageDepth
) -> None:
    plain, packed = look(VOLUMES[name], depth), look(gzip.compress(VOLUMES[name]), depth)
    assert (plain.format, plain.width, plain.height, plain.problems) == ("NIFTI", 20, 30, ())
    assert (packed.format, packed.width, packed.height, packed.problems) == ("NIFTI.GZ", 20, 30, ())


@pytest.mark.parametrize("share", [0.5, 0.98])
@pytest.mark.parametrize("depth", [STRUCTURE, FULL])
def test_a_cut_volume_is_truncated_plain_or_compressed(share: float, depth: ImageDepth) -> None:
    for data in (nifti(), gzip.compress(nifti())):
        assert kinds(look(data[: int(len(data) * share)], depth)) == ["truncated"]
        assert kinds(look(data[:-2], depth)) == ["truncated"]


def test_a_volume_cut_before_it_was_compressed_is_truncated() -> None:
    facts = look(gzip.compress(nifti()[:-100]))
    assert kinds(facts) == ["truncated"]
    assert "100 bytes" in facts.problems[0].message


def test_a_volume_in_several_gzip_members_is_clean() -> None:
    data = nifti()
    packed = gzip.compress(data[:1000]) + gzip.compress(data[1000:])
    assert look(packed, STRUCTURE).problems == ()
    assert look(packed, FULL).problems == ()


def test_bytes_behind_a_volume_are_counted() -> None:
    for data in (nifti() + bytes(99), gzip.compress(nifti() + bytes(99))):
        assert "99 bytes" in look(data).problems[0].message
    assert "99 bytes" in look(gzip.compress(nifti()) + bytes(99)).problems[0].message
    assert look(gzip.compress(nifti()) + bytes(9)).problems == ()


def test_a_small_file_that_unpacks_to_a_very_large_one_is_not_unpacked_to_its_end() -> None:
    bomb = gzip.compress(nifti() + bytes(1 << 26), compresslevel=1)
    assert kinds(look(bomb)) == ["trailing"]


def test_a_changed_byte_inside_gzip_is_corrupt_at_full() -> None:
    data = bytearray(gzip.compress(nifti(), compresslevel=0))
    data[-200] ^= 1
    assert kinds(look(bytes(data), FULL)) == ["corrupt"]


@pytest.mark.parametrize(
    "damage",
    [
        (40, b"\x09\0"),  # nine dimensions
        (42, b"\0\0"),  # no column
        (42, b"\xff\xff"),  # fewer than none
        (70, b"\x03\0"),  # no such data type
        (108, b"\0\0\xc0\x7f"),  # voxels at a place that is no number
    ],
)
def test_a_header_that_makes_no_sense_is_corrupt(damage: tuple[int, bytes]) -> None:
    at, value = damage
    data = nifti()
    assert kinds(look(data[:at] + value + data[at + len(value) :])) == ["corrupt"]


def test_the_header_of_a_pair_needs_no_voxels() -> None:
    head = nifti()[:348].replace(b"n+1\0", b"ni1\0")
    assert (look(head).format, look(head).problems) == ("NIFTI", ())


def test_a_volume_of_one_dimension_has_no_height() -> None:
    assert look(nifti((2400,))).height is None


SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian]


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("depth", [HEADER, STRUCTURE, FULL])
def test_a_dicom_file_is_recognised_and_measured(syntax: UID, depth: ImageDepth) -> None:
    facts = look(dicom(syntax), depth)
    assert (facts.format, facts.width, facts.height) == ("DICOM", 30, 20)
    assert (facts.mode, facts.problems) == ("L", ())


def test_present_dicom_tags_are_kept_as_text() -> None:
    data = dicom(
        PatientName="Doe^Jane", PatientID="", PatientAge="045Y", Modality="DX", StudyID="left out"
    )
    assert look(data).tags == (
        ("PatientName", "Doe^Jane"),
        ("PatientID", ""),
        ("PatientAge", "045Y"),
        ("Modality", "DX"),
        ("SOPClassUID", SecondaryCaptureImageStorage),
    )


def test_several_values_of_a_tag_are_joined_as_in_dicom() -> None:
    assert ("PatientID", "a\\b") in look(dicom(PatientID=["a", "b"])).tags


@pytest.mark.parametrize("share", [0.5, 0.98])
def test_a_cut_dicom_file_is_truncated(share: float) -> None:
    for data in (dicom(), dicom(ImplicitVRLittleEndian), jpeg_dicom()):
        assert kinds(look(data[: int(len(data) * share)])) == ["truncated"]


def test_a_dicom_file_without_its_last_two_bytes_is_truncated() -> None:
    assert kinds(look(dicom()[:-2])) == ["truncated"]
    assert kinds(look(jpeg_dicom()[:-2])) == ["truncated"]


def test_pixel_data_of_another_length_than_the_header_asks_for_are_told() -> None:
    assert kinds(look(dicom(pixels=NOISE[:500]))) == ["truncated"]
    assert kinds(look(dicom(pixels=NOISE[:900]))) == ["trailing"]


def test_a_dicom_file_without_pixel_data_is_told() -> None:
    assert kinds(look(dicom(pixels=None))) == ["truncated"]
    assert kinds(look(dicom(pixels=None, Rows=None))) == ["unreadable"]


def test_the_beginning_of_a_dicom_file_is_enough_to_measure_it() -> None:
    data = dicom(PatientSex="F")
    facts = examine_header("a", data[:-100], len(data))
    assert (facts.width, facts.problems, facts.tags[0]) == (30, (), ("PatientSex", "F"))


def test_compressed_pixels_are_decoded_at_full() -> None:
    data = jpeg_dicom()
    assert look(data, FULL).problems == ()
    at = data.index(b"\xff\xc0") + 5
    damaged = data[:at] + b"\0\0\0\0\xff" + data[at + 5 :]
    assert look(damaged).problems == ()
    assert kinds(look(damaged, FULL)) == ["corrupt"]


def test_a_transfer_syntax_without_a_decoder_is_no_fault_of_the_file() -> None:
    data = jpeg_dicom(JPEGLSLossless)
    unknown = data.replace(b"1.2.840.10008.1.2.4.80", b"1.2.840.10008.1.2.4.99")
    assert unknown != data
    assert look(unknown, FULL).problems == ()
    if not get_decoder(JPEGLSLossless).is_available:
        assert look(data, FULL).problems == ()


def test_what_a_library_quotes_from_a_file_is_made_printable() -> None:
    whole = dicom()
    damaged = whole.replace(b"MONOCHROME2", b"\0ONOCHROME2")
    assert damaged != whole
    problems = examine("a.dcm", damaged, ImageDepth.FULL).problems
    assert all(problem.message.isprintable() for problem in problems)
