"""Masks as runs, column by column."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from covidxr.imaging.maskread import marked_of, read_mask, runs_of


def png(array: object, mode: str | None = None) -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(np.array(array, np.uint8))
    (picture.convert(mode) if mode else picture).save(out, "PNG")
    return out.getvalue()


@given(arrays.arrays(bool, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9)))
def test_runs_and_pixels_are_the_same_mask(
    marked: np.ndarray[tuple[int, int], np.dtype[np.bool_]],
) -> None:
    runs = runs_of(marked)
    height, width = marked.shape
    assert sum(runs) == width * height
    assert sum(runs[1::2]) == int(marked.sum())
    assert np.array_equal(marked_of(runs, width, height), marked)


def test_runs_begin_with_what_is_not_marked() -> None:
    assert runs_of(np.array([[True, False], [True, True]])) == (0, 2, 1, 1)
    assert runs_of(np.zeros((2, 3), bool)) == (6,)


@pytest.mark.parametrize("mode", [None, "RGB", "RGBA", "LA", "P", "1"])
def test_a_mask_is_read_in_each_mode_that_people_save(mode: str | None) -> None:
    mask = read_mask("m.png", png([[0, 255], [0, 0]], mode))
    assert (mask.width, mask.height, mask.area, mask.problem) == (2, 2, 1, "")
    assert len(mask.values) == 2


def test_values_tell_a_mask_that_is_not_binary() -> None:
    assert read_mask("m.png", png([[0, 7, 255]])).values == (0, 7, 255)


def test_a_header_alone_gives_the_size_and_no_pixels() -> None:
    mask = read_mask("m.png", png([[0, 255]]), pixels=False)
    assert (mask.width, mask.height, mask.values, mask.runs) == (2, 1, (), ())


@given(st.integers(0, 500))
def test_a_mask_that_is_cut_short_says_so(kept: int) -> None:
    noise = np.random.default_rng(1).integers(0, 2, (64, 64)) * 255
    whole = png(noise)
    assert len(whole) > 600
    mask = read_mask("m.png", whole[:kept])
    assert mask.problem
    assert mask.runs == ()


def test_a_mask_that_claims_a_huge_size_is_not_decoded() -> None:
    data = bytearray(png([[0, 255]]))
    data[16:24] = (200_000).to_bytes(4, "big") * 2
    assert read_mask("m.png", bytes(data)).problem
