"""VOL102: a file in volumes/ belongs to no row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit

CODE = "VOL102"


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


def collection(row: dict[str, str], *paths: str) -> Dataset:
    return build.dataset(row, files={path: build.png(path) for path in paths})


VOLUME = {"filename": "a.nii.gz", "folder": "volumes"}


def test_a_volume_without_a_row_is_reported_as_a_file() -> None:
    (hit,) = raw(collection(VOLUME, "volumes/a.nii.gz", "volumes/b.nii.gz"))
    assert (hit.file, hit.message) == (
        "volumes/b.nii.gz",
        "no row with folder volumes names b.nii.gz",
    )


def test_a_row_with_the_wrong_folder_does_not_count() -> None:
    row = {"filename": "a.nii.gz", "folder": "images"}
    assert len(raw(collection(row, "volumes/a.nii.gz"))) == 1


def test_other_capitals_count() -> None:
    assert raw(collection(VOLUME, "volumes/A.NII.GZ")) == []


def test_a_folder_of_slices_is_said_once() -> None:
    (hit,) = raw(collection(VOLUME, "volumes/s/1.dcm", "volumes/s/2.dcm", "volumes/a.nii.gz"))
    assert hit.message.startswith("volumes/s/ holds 2 files that no row names")


def test_files_in_images_are_another_rules() -> None:
    assert raw(collection(VOLUME, "images/x.png", "volumes/a.nii.gz")) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
