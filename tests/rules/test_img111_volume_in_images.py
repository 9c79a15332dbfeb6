"""IMG111: a volume lies among the images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG111"


def holding(content: str, path: str) -> Dataset:
    folder, _, name = path.rpartition("/")
    files = {path: build.png(path, format=content)}
    return build.dataset({}, {"filename": name, "folder": folder}, files=files)


@pytest.mark.parametrize("content", ["NIFTI", "NIFTI.GZ"])
def test_a_volume_among_the_images_is_reported_at_its_row(content: str) -> None:
    data = holding(content, "images/a.nii.gz")
    message = "a.nii.gz is a volume, not a picture"
    assert build.hits(CODE, data) == [(3, "filename", message)]


def test_a_volume_without_a_row_is_reported_as_a_file() -> None:
    files = holding("NIFTI", "images/a.nii").files
    (hit,) = discover("covidxr.rules")[CODE].check(build.dataset(files=files))
    assert hit.file == "images/a.nii"


@pytest.mark.parametrize("content", ["DICOM", "PNG", "", "HTML"])
def test_what_is_no_volume_for_certain_is_not_reported(content: str) -> None:
    assert build.hits(CODE, holding(content, "images/a.dcm")) == []


def test_a_volume_in_its_place_is_right() -> None:
    assert build.hits(CODE, holding("NIFTI.GZ", "volumes/a.nii.gz")) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
