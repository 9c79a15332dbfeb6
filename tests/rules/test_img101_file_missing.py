"""IMG101: a row names a file that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit, ImageFacts

CODE = "IMG101"


def facts(*paths: str) -> dict[str, ImageFacts]:
    return {path: build.png(path) for path in paths}


def collection(*names: str, files: tuple[str, ...], **more: Any) -> Dataset:
    """Rows with these file names, and these files below the root."""
    rows = [{"filename": name} for name in names]
    return build.dataset(*rows, files=facts(*files), **more)


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


def test_a_file_that_is_not_there_is_reported_at_its_cell() -> None:
    data = collection("a.png", "b.png", files=("images/a.png",))
    assert build.hits(CODE, data) == [(3, "filename", "b.png is not in images/")]


def test_two_rows_of_one_missing_file_are_both_reported() -> None:
    data = collection("a.png", "b.png", "b.png", files=("images/a.png",))
    assert [line for line, _, _ in build.hits(CODE, data)] == [3, 4]


def test_another_extension_of_the_same_name_is_suggested() -> None:
    data = collection("a.png", "case-7-pa.png", files=("images/a.png", "images/case-7-pa.jpeg"))
    (hit,) = raw(data)
    assert hit.suggestion == "images/ has case-7-pa.jpeg, which no row names: is it this one?"


def test_the_closest_name_without_a_row_is_suggested() -> None:
    files = ("images/covid-12-day3-pa.png", "images/covid-12-day4-pa.png", "images/x.png")
    (hit,) = raw(collection("covid-12-day4-pa.png", "covid-12day3-pa.png", files=files))
    expected = "images/ has covid-12-day3-pa.png, which no row names: is it this one?"
    assert hit.suggestion == expected


def test_a_file_that_another_row_names_is_not_suggested() -> None:
    (hit,) = raw(collection("case-1.png", "case-2.png", files=("images/case-1.png",)))
    assert hit.suggestion is None


def test_a_file_in_the_other_folder_is_suggested() -> None:
    files = ("images/a.png", "volumes/b.nii.gz")
    (hit,) = raw(collection("a.png", "b.nii.gz", files=files))
    assert hit.suggestion == "it is in volumes/: correct the folder"


def test_none_there_at_all_is_said_once_at_the_header() -> None:
    names = [f"image-{number}.png" for number in range(40)]
    data = collection(*names, files=())
    ((line, field, message),) = build.hits(CODE, data)
    assert (line, field) == (1, "filename")
    assert message == "none of the 40 files that rows name is in images/"
    (hit,) = raw(data)
    assert hit.column == build.csv_text([]).index("filename") + 1


def test_what_other_rules_say_better_is_left_to_them() -> None:
    data = build.dataset(
        {"filename": "A.PNG"},
        {"filename": "images/b.png"},
        {"filename": "c.nii.gz", "folder": "volumes"},
        {"filename": ""},
        {"filename": "d.png", "folder": "?"},
        files=facts("images/a.png", "images/b.png"),
    )
    assert build.hits(CODE, data) == []


def test_a_table_without_a_folder_column_means_images() -> None:
    text = "patientid,filename\n1,a.png\n2,b.png\n"
    data = build.from_text(text, files=facts("images/a.png"))
    assert build.hits(CODE, data) == [(3, "filename", "b.png is not in images/")]


def test_a_table_without_file_names_has_none() -> None:
    data = build.from_text("patientid,finding\n1,Pneumonia\n", files=facts("images/a.png"))
    assert build.hits(CODE, data) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
