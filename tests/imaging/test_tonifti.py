"""A DICOM series becomes a NIfTI volume with every voxel where it was in the patient."""

from __future__ import annotations

import gzip
import io
import random
from pathlib import Path
from typing import Any

import nibabel as nib
import numpy as np
import pydicom
import pytest
from tests.dicomslices import CORONAL, OBLIQUE, SAGITTAL, Made, enhanced, saved

from covidxr.imaging.examine import examine
from covidxr.imaging.series import Flaw, Stack, sort_slices
from covidxr.imaging.slices import read_slices
from covidxr.imaging.tonifti import REFUSED, convert
from covidxr.model import FileProblem, ImageDepth

BUNDLED = Path(pydicom.__file__).parent / "data/test_files/dicomdirtests/98892001/CT5N"
"""Five slices of a CT that pydicom brings along."""


def stack_of(files: dict[str, bytes]) -> Stack:
    slices = [each for name, data in files.items() for each in read_slices(name, data)[0]]
    return sort_slices(slices)[0]


def converted(files: dict[str, bytes], *agreed: Flaw) -> bytes:
    made = convert(stack_of(files), files.__getitem__, frozenset(agreed))
    assert isinstance(made, bytes), made
    return made


def refused(files: dict[str, bytes], *agreed: Flaw) -> str:
    made = convert(stack_of(files), files.__getitem__, frozenset(agreed))
    assert isinstance(made, FileProblem)
    return made.message


def loaded(data: bytes) -> Any:
    return nib.Nifti1Image.from_bytes(gzip.decompress(data))


