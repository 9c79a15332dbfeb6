"""Tests of IMG116."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.filefacts import PixelFacts
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG116"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


def test_a_picture_of_one_tone_is_reported() -> None:
    found = build.hits(CODE, holding(pixels=PixelFacts(digest="", levels=0)))
    assert found == [(2, "filename", "a.png is blank: all of it has one tone")]


@pytest.mark.parametrize("levels", [1, 255])
def test_one_with_anything_to_see_is_not(levels: int) -> None:
    assert build.hits(CODE, holding(pixels=PixelFacts(digest="", levels=levels))) == []


def test_one_that_was_not_decoded_is_not() -> None:
    assert build.hits(CODE, holding(pixels=None)) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
