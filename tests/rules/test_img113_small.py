"""IMG113: a picture is smaller than what networks take in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG113"


def sized(width: int | None, height: int | None, **more: Any) -> Dataset:
    path = "images/small.png"
    facts = build.png(path, width=width, height=height, **more)
    return build.dataset({"filename": "small.png"}, files={path: facts})


@pytest.mark.parametrize(("width", "height"), [(128, 500), (223, 223), (165, 157)])
def test_a_short_side_is_reported(width: int, height: int) -> None:
    message = f"small.png has only {width} × {height} pixels"
    assert build.hits(CODE, sized(width, height)) == [(2, "filename", message)]


@pytest.mark.parametrize(("width", "height"), [(224, 224), (127, 500), (2000, 224)])
def test_a_longer_side_is_not(width: int, height: int) -> None:
    assert build.hits(CODE, sized(width, height)) == []


def test_a_size_that_is_not_known_is_not() -> None:
    assert build.hits(CODE, sized(None, None)) == []


def test_a_volume_is_not() -> None:
    width, height = (128, 500)
    assert build.hits(CODE, sized(width, height, format="NIFTI.GZ")) == []


def test_a_file_without_a_row_is_reported_as_a_file() -> None:
    width, height = (128, 500)
    data = build.dataset(files=sized(width, height).files)
    (hit,) = discover("covidxr.rules")[CODE].check(data)
    assert hit.file == "images/small.png"


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
