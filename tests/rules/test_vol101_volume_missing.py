"""VOL101: a row names a volume that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit

CODE = "VOL101"


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


def volumes(*names: str, files: tuple[str, ...]) -> Dataset:
    rows = [{"filename": name, "folder": "volumes"} for name in names]
    return build.dataset(*rows, files={path: build.png(path) for path in files})


def test_a_volume_that_is_not_there_is_reported_at_its_cell() -> None:
    data = volumes("a.nii.gz", "b.nii.gz", files=("volumes/a.nii.gz",))
    assert build.hits(CODE, data) == [(3, "filename", "b.nii.gz is not in volumes/")]


def test_the_only_volume_is_reported_at_its_cell() -> None:
    assert [line for line, _, _ in build.hits(CODE, volumes("a.nii.gz", files=()))] == [2]


def test_none_there_at_all_is_said_once_at_the_header() -> None:
    found = build.hits(CODE, volumes("a.nii.gz", "b.nii.gz", "c.nii.gz", files=()))
    message = "none of the 3 volumes that rows name is in volumes/"
    assert found == [(1, "filename", message)]


def test_other_capitals_and_another_folder_are_suggested() -> None:
    data = volumes(
        "A.nii.gz",
        "b.nii.gz",
        "c.nii",
        files=("volumes/a.nii.gz", "images/b.nii.gz", "volumes/c.nii"),
    )
    assert [hit.suggestion for hit in raw(data)] == [
        "it is called a.nii.gz there",
        "it is in images/: move it, or correct the folder",
    ]


def test_rows_of_images_are_another_rules() -> None:
    data = build.dataset({"filename": "a.png"}, {"filename": "b.png", "folder": ""}, files={})
    assert build.hits(CODE, data) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
