"""Tests of IMG117."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.filefacts import PixelFacts
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG117"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


@pytest.mark.parametrize("levels", [1, 7])
def test_next_to_no_contrast_is_reported(levels: int) -> None:
    message = f"a.png is nearly blank: {levels} of 256 levels of grey are used"
    found = build.hits(CODE, holding(pixels=PixelFacts(digest="", levels=levels)))
    assert found == [(2, "filename", message)]


@pytest.mark.parametrize("levels", [0, 8, 200])
def test_a_blank_one_has_another_rule_and_a_faint_one_passes(levels: int) -> None:
    assert build.hits(CODE, holding(pixels=PixelFacts(digest="", levels=levels))) == []


def test_one_that_was_not_decoded_is_not() -> None:
    assert build.hits(CODE, holding(pixels=None)) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
