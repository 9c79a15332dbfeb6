"""A montage shows slices as a radiologist looks at them."""

from __future__ import annotations

import gzip
import io
from typing import Any

import nibabel as nib
import numpy as np
import pytest
from PIL import Image
from tests.dicomslices import scan, volume

from covidxr.imaging.montage import SHOWN, TILE, Sampler, montage, montage_of_planes

AIR = 60
"""The grey of -1000 in the window of the lung, -1350 to 150."""


def drawn(data: bytes, count: int = SHOWN) -> np.ndarray[Any, Any]:
    made = montage(data, count)
    assert made is not None
    picture = Image.open(io.BytesIO(made))
    assert (picture.format, picture.mode) == ("PNG", "L")
    return np.asarray(picture)


def placed(values: np.ndarray[Any, Any], axes: str) -> bytes:
    """A volume whose patient is the same whatever the axes; `values` are right, front, head."""
    wanted = nib.orientations.axcodes2ornt(tuple(axes))
    image = nib.Nifti1Image(values, np.diag([1.0, 1.0, 1.0, 1.0]))
    turn = nib.orientations.ornt_transform(nib.orientations.axcodes2ornt("RAS"), wanted)
    turned = image.as_reoriented(turn)
    assert "".join(nib.aff2axcodes(turned.affine)) == axes
    return volume(np.asarray(turned.dataobj), turned.affine)


def with_marks() -> np.ndarray[Any, Any]:
    """A body in air; in every slice something white at the patient's left and in front."""
    values = np.full((32, 32, 24), -1000, np.int16)
    values[10:22, 10:22, :] = 40
    values[2:8, 24:30, :] = 1000  # the lowest number of the first axis is the patient's left
    return values


@pytest.mark.parametrize("axes", ["RAS", "LPS", "LAS", "RPI", "SAR", "PIR", "ASL"])
def test_left_is_on_the_right_and_front_is_above_however_a_volume_is_stored(axes: str) -> None:
    tile = drawn(placed(with_marks(), axes), 1)
    assert tile.shape == (TILE, TILE)
    high, low = TILE * 3 // 4, TILE // 4
    assert tile[:low, high:].max() == 255
    others = (tile[:low, :low], tile[high:, :low], tile[high:, high:])
    assert [corner.max() for corner in others] == [AIR] * 3


@pytest.mark.parametrize("axes", ["RAS", "LPI", "SAR"])
def test_slices_go_from_the_head_downwards(axes: str) -> None:
    values = scan((32, 32, 24))
    values[:, :, 12:] = 1000
    picture = drawn(placed(values, axes), 4)
    assert picture.shape == (2 * TILE, 2 * TILE)
    assert picture[:TILE].min() == 255
    assert picture[TILE:].min() == AIR


def test_slices_are_evenly_spaced() -> None:
    values = np.zeros((16, 16, 40), np.int16)
    values[:] = np.arange(40)
    picture = drawn(volume(values, np.eye(4)), 4)
    seen = [picture[row * TILE, column * TILE] for row in (0, 1) for column in (0, 1)]
    assert seen == sorted(seen, reverse=True)
    steps = -np.diff(np.array(seen, dtype=int))
    assert steps.max() - steps.min() <= 2


def test_fewer_slices_than_fit_are_all_shown() -> None:
    assert drawn(volume(scan((16, 16, 3)), np.eye(4))).shape == (2 * TILE, 2 * TILE)


def test_a_slice_is_as_wide_as_the_patient_not_as_the_voxels() -> None:
    flat = drawn(volume(scan((20, 20, 12)), np.diag([2.0, 0.5, 3.0, 1.0])), 1)
    assert flat.shape == (TILE // 4, TILE)


def test_hounsfield_units_are_shown_in_the_window_of_the_lung() -> None:
    tile = drawn(volume(scan(), np.eye(4)), 1)
    assert (tile.min(), tile.max()) == (AIR, round(1390 / 1500 * 255))


def test_other_values_are_shown_from_the_darkest_to_the_brightest() -> None:
    values = (scan() + 1000) // 5
    tile = drawn(volume(values, np.eye(4)), 1)
    assert (tile.min(), tile.max()) == (0, 255)


def test_a_volume_that_is_placed_nowhere_is_shown_as_it_is_stored() -> None:
    values = np.zeros((16, 16, 12), np.int16)
    values[-4:, -4:, :] = 100
    tile = drawn(volume(values), 1)
    assert tile[: TILE // 8, -TILE // 8 :].min() == 255
    assert tile[TILE // 2 :].max() == 0


def test_voxels_without_a_number_are_black() -> None:
    values = scan().astype("f4")
    values[:4] = np.nan
    tile = drawn(volume(values, np.eye(4)), 1)
    assert tile[:, -TILE // 8 :].max() == 0


def test_a_volume_of_nothing_but_no_numbers_is_black() -> None:
    assert drawn(volume(np.full((12, 12, 12), np.nan, "f4"), np.eye(4))).max() == 0


def test_of_several_volumes_the_first_is_shown() -> None:
    both = np.stack([scan(), np.full_like(scan(), 1000)], axis=3)
    assert np.array_equal(drawn(volume(both, np.eye(4))), drawn(volume(scan(), np.eye(4))))


def test_the_scanners_scale_counts() -> None:
    data = bytearray(gzip.decompress(volume(scan() + 1024, np.eye(4))))
    data[112:120] = np.asarray([1, -1024], "<f4").tobytes()
    assert np.array_equal(drawn(bytes(data)), drawn(volume(scan(), np.eye(4))))


def test_plain_and_packed_give_the_same_bytes_each_time() -> None:
    data = volume(scan(), np.eye(4), packed=False)
    assert montage(data) == montage(gzip.compress(data)) == montage(data)


def test_what_cannot_be_shown_is_none() -> None:
    whole = volume(scan(), np.eye(4), packed=False)
    colours = np.zeros((12, 12, 12), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    for data in (b"", b"nothing", whole[:300], whole[:-4000], volume(colours, np.eye(4))):
        assert montage(data) is None


def test_planes_that_come_one_by_one_give_the_same_picture() -> None:
    values = with_marks()
    sampler = Sampler((32, 32, 24), np.eye(4), (1.0, 1.0, 1.0))
    made = montage_of_planes(sampler, (values[:, :, at].T for at in range(24)))
    assert made == montage(volume(values, np.eye(4)))
