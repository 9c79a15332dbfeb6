"""Tests of IMG118."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.filefacts import PixelFacts
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG118"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


@pytest.mark.parametrize(("share", "words"), [(0.01, "1%"), (0.93, "93%")])
def test_colour_is_reported_with_its_share(share: float, words: str) -> None:
    found = build.hits(CODE, holding(pixels=PixelFacts(digest="", colour=share)))
    assert found == [(2, "filename", f"{words} of the pixels of a.png are coloured")]


@pytest.mark.parametrize("share", [0.0, 0.009])
def test_grey_and_a_speck_are_not(share: float) -> None:
    assert build.hits(CODE, holding(pixels=PixelFacts(digest="", colour=share))) == []


def test_one_that_was_not_decoded_is_not() -> None:
    assert build.hits(CODE, holding(pixels=None)) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
