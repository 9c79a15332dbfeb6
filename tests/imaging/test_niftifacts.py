"""What `covidxr.imaging` says of a NIfTI volume's place in the patient and of its voxels."""

from __future__ import annotations

import gzip
import random
import tracemalloc
import zlib
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from tests.dicomslices import scan, volume

from covidxr.filefacts import VolumeFacts
from covidxr.imaging.examine import examine, examine_header
from covidxr.model import ImageDepth, ImageFacts

FULL, STRUCTURE, HEADER = ImageDepth.FULL, ImageDepth.STRUCTURE, ImageDepth.HEADER
RAS = np.diag([0.7, 0.8, 2.5, 1.0])


def look(data: bytes, depth: ImageDepth = FULL) -> ImageFacts:
    return examine("volumes/a.nii.gz", data, depth)


def facts(data: bytes, depth: ImageDepth = FULL) -> VolumeFacts:
    found = look(data, depth)
    assert found.problems == ()
    assert found.volume is not None
    return found.volume


def turned(*letters: str) -> np.ndarray[Any, Any]:
    """The affine of axes that point in these directions."""
    affine = np.zeros((4, 4))
    affine[3, 3] = 1
    for axis, letter in enumerate(letters):
        row = next(at for at, pair in enumerate(("RL", "AP", "SI")) if letter in pair)
        affine[row, axis] = 2.0 if letter in "RAS" else -2.0
    return affine


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("depth", [HEADER, STRUCTURE])
def test_the_header_is_told_at_every_depth(depth: ImageDepth, packed: bool) -> None:  # noqa: FBT001
    assert facts(volume(scan(), RAS, packed=packed), depth) == VolumeFacts(
        shape=(20, 18, 16),
        spacing=(0.7, 0.8, 2.5),
        placed_spacing=(0.7, 0.8, 2.5),
        axes="RAS",
        units="mm",
        kind="int16",
    )


def test_the_beginning_of_a_file_is_enough_for_its_header() -> None:
    data = volume(scan((64, 64, 40)), RAS, packed=False)
    found = examine_header("a.nii", data[:4096], len(data))
    assert found.volume is not None
    assert found.volume.axes == "RAS"


@pytest.mark.parametrize("axes", ["RAS", "LPS", "LAS", "PIR", "ASL"])
def test_axes_are_named_after_where_they_point(axes: str) -> None:
    found = facts(volume(scan(), turned(*axes)))
    assert (found.axes, found.oblique) == (axes, False)


