"""Tests of IMG115."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG115"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


@pytest.mark.parametrize(
    ("orientation", "words"), [(2, "mirrored"), (3, "turned by half"), (6, "turned to the right")]
)
def test_a_picture_that_is_to_be_turned_is_reported(orientation: int, words: str) -> None:
    [(line, field, message)] = build.hits(CODE, holding(orientation=orientation))
    assert (line, field) == (2, "filename")
    assert f"a.png is to be {words} (EXIF orientation {orientation})" in message


@pytest.mark.parametrize("orientation", [None, 1])
def test_one_that_is_shown_as_stored_is_not(orientation: int | None) -> None:
    assert build.hits(CODE, holding(orientation=orientation)) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
