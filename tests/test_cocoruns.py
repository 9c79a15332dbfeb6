"""Runs of masks, plain and packed, as COCO's own library has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools import mask as theirs

from covidxr.cocoruns import packed, unpacked
from covidxr.imaging.maskread import marked_of, runs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARKED = st.tuples(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**31)).map(
    lambda size: np.random.default_rng(size[2]).random(size[:2]) > 0.6
)


@given(MARKED)
def test_runs_are_those_of_cocos_library(marked: NDArray[np.bool_]) -> None:
    encoded = theirs.encode(np.asfortranarray(marked.astype(np.uint8)))
    assert packed(runs_of(marked)) == encoded["counts"].decode()
    assert unpacked(encoded["counts"].decode()) == runs_of(marked)


@given(MARKED)
def test_runs_give_the_picture_back(marked: NDArray[np.bool_]) -> None:
    height, width = marked.shape
    assert np.array_equal(marked_of(runs_of(marked), width, height), marked)


@pytest.mark.parametrize("marked", [np.zeros((3, 2), bool), np.ones((3, 2), bool)])
def test_one_value_alone_has_runs_too(marked: NDArray[np.bool_]) -> None:
    assert runs_of(marked) == ((0, 6) if marked.any() else (6,))


@pytest.mark.parametrize("text", ["~", "\n", "o" * 20, "o"])
def test_what_packs_no_runs_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="run"):
        unpacked(text)