@pytest.mark.parametrize(("degrees", "oblique"), [(0.05, False), (0.3, True), (25.0, True)])
def test_axes_that_stand_askew_are_oblique(degrees: float, oblique: bool) -> None:  # noqa: FBT001
    angle = np.radians(degrees)
    affine = np.eye(4)
    affine[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    found = facts(volume(scan(), affine))
    assert (found.axes, found.oblique) == ("RAS", oblique)


def test_a_qform_alone_places_a_volume() -> None:
    data = volume(scan(), turned("L", "P", "S"), sform_code=0)
    assert facts(data).axes == "LPS"


def test_without_a_code_nothing_is_guessed() -> None:
    assert facts(volume(scan())).axes == ""


@pytest.mark.parametrize(
    ("unit", "said"), [("mm", "mm"), ("meter", "m"), ("micron", "um"), (None, "")]
)
def test_the_unit_is_what_the_header_says(unit: str | None, said: str) -> None:
    assert facts(volume(scan(), RAS, units=unit)).units == said


def test_an_unknown_unit_is_none() -> None:
    assert facts(volume(scan(), RAS, xyzt_units=7)).units == ""


def test_a_spacing_that_is_no_number_is_told_as_nothing() -> None:
    data = volume(scan(), RAS, pixdim=[1, np.nan, 0.8, 2.5, 0, 0, 0, 0])
    assert facts(data).spacing == (0.0, 0.8, 2.5)


def test_the_spacing_of_the_matrix_is_told_beside_the_headers_own() -> None:
    found = facts(volume(scan(), RAS, pixdim=[1, 1, 1, 1, 0, 0, 0, 0]))
    assert (found.spacing, found.placed_spacing) == ((1.0, 1.0, 1.0), (0.7, 0.8, 2.5))
    assert facts(volume(scan())).placed_spacing == ()


def test_values_are_those_after_scaling() -> None:
    data = volume(np.arange(16 * 16 * 16, dtype=np.int16).reshape(16, 16, 16), RAS)
    found = facts(_scaled(data, 0.5, -1000.0))
    assert (found.low, found.high) == (-1000.0, 4095 * 0.5 - 1000)


def _scaled(packed: bytes, slope: float, intercept: float) -> bytes:
    data = bytearray(gzip.decompress(packed))
    data[112:120] = np.asarray([slope, intercept], "<f4").tobytes()
    return gzip.compress(bytes(data), mtime=0)


@pytest.mark.parametrize("kind", ["i2", "i4", "f4", "f8", ">i2", ">f4"])
def test_a_scan_can_be_hounsfield_units_in_any_type_and_order(kind: str) -> None:
    image = nib.Nifti1Image(scan().astype(kind), RAS, nib.Nifti1Header(endianness=">"))
    found = facts(volume(scan().astype(kind), RAS))
    other = facts(image.to_bytes())
    assert (found.low, found.high, found.hounsfield) == (-1000.0, 40.0, True)
    assert (other.low, other.high, other.hounsfield) == (-1000.0, 40.0, True)


@pytest.mark.parametrize(
    "values",
    [
        (scan() + 1000) // 5,  # as of a picture
        scan() + 1024,  # as stored, without rescaling
        np.full((16, 16, 16), -1000, np.int16),  # air alone
        np.full((16, 16, 16), 40, np.int16),  # tissue alone
        (scan().astype("f4") + 1000) / 1040,
        scan().astype("f4") * 900,  # air at -900,000
    ],
)
def test_other_scales_are_no_hounsfield_units(values: np.ndarray[Any, Any]) -> None:
    assert facts(volume(values, RAS)).hounsfield is False


def test_infinite_voxels_and_those_without_a_number_are_counted_and_not_compared() -> None:
    values = scan().astype("f4")
    values[0, 0, :3] = np.nan, np.inf, -np.inf
    found = facts(volume(values, RAS))
    assert (found.not_numbers, found.low, found.high, found.hounsfield) == (3, -1000.0, 40.0, True)


def test_a_volume_without_any_number_has_neither_a_lowest_nor_a_highest_value() -> None:
    found = facts(volume(np.full((16, 16, 16), np.nan, "f4"), RAS))
    assert (found.not_numbers, found.low, found.high, found.hounsfield) == (4096, None, None, False)


def test_colours_are_not_compared() -> None:
    colours = np.zeros((16, 16, 16), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    found = facts(volume(colours, RAS))
    assert (found.kind, found.low, found.hounsfield) == ("rgb24", None, None)


def test_voxels_are_not_read_below_full() -> None:
    found = facts(volume(scan(), RAS), STRUCTURE)
    assert (found.low, found.high, found.hounsfield, found.not_numbers) == (None,) * 4


def test_what_lies_behind_the_volume_does_not_count() -> None:
    data = volume(scan(), RAS, packed=False) + b"\x7f" * 99
    for each in (data, gzip.compress(data)):
        found = look(each)
        assert [problem.kind for problem in found.problems] == ["trailing"]
        assert found.volume is not None
        assert found.volume.high == 40.0


def test_voxels_of_a_cut_volume_are_not_told() -> None:
    data = volume(scan(), RAS, packed=False)
    for each in (data[:-10], gzip.compress(data)[:-20]):
        found = look(each)
        assert [problem.kind for problem in found.problems] == ["truncated"]
        assert found.volume is not None
        assert found.volume.low is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"vox_offset": 16}, "unreadable"),
        ({"sform_code": 0, "quatern_b": 5}, "corrupt"),
        ({"srow_x": [np.nan] * 4}, "corrupt"),
        ({"srow_x": [0] * 4}, "corrupt"),
        ({"srow_x": [0, 0.8, 0, 0]}, "corrupt"),
    ],
)
def test_a_place_that_makes_no_sense_is_a_problem(fields: dict[str, Any], kind: str) -> None:
    data = bytearray(volume(scan(), RAS, packed=False))
    header = nib.Nifti1Header(bytes(data[:348]), check=False)
    for name, value in fields.items():
        header[name] = value
    data[:348] = header.binaryblock
    found = look(bytes(data), HEADER)
    assert [problem.kind for problem in found.problems] == [kind]
    assert found.volume is not None
    assert found.volume.axes == ""


