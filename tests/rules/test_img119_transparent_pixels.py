"""Tests of IMG119."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.filefacts import PixelFacts
from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG119"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


def test_what_shows_through_is_reported() -> None:
    [(line, field, message)] = build.hits(
        CODE, holding(pixels=PixelFacts(digest="", transparent=True))
    )
    assert (line, field) == (2, "filename")
    assert message.startswith("a.png is transparent in places")


@pytest.mark.parametrize("pixels", [None, PixelFacts(digest="", transparent=False)])
def test_an_opaque_one_is_not(pixels: PixelFacts | None) -> None:
    assert build.hits(CODE, holding(pixels=pixels, mode="RGBA")) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
