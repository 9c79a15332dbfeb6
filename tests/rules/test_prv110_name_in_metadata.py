"""Tests of PRV110."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "PRV110"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


@pytest.mark.parametrize(
    "entry", ["EXIF Artist", "XMP dc:creator", "IPTC By-line", "PNG Author", "EXIF XPAuthor"]
)
def test_a_name_is_reported_and_not_repeated(entry: str) -> None:
    found = build.hits(CODE, holding(texts=((entry, "Dora Doubtful"),)))
    assert found == [(2, "filename", f"images/a.png holds a name in {entry}")]


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("EXIF Software", "Dora Doubtful"),
        ("EXIF Copyright", "Dora Doubtful"),
        ("JPEG comment", "Dora Doubtful"),
        ("EXIF Artist", "Adobe Photoshop"),
        ("EXIF Artist", "Radiology Department 3"),
        ("EXIF Artist", "User"),
        ("PNG Author", "4711"),
    ],
)
def test_programs_devices_and_other_entries_are_not(entry: str, text: str) -> None:
    assert build.hits(CODE, holding(texts=((entry, text),))) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