def test_what_nibabel_logs_is_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    look(volume(scan(), RAS, packed=False, pixdim=[1, -1, 1, 1, 1, 1, 1, 1], qform_code=77))
    said = capfd.readouterr()
    assert (said.out, said.err) == ("", "")


SEEDS = {
    "plain": volume(scan(), RAS, packed=False),
    "packed": volume(scan(), RAS),
    "NIfTI-2": nib.Nifti2Image(scan(), RAS).to_bytes(),
    "floats": volume(scan().astype("f4"), RAS),
}
KINDS = {"unreadable", "empty", "truncated", "corrupt", "trailing"}


@pytest.mark.parametrize("name", SEEDS)
def test_a_volume_cut_anywhere_is_a_problem_and_never_an_exception(name: str) -> None:
    data = SEEDS[name]
    for part in range(20):
        for depth in (HEADER, FULL):
            found = look(data[: len(data) * part // 20], depth)
            assert {problem.kind for problem in found.problems} <= KINDS
            assert depth is HEADER or found.problems


@pytest.mark.parametrize("name", SEEDS)
def test_changed_bytes_never_raise_and_are_never_lost_inside_gzip(name: str) -> None:
    data = SEEDS[name]
    chance = random.Random(zlib.crc32(name.encode()))  # noqa: S311 - to be repeated, not secret
    for _ in range(200):
        changed = bytearray(data)
        # Most changes hit the header, where they can do harm.
        at = chance.randrange(min(len(data), 600) if chance.random() < 0.7 else len(data))
        changed[at] ^= 1 << chance.randrange(8)
        found = look(bytes(changed))
        assert {problem.kind for problem in found.problems} <= KINDS
        if found.format == "NIFTI.GZ" and not found.problems:
            # Some bits of a packed file mean nothing.
            assert gzip.decompress(changed) == gzip.decompress(data)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_said_can_be_kept_as_json_whatever_the_header_holds(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not secret
    head = bytearray(SEEDS["plain"])
    for _ in range(50):
        noisy = bytearray(head)
        for at in range(76, 108):
            noisy[at] = chance.randrange(256)
        noisy[252:328] = chance.randbytes(76)
        found = look(bytes(noisy)).volume
        assert found is None or found == VolumeFacts(**_copied(found))


def _copied(found: VolumeFacts) -> dict[str, Any]:
    import dataclasses
    import json

    kept: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(found), allow_nan=False))
    return kept | {name: tuple(kept[name]) for name in ("shape", "spacing", "placed_spacing")}


def test_a_large_volume_is_never_held() -> None:
    head = volume(np.zeros((2, 2, 2), np.int16), RAS, packed=False)[:352]
    header = nib.Nifti1Header(head[:348])
    header.set_data_shape((512, 512, 400))
    whole = bytes(header.binaryblock) + bytes(4) + bytes(512 * 512 * 400 * 2)
    packed = gzip.compress(whole, compresslevel=1)
    del whole
    look(packed)  # imports are not counted
    tracemalloc.start()
    found = look(packed)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.problems == ()
    assert peak < 60_000_000
