"""VOL104: a single picture lies among the volumes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "VOL104"


def holding(content: str, path: str, **more: Any) -> Dataset:
    folder, _, name = path.rpartition("/")
    files = {path: build.png(path, format=content, **more)}
    return build.dataset({}, {"filename": name, "folder": folder}, files=files)


def test_a_picture_among_the_volumes_is_reported_with_its_size() -> None:
    data = holding("PNG", "volumes/a.png")
    message = "a.png is a PNG picture of 512 × 512 pixels, not a volume"
    assert build.hits(CODE, data) == [(3, "filename", message)]


def test_a_picture_that_is_called_a_volume_is_reported() -> None:
    data = holding("JPEG", "volumes/a.nii.gz", width=None, height=None)
    assert build.hits(CODE, data) == [(3, "filename", "a.nii.gz is a JPEG picture, not a volume")]


def test_a_picture_without_a_row_is_reported_as_a_file() -> None:
    files = holding("PNG", "volumes/a.png").files
    (hit,) = discover("covidxr.rules")[CODE].check(build.dataset(files=files))
    assert hit.file == "volumes/a.png"


@pytest.mark.parametrize("content", ["NIFTI", "NIFTI.GZ", "DICOM", "", "HTML"])
def test_volumes_and_what_is_not_known_are_not_reported(content: str) -> None:
    assert build.hits(CODE, holding(content, "volumes/a.nii")) == []


def test_a_picture_among_the_images_is_right() -> None:
    assert build.hits(CODE, holding("PNG", "images/a.png")) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
