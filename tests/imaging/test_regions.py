"""Boxes, outlines and masks turned into one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.imaging.regions import (
    box_around,
    box_loss,
    boxes_of,
    has_holes,
    loss,
    mask_of_boxes,
    mask_of_outlines,
    outline_loss,
    outlines_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIZES = st.tuples(st.integers(1, 14), st.integers(1, 14))
MASKS = st.tuples(SIZES, st.integers(0, 2**31), st.sampled_from([0.3, 0.5, 0.8])).map(
    lambda made: np.random.default_rng(made[1]).random(made[0]) < made[2]
)
BOXES = st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(1, 11), st.integers(1, 11))


def drawn(*rows: str) -> NDArray[np.bool_]:
    return np.array([[letter == "#" for letter in row] for row in rows])


@given(MASKS)
def test_a_mask_traced_and_filled_is_the_same_mask(marked: NDArray[np.bool_]) -> None:
    height, width = marked.shape
    again = mask_of_outlines(outlines_of(marked), width, height)
    assert np.array_equal(again, marked)


@given(BOXES)
def test_a_box_of_whole_pixels_comes_back_as_it_was(box: tuple[int, int, int, int]) -> None:
    marked = mask_of_boxes([box], 32, 32)
    assert boxes_of(marked) == (box,)
    assert marked.sum() == box[2] * box[3]


@given(MASKS)
def test_a_mask_differs_from_itself_in_nothing(marked: NDArray[np.bool_]) -> None:
    same = loss(marked, marked)
    assert (same.overlap, same.pixels, same.distance) == (1.0, 0, 0.0)


@given(MASKS, st.floats(0.1, 3))
def test_fewer_points_stay_within_the_tolerance(
    marked: NDArray[np.bool_], tolerance: float
) -> None:
    exact, fewer = outlines_of(marked), outlines_of(marked, tolerance)
    assert sum(map(len, fewer)) <= sum(map(len, exact))
    corners = {(x, y) for each in exact for x, y in zip(each[::2], each[1::2], strict=True)}
    assert all(
        (x, y) in corners for each in fewer for x, y in zip(each[::2], each[1::2], strict=True)
    )


def test_an_outline_follows_the_edges_of_pixels() -> None:
    assert outlines_of(drawn("....", ".##.", "....")) == ((1.0, 1.0, 3.0, 1.0, 3.0, 2.0, 1.0, 2.0),)


def test_a_hole_is_an_outline_of_its_own() -> None:
    ring = drawn("###", "#.#", "###")
    assert len(outlines_of(ring)) == 2
    assert has_holes(ring)
    assert not has_holes(drawn("###", "#..", "###"))


def test_parts_that_touch_at_a_corner_are_two_outlines_and_one_box() -> None:
    corner = drawn("#.", ".#")
    assert len(outlines_of(corner)) == 2
    assert boxes_of(corner) == ((0.0, 0.0, 2.0, 2.0),)


def test_each_part_has_a_box_and_specks_have_none() -> None:
    marked = np.zeros((60, 60), bool)
    marked[5:45, 2:12] = True
    marked[5:35, 30:40] = True
    marked[58, 58] = True
    assert boxes_of(marked) == ((2, 5, 10, 40), (30, 5, 10, 30))
    assert len(boxes_of(marked, least=0)) == 3
    assert boxes_of(np.zeros((4, 4), bool)) == ()


@pytest.mark.parametrize(
    ("outline", "pixels"),
    [
        ((0, 0, 4, 0, 4, 4, 0, 4), 16),
        # The middle of a pixel decides: half a pixel more or less changes nothing.
        ((0.4, 0.4, 3.6, 0.4, 3.6, 3.6, 0.4, 3.6), 16),
        ((0.6, 0.6, 3.4, 0.6, 3.4, 3.4, 0.6, 3.4), 4),
        ((-9, -9, 99, -9, 99, 99, -9, 99), 36),
        ((2, 2, 2, 2, 2, 2), 0),
    ],
)
def test_a_pixel_belongs_to_what_holds_its_middle(outline: tuple[float, ...], pixels: int) -> None:
    assert mask_of_outlines([outline], 6, 6).sum() == pixels


def test_a_box_that_reaches_beyond_the_picture_is_cut() -> None:
    assert mask_of_boxes([(-5, 2, 100, 1)], 6, 6).sum() == 6
    assert mask_of_boxes([(50, 50, 5, 5)], 6, 6).sum() == 0


def test_loss_counts_pixels_and_the_farthest_of_them() -> None:
    first, second = drawn("##....", "......"), drawn("#....#", "......")
    found = loss(first, second)
    assert found.overlap == pytest.approx(1 / 3)
    assert (found.pixels, found.distance) == (2, 4.0)
    assert loss(first, drawn("......", "......")).distance == float("inf")


def test_a_mask_of_very_many_specks_is_traced_too() -> None:
    noisy = np.random.default_rng(1).random((400, 400)) < 0.5
    assert np.array_equal(mask_of_outlines(outlines_of(noisy), 400, 400), noisy)


@given(MASKS)
def test_the_box_around_a_mask_holds_it_and_touches_it_on_all_sides(
    marked: NDArray[np.bool_],
) -> None:
    height, width = marked.shape
    around = box_around(marked)
    inside = mask_of_boxes([around], width, height)
    assert not (marked & ~inside).any()
    if marked.any():
        left, top, across, down = map(int, around)
        within = marked[top : top + down, left : left + across]
        assert within[0].any()
        assert within[-1].any()
        assert within[:, 0].any()
        assert within[:, -1].any()


def test_boxes_are_compared_by_their_areas() -> None:
    found = box_loss((0, 0, 10, 10), (0.5, 0, 10, 10))
    assert found.overlap == pytest.approx(95 / 105)
    assert (found.pixels, found.distance) == (10, 0.5)
    apart = box_loss((0, 0, 4, 4), (10, 0, 4, 4))
    assert (apart.overlap, apart.pixels, apart.distance) == (0, 32, 10)


@given(BOXES)
def test_an_outline_along_pixels_loses_nothing_as_a_mask(box: tuple[int, int, int, int]) -> None:
    marked = mask_of_boxes([box], 32, 32)
    found = outline_loss(outlines_of(marked), marked)
    assert (found.overlap, found.pixels, found.distance) == (1.0, 0, 0.0)


def test_what_an_outline_holds_of_a_pixel_is_lost_in_a_mask() -> None:
    outline = (1.0, 1.0, 5.25, 1.0, 5.25, 5.0, 1.0, 5.0)
    marked = mask_of_outlines([outline], 8, 8)
    assert marked.sum() == 16
    found = outline_loss([outline], marked)
    assert found.overlap == pytest.approx(16 / 17)
    assert (found.pixels, found.distance) == (1, 0.25)


def test_an_outline_outside_of_the_picture_has_nothing_to_lose() -> None:
    nothing = np.zeros((8, 8), bool)
    assert outline_loss([(50, 50, 60, 50, 60, 60)], nothing).pixels == 0
