"""Tests of IMG114."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.model import ImageDepth

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG114"


def holding(**facts: Any) -> Dataset:
    path = "images/a.png"
    return build.dataset(
        {"filename": "a.png"}, files={path: build.png(path, **facts)}, depth=ImageDepth.FULL
    )


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "TIFF"])
def test_a_file_of_several_pictures_is_reported(kind: str) -> None:
    message = "a.png holds 40 pictures; most programs show the first"
    assert build.hits(CODE, holding(format=kind, frames=40)) == [(2, "filename", message)]


@pytest.mark.parametrize(("kind", "frames"), [("PNG", 1), ("DICOM", 40)])
def test_one_picture_and_a_dicom_series_are_not(kind: str, frames: int) -> None:
    assert build.hits(CODE, holding(format=kind, frames=frames)) == []


def test_a_good_collection_and_an_empty_one_have_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []
    assert build.hits(CODE, build.dataset()) == []
