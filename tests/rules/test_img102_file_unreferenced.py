"""IMG102: a file in images/ belongs to no row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr import store
from covidxr.model import ImageDepth
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit, ImageFacts

CODE = "IMG102"
REAL = Path(__file__).parents[3] / "shared" / "real" / "sample"


def facts(*paths: str) -> dict[str, ImageFacts]:
    return {path: build.png(path) for path in paths}


def collection(*names: str, files: tuple[str, ...], **more: Any) -> Dataset:
    """Rows with these file names, and these files below the root."""
    rows = [{"filename": name} for name in names]
    return build.dataset(*rows, files=facts(*files), **more)


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


def test_a_file_without_a_row_is_reported_as_a_file() -> None:
    (hit,) = raw(collection("a.png", files=("images/a.png", "images/b.png")))
    assert (hit.file, hit.line, hit.rows) == ("images/b.png", None, ())
    assert hit.message == "no row names b.png"
    assert hit.suggestion == "trace it in the table's history before it is removed"


def test_a_row_whose_missing_file_has_another_extension_is_named() -> None:
    (hit,) = raw(collection("x.png", "b.png", files=("images/x.png", "images/b.jpg")))
    assert hit.suggestion == "line 3 names b.png, which is not there: is it this file?"


def test_a_row_whose_file_is_there_under_another_extension_is_named() -> None:
    (hit,) = raw(collection("b.png", files=("images/b.png", "images/b.jpg")))
    assert hit.suggestion == "line 2 names b.png, which is there too: are they the same image?"


def test_a_name_in_a_ragged_record_counts() -> None:
    text = "patientid,filename\n1,a.png\n2,spilled, b.png\n"
    data = build.from_text(text, files=facts("images/a.png", "images/b.png"))
    assert build.hits(CODE, data) == []


def test_a_row_that_writes_other_capitals_counts() -> None:
    assert build.hits(CODE, collection("A.PNG", files=("images/a.png",))) == []


def test_a_row_that_names_the_folder_counts() -> None:
    data = collection("images/a.png", "b.png", files=("images/a.png", "images/b.png"))
    assert build.hits(CODE, data) == []


def test_a_copy_in_a_folder_below_does_not_count() -> None:
    (hit,) = raw(collection("a.png", files=("images/a.png", "images/old/a.png")))
    assert hit.file == "images/old/a.png"


def test_a_folder_below_images_is_said_once() -> None:
    files = ("images/a.png", "images/old/1.png", "images/old/2.png", "images/new/3.png")
    found = {hit.file: hit.message for hit in raw(collection("a.png", files=files))}
    rest = "that no row names; rows name files in images/ itself"
    assert found == {
        "images/old/1.png": f"images/old/ holds 2 files {rest}",
        "images/new/3.png": f"images/new/ holds a file {rest}",
    }


def test_volumes_are_left_to_other_rules() -> None:
    volume = build.png("images/v.nii.gz", format="NIFTI.GZ")
    files = {**facts("images/a.png", "volumes/w.nii.gz"), "images/v.nii.gz": volume}
    assert build.hits(CODE, build.dataset({"filename": "a.png"}, files=files)) == []


def test_a_row_of_the_other_folder_does_not_count() -> None:
    row = {"filename": "a.png", "folder": "volumes"}
    assert len(raw(build.dataset(row, files=facts("images/a.png")))) == 1


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []


def test_eight_files_of_a_real_collection_have_no_row() -> None:
    if not REAL.is_dir():
        pytest.skip("the real sample lies beside the repository and is not part of it")
    contents = store.Contents(depth=ImageDepth.HEADER)
    found = raw(store.read_collection(REAL, contents))
    assert len(found) == 8
