"""IMG106: a file's extension is not what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr import store
from covidxr.model import Fix, ImageDepth
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit

CODE = "IMG106"
REAL = Path(__file__).parents[3] / "shared" / "real" / "sample"


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


def holding(content: str, *names: str, others: tuple[str, ...] = ()) -> Dataset:
    """Rows whose files all hold one format, and other files."""
    files = {f"images/{name}": build.png(f"images/{name}", format=content) for name in names}
    files |= {path: build.png(path) for path in others}
    return build.dataset(*({"filename": name} for name in names), files=files)


def test_the_cell_and_the_file_are_renamed_together() -> None:
    (hit,) = raw(holding("PNG", "case-2.jpg"))
    assert build.hits(CODE, holding("PNG", "case-2.jpg")) == [
        (2, "filename", "case-2.jpg ends in .jpg and is a PNG file")
    ]
    rename = ("images/case-2.jpg", "images/case-2.png")
    assert hit.fix == Fix(value="case-2.png", rename=rename)
    assert hit.suggestion == "rename it to case-2.png"


RIGHT = {
    "JPEG": ["a.jpg", "a.JPG", "a.jpeg", "a.jpe"],
    "PNG": ["a.png", "a.PNG", "a.b.c.png"],
    "TIFF": ["a.tif", "a.tiff", "a.TIFF"],
    "BMP": ["a.bmp"],
    "GIF": ["a.gif"],
    "WEBP": ["a.webp"],
    "DICOM": ["a.dcm"],
    "NIFTI": ["a.nii"],
    "NIFTI.GZ": ["a.nii.gz", "a.NII.GZ"],
}


@pytest.mark.parametrize("content", RIGHT)
def test_every_usual_extension_of_a_format_is_right(content: str) -> None:
    for name in RIGHT[content]:
        assert build.hits(CODE, holding(content, name)) == [], name


NEW_NAMES = [
    ("JPEG", "a.png", "a.jpg"),
    ("NIFTI", "a.nii.gz", "a.nii"),
    ("NIFTI.GZ", "a.nii", "a.nii.gz"),
    ("NIFTI.GZ", "a.gz", "a.nii.gz"),
    ("PNG", "10.5555-figure.2", "10.5555-figure.2.png"),
    ("PNG", "a.b.JPEG", "a.b.png"),
]


@pytest.mark.parametrize(("content", "name", "new"), NEW_NAMES)
def test_only_the_extension_of_a_format_is_replaced(content: str, name: str, new: str) -> None:
    (hit,) = raw(holding(content, name))
    assert hit.fix is not None
    assert hit.fix.value == new


def test_a_name_that_a_file_has_is_not_taken_whatever_its_capitals() -> None:
    (hit,) = raw(holding("PNG", "a.jpg", others=("images/A.PNG",)))
    assert hit.fix is None
    assert hit.suggestion == "rename it to a.png, once that name is free"


def test_a_file_in_a_folder_of_its_own_stays_there() -> None:
    (hit,) = raw(holding("JPEG", "sub/x.png"))
    assert hit.suggestion == "rename it to sub/x.jpg"
    assert hit.fix == Fix(value="sub/x.jpg", rename=("images/sub/x.png", "images/sub/x.jpg"))


def test_a_name_that_a_row_has_is_not_taken() -> None:
    data = build.dataset(
        {"filename": "a.jpg"},
        {"filename": "a.png"},
        files={"images/a.jpg": build.png("images/a.jpg")},
    )
    (hit,) = raw(data)
    assert hit.fix is None


def test_two_files_are_not_given_the_same_name() -> None:
    fixes = [hit.fix for hit in raw(holding("PNG", "a.jpg", "a.gif"))]
    assert [fix and fix.value for fix in fixes] == ["a.png", None]


def test_both_rows_of_one_file_are_changed_by_one_hit() -> None:
    data = holding("PNG", "a.jpg", "a.jpg")
    (hit,) = raw(data)
    assert (list(hit.rows), hit.fix and hit.fix.value) == ([0, 1], "a.png")


def test_a_file_without_a_row_is_reported_and_left_alone() -> None:
    files = {"images/a.jpg": build.png("images/a.jpg")}
    (hit,) = raw(build.dataset(files=files))
    assert (hit.file, hit.fix) == ("images/a.jpg", None)
    assert hit.suggestion == "rename it to a.png"


def test_what_other_rules_say_is_left_to_them() -> None:
    files = {
        "images/page.jpg": build.png("images/page.jpg", format="HTML"),
        "images/noextension": build.png("images/noextension"),
        "images/unknown.png": build.png("images/unknown.png", format=""),
        "volumes/slice.nii.gz": build.png("volumes/slice.nii.gz"),
    }
    assert raw(build.dataset(files=files)) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []


def test_seventeen_files_of_a_real_collection_lie_and_all_can_be_renamed() -> None:
    if not REAL.is_dir():
        pytest.skip("the real sample lies beside the repository and is not part of it")
    contents = store.Contents(depth=ImageDepth.HEADER)
    found = raw(store.read_collection(REAL, contents))
    assert len(found) == 17
    assert all(hit.fix is not None for hit in found)