def brightest(image: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The brightest voxel's number, and its place by the image's affine."""
    values = image.get_fdata()
    voxel = np.array(np.unravel_index(values.argmax(), values.shape))
    return voxel, nib.affines.apply_affine(image.affine, voxel)


SERIES = {
    "axial": Made(),
    "coronal": Made(orientation=CORONAL),
    "sagittal": Made(orientation=SAGITTAL),
    "oblique": Made(orientation=OBLIQUE),
    "from the head downwards": Made(distance=-2.5),
    "feet first": Made(orientation=(-1.0, 0.0, 0.0, 0.0, 1.0, 0.0)),
    "oblique, backwards": Made(orientation=OBLIQUE, distance=-1.25, spacing=(0.5, 0.9)),
    "tilted": Made(step=(0.0, 0.9, 2.5)),
    "unsigned": Made(signed=False),
    "eight bits": Made(signed=False, bits=8),
    "sixteen bits": Made(bits=16),
    "rescaled": Made(slopes=((2.0, -1024.0),), signed=False),
    "a slope a slice": Made(slopes=((1.21, 5.5), (0.37, 0.0), (0.9, 0.0))),
}


@pytest.mark.parametrize("name", SERIES)
def test_the_bright_voxel_lies_where_it_was_in_the_patient(name: str) -> None:
    made = SERIES[name]
    files = list(made.files().items())
    random.Random(7).shuffle(files)  # noqa: S311 - to be repeated, not secret
    image = loaded(converted(dict(files)))
    _, place = brightest(image)
    assert np.allclose(place, made.bright_place(), atol=1e-4)
    assert image.header.get_xyzt_units()[0] == "mm"
    assert nib.affines.voxel_sizes(image.affine)[:2] == pytest.approx(made.spacing[::-1], rel=1e-5)


@pytest.mark.parametrize("name", SERIES)
def test_every_value_is_kept(name: str) -> None:
    made = SERIES[name]
    image = loaded(converted(made.files()))
    expected = made.values()
    upwards = np.dot(made.way(), np.cross(made.orientation[:3], made.orientation[3:])) > 0
    assert np.allclose(image.get_fdata(), expected if upwards else expected[:, :, ::-1], rtol=1e-6)


def test_sform_and_qform_agree_unless_the_gantry_was_tilted() -> None:
    straight, tilted = (loaded(converted(SERIES[name].files())) for name in ("oblique", "tilted"))
    assert np.allclose(straight.get_qform(), straight.get_sform(), atol=1e-5)
    assert (straight.get_qform(coded=True)[1], straight.get_sform(coded=True)[1]) == (1, 1)
    assert (tilted.get_qform(coded=True)[1], tilted.get_sform(coded=True)[1]) == (0, 1)


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (Made(), "int16"),
        (Made(signed=False, bits=12, slopes=((1.0, -1024.0),)), "int16"),
        (Made(signed=False, bits=16, slopes=((1.0, -1024.0),)), "int16"),
        (Made(signed=False, bits=16, slopes=((1.0, 32_700.0),)), "float32"),
        (Made(slopes=((0.5, 0.0),)), "float32"),
        (Made(slopes=((1.0, 0.25),)), "float32"),
        (Made(slopes=((1000.0, 0.0),)), "float32"),
    ],
)
def test_sixteen_bits_are_used_where_they_hold_every_value(made: Made, kind: str) -> None:
    assert loaded(converted(made.files())).get_data_dtype() == np.dtype(kind)


def test_the_same_slices_give_the_same_bytes() -> None:
    files = Made().files()
    once = converted(files)
    assert converted(dict(reversed(files.items()))) == once
    assert once[4:8] == bytes(4)  # no time of writing
    assert once[3] == 0  # no name


def test_nothing_of_the_patient_gets_into_the_volume() -> None:
    data = gzip.decompress(converted(Made().files()))
    for word in (b"Doe", b"secret", b"1.2.3"):
        assert word not in data
    assert loaded(converted(Made().files())).header["descrip"].item().isascii()


@pytest.mark.parametrize("distance", [2.5, -2.5])
def test_an_enhanced_file_gives_the_same_volume_as_its_slices(distance: float) -> None:
    made = Made(orientation=OBLIQUE, slopes=((1.0, -7.0), (2.0, 3.0)), bits=16, distance=distance)
    assert converted({"all.dcm": enhanced(made)}) == converted(made.files())


def test_what_was_written_is_a_sound_volume_in_the_patients_space() -> None:
    facts = examine("volumes/a.nii.gz", converted(Made().files()), ImageDepth.FULL)
    assert facts.problems == ()
    assert facts.volume is not None
    assert (facts.volume.shape, facts.volume.axes) == ((8, 6, 12), "LPS")
    assert facts.volume.spacing == (0.5, 0.75, 2.5)


def without(word: str) -> dict[str, bytes]:
    files = {}
    for index in range(5):
        data = Made().dataset(index)
        delattr(data, word)
        files[f"{index}.dcm"] = saved(data)
    return files


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (Made().files(0, 1, 2, 4), "slices are missing"),
        (Made().files(0, 1, 2, 3.3), "its slices are not evenly spaced"),
        (Made().files(0, 1, 1, 2), "slices lie where another does"),
        (
            Made().files() | {"c": Made(orientation=CORONAL).files()["000.dcm"]},
            "its series holds several stacks",
        ),
    ],
)
def test_what_leaves_a_doubt_is_refused_unless_agreed_to(
    files: dict[str, bytes], words: str
) -> None:
    assert refused(files) == f"the series is not converted: {words}"
    converted(files, *REFUSED)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (without("ImagePositionPatient"), "do not say where in the patient"),
        (without("ImageOrientationPatient"), "do not say where in the patient"),
        (without("PixelSpacing"), "how far apart its pixels are"),
        (Made(count=1).files(), "it is one slice"),
        (Made(extra={"ModalityLUTSequence": [pydicom.Dataset()]}).files(), "by a table"),
        (Made(extra={"SamplesPerPixel": 3}).files(), "colours"),
        (Made(extra={"Rows": 40_000}).files(), "at most 32,767"),
    ],
)
def test_what_is_no_volume_is_refused_whatever_is_agreed_to(
    files: dict[str, bytes], words: str
) -> None:
    assert words in refused(files, *REFUSED)


def test_of_two_slices_at_a_place_the_first_is_taken() -> None:
    image = loaded(converted(Made().files(0, 1, 1, 2), Flaw.DOUBLE))
    assert image.shape == (8, 6, 3)
    assert image.get_fdata()[0, 0].tolist() == [-20, -19, -17]


@pytest.mark.parametrize("pixels", [b"", bytes(10)])
def test_a_slice_whose_pixels_are_missing_is_named(pixels: bytes) -> None:
    files = Made().files()
    data = Made().dataset(4)
    data.PixelData = pixels
    files["004.dcm"] = saved(data)
    assert refused(files).startswith("004.dcm: its pixels cannot be decoded")


def test_a_cut_slice_is_named() -> None:
    files = Made().files()
    files["004.dcm"] = files["004.dcm"][:-40]
    assert "004.dcm" in refused(files)


def test_real_slices_of_a_scanner_keep_their_values_and_places() -> None:
    files = {path.name: path.read_bytes() for path in BUNDLED.iterdir()}
    assert len(files) == 5
    image = loaded(converted(files))
    for data in files.values():
        header = pydicom.dcmread(io.BytesIO(data))
        corner = np.array([*header.ImagePositionPatient]) * (-1, -1, 1)
        voxel = nib.affines.apply_affine(np.linalg.inv(image.affine), corner)
        assert np.allclose(voxel[:2], 0, atol=1e-3)
        values = header.pixel_array * header.RescaleSlope + header.RescaleIntercept
        assert np.array_equal(image.get_fdata()[:, :, round(voxel[2])].T, values)


@pytest.mark.parametrize("packed", [True, False])
def test_damaged_slices_are_a_volume_or_a_problem_but_never_an_exception(
    packed: bool,  # noqa: FBT001
) -> None:
    made = Made(count=4)
    whole = {"all.dcm": enhanced(made)} if packed else made.files()
    chance = random.Random(11)  # noqa: S311 - to be repeated, not secret
    for _ in range(200):
        files = dict(whole)
        name = chance.choice(sorted(files))
        changed = bytearray(files[name])
        for _ in range(chance.choice([1, 2, 8])):
            changed[chance.randrange(132, len(changed))] = chance.randrange(256)
        files[name] = bytes(changed)
        slices = [each for name, data in files.items() for each in read_slices(name, data)[0]]
        for stack in sort_slices(slices):
            made_of_it = convert(stack, files.__getitem__, REFUSED)
            assert isinstance(made_of_it, bytes | FileProblem)


@pytest.mark.parametrize(
    ("word", "value"),
    [("BitsStored", 65_535), ("RescaleSlope", "inf"), ("ImagePositionPatient", [1e300, 0, 0])],
)
def test_numbers_that_cannot_be_are_no_bug(word: str, value: Any) -> None:
    files = {}
    for index in range(4):
        data = Made().dataset(index)
        setattr(data, word, value if isinstance(value, int) else None)
        data[word]._value = value
        files[f"{index}.dcm"] = saved(data)
    slices = [each for name, data in files.items() for each in read_slices(name, data)[0]]
    for stack in sort_slices(slices):
        convert(stack, files.__getitem__, REFUSED)
