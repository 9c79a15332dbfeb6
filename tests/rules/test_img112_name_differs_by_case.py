"""IMG112: a row writes its file's name with other capitals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build

from covidxr.model import Fix
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset
    from covidxr.model import Hit, ImageFacts

CODE = "IMG112"


def facts(*paths: str) -> dict[str, ImageFacts]:
    return {path: build.png(path) for path in paths}


def collection(*names: str, files: tuple[str, ...]) -> Dataset:
    """Rows with these file names, and these files below the root."""
    rows = [{"filename": name} for name in names]
    return build.dataset(*rows, files=facts(*files))


def raw(data: Dataset) -> list[Hit]:
    return list(discover("covidxr.rules")[CODE].check(data))


def test_the_cell_gets_the_files_name() -> None:
    data = collection("x.png", "A.PNG", files=("images/x.png", "images/a.png"))
    message = "A.PNG is not in images/, but a.png is: the two differ only in capitals"
    assert build.hits(CODE, data) == [(3, "filename", message)]
    (hit,) = raw(data)
    assert hit.fix == Fix(value="a.png")
    assert hit.suggestion == "write a.png"


def test_the_unicode_form_of_a_letter_counts_too() -> None:
    ((_, _, message),) = build.hits(CODE, collection("é.png", files=("images/e\u0301.png",)))
    assert message.endswith("the two differ only in the Unicode form of a letter")


def test_a_name_that_another_row_has_is_not_given() -> None:
    (hit,) = raw(collection("A.PNG", "a.png", files=("images/a.png",)))
    assert hit.fix is None
    assert hit.suggestion == "a.png has another row: which is right?"


def test_a_name_is_not_given_twice() -> None:
    fixes = [hit.fix for hit in raw(collection("A.PNG", "A.png", files=("images/a.png",)))]
    assert fixes == [Fix(value="a.png"), None]


def test_a_file_that_is_missing_is_another_rules() -> None:
    assert build.hits(CODE, collection("a.png", files=("images/b.png",))) == []


def test_a_row_of_a_volume_is_another_rules() -> None:
    row = {"filename": "A.png", "folder": "volumes"}
    assert build.hits(CODE, build.dataset(row, files=facts("images/a.png"))) == []


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
