"""IMG107: a file name that some system or shell takes otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr.model import Fix
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit

CODE = "IMG107"


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


UNSAFE = {
    "case 2.png": "has a blank",
    "case\t2.png": "has '\\t'",
    "case\n2.png": "has '\\n'",
    "-case.png": "begins with '-'",
    ".case.png": "begins with '.'",
    "José.png": "has 'é', which is not ASCII",
    "old/case.png": "names a folder",
    "old\\case.png": "names a folder",
}


@pytest.mark.parametrize("name", UNSAFE)
def test_a_name_that_is_not_safe_everywhere_is_reported(name: str) -> None:
    data = build.dataset({}, {"filename": name})
    assert build.hits(CODE, data) == [(3, "filename", f"the file name {name!r} {UNSAFE[name]}")]


SAFE = ["case-2.png", "CASE_2.v1.PNG", "a+b,c(1)~.png", "10.5555-slash-j.x.2020.png", "a--b.png"]


def test_the_usual_names_are_safe() -> None:
    assert build.hits(CODE, build.dataset(*({"filename": name} for name in SAFE))) == []


def test_blanks_around_a_name_are_another_rules() -> None:
    assert build.hits(CODE, build.dataset({"filename": " case.png "})) == []


def test_a_blank_name_is_another_rules() -> None:
    assert build.hits(CODE, build.dataset({}, {"filename": ""}, {})) == []


def test_a_byte_that_is_not_utf_8_is_shown_and_not_printed() -> None:
    data = build.from_text(b"patientid,filename\n1,In\xe9s.png\n")
    assert build.hits(CODE, data) == [
        (2, "filename", r"the file name 'In\udce9s.png' has '\udce9', which is not ASCII")
    ]


@pytest.mark.parametrize("name", ["images/a.png", "old/a.png", "old\\a.png"])
def test_the_folder_is_taken_out_where_the_file_is_there(name: str) -> None:
    files = {"images/a.png": build.png("images/a.png")}
    (hit,) = raw(build.dataset({"filename": name}, files=files))
    assert hit.fix == Fix(value="a.png")
    assert hit.suggestion == "write a.png"


@pytest.mark.parametrize("other", ["a.png", "A.PNG"])
def test_the_file_of_another_row_is_not_taken(other: str) -> None:
    files = {"images/a.png": build.png("images/a.png")}
    (hit,) = raw(build.dataset({"filename": "old/a.png"}, {"filename": other}, files=files))
    assert hit.fix is None
    assert hit.suggestion == "a.png has another row: which is right?"


def test_two_cells_are_not_given_the_same_name() -> None:
    files = {"images/a.png": build.png("images/a.png")}
    found = raw(build.dataset({"filename": "old/a.png"}, {"filename": "new/a.png"}, files=files))
    assert [hit.fix for hit in found] == [Fix(value="a.png"), None]


def test_both_folders_of_one_name_are_looked_at() -> None:
    files = {path: build.png(path) for path in ("images/a.nii", "volumes/a.nii")}
    row = {"filename": "old/a.nii"}
    (hit,) = raw(build.dataset(row, {**row, "folder": "volumes"}, files=files))
    assert hit.fix == Fix(value="a.nii")


def test_nothing_is_renamed_where_the_file_is_not_there() -> None:
    (hit,) = raw(build.dataset({"filename": "old/a.png"}, files={}))
    assert hit.fix is None


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
