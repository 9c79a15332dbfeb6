"""Tests of IMG120."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG120"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("P", "has a palette"),
        ("CMYK", "is stored as inks"),
        ("1", "has one bit a pixel"),
        ("RGBA;16", "has 16 bits a colour"),
    ],
)
def test_what_programs_read_differently_is_reported(mode: str, words: str) -> None:
    [(line, field, message)] = build.hits(CODE, holding(mode=mode))
    assert (line, field) == (2, "filename")
    assert message.startswith(f"a.png {words}")


@pytest.mark.parametrize("mode", ["L", "I;16", "RGB", "RGBA", "LA", ""])
def test_grey_and_plain_colours_are_not(mode: str) -> None:
    assert build.hits(CODE, holding(mode=mode)) == []


def test_a_dicom_file_is_not() -> None:
    assert build.hits(CODE, holding(mode="P", format="DICOM")) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
