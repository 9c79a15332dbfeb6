"""IMG108: two names are one on some systems."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit, ImageFacts

CODE = "IMG108"


def facts(*paths: str) -> dict[str, ImageFacts]:
    return {path: build.png(path) for path in paths}


def collection(*names: str, files: tuple[str, ...], **more: Any) -> Dataset:
    """Rows with these file names, and these files below the root."""
    rows = [{"filename": name} for name in names]
    return build.dataset(*rows, files=facts(*files), **more)


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


ONLY_CAPITALS = "differ only in capitals: many systems take them for one file"


def test_the_second_of_two_rows_is_reported_and_names_the_first() -> None:
    data = collection("a-PA.png", "b.png", "a-pa.png", files=())
    message = f"a-pa.png and a-PA.png (line 2) {ONLY_CAPITALS}"
    assert build.hits(CODE, data) == [(4, "filename", message)]


def test_two_files_without_rows_are_reported_as_a_file() -> None:
    (hit,) = raw(build.dataset(files=facts("images/A.png", "images/a.png")))
    assert hit.file == "images/a.png"
    assert hit.message == f"images/a.png and images/A.png {ONLY_CAPITALS}"


def test_files_whose_rows_were_reported_are_not_reported_again() -> None:
    data = collection("A.png", "a.png", files=("images/A.png", "images/a.png"))
    assert [line for line, _, _ in build.hits(CODE, data)] == [3]


def test_two_unicode_forms_of_one_name_are_one() -> None:
    ((line, _, message),) = build.hits(CODE, collection("é.png", "e\u0301.png", files=()))
    assert line == 3
    assert "two Unicode forms" in message


def test_one_name_in_two_rows_is_another_rules() -> None:
    assert build.hits(CODE, collection("a.png", "a.png", files=())) == []


def test_one_name_in_two_folders_is_no_clash() -> None:
    data = build.dataset(
        {"filename": "a.nii"}, {"filename": "A.nii", "folder": "volumes"}, files={}
    )
    assert build.hits(CODE, data) == []


def test_a_row_and_its_file_are_another_rules() -> None:
    assert build.hits(CODE, collection("A.png", files=("images/a.png",))) == []


def test_blank_names_are_no_clash() -> None:
    assert build.hits(CODE, collection("", " ", "a.png", "A\n.png", files=())) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
