"""IMG110: bytes follow the end of a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr.model import FileProblem
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

CODE = "IMG110"


def with_problem(kind: str, message: str, *, path: str = "images/bad.png", **more: Any) -> Dataset:
    """A good row, and a row whose file has one problem."""
    folder, _, name = path.rpartition("/")
    bad = build.png(path, problems=(FileProblem(kind=kind, message=message),), **more)
    files = {"images/good.png": build.png("images/good.png"), path: bad}
    rows = ({"filename": "good.png"}, {"filename": name, "folder": folder})
    return build.dataset(*rows, files=files)


def without_row(kind: str, message: str) -> Dataset:
    path = "images/bad.png"
    bad = build.png(path, problems=(FileProblem(kind=kind, message=message),))
    return build.dataset(files={path: bad})


@pytest.mark.parametrize("kind", ["trailing"])
def test_the_row_of_the_file_is_reported(kind: str) -> None:
    data = with_problem(kind, "what was seen")
    assert build.hits(CODE, data) == [(3, "filename", "bad.png: what was seen")]


@pytest.mark.parametrize("kind", ["trailing"])
def test_a_file_without_a_row_is_reported_as_a_file(kind: str) -> None:
    (hit,) = discover("covidxr.rules")[CODE].check(without_row(kind, "what was seen"))
    assert (hit.file, hit.rows) == ("images/bad.png", ())
    assert hit.message == "bad.png: what was seen"


@pytest.mark.parametrize("kind", ["corrupt", "truncated"])
def test_other_problems_are_left_to_other_rules(kind: str) -> None:
    assert build.hits(CODE, with_problem(kind, "what was seen")) == []


def test_the_other_folder_is_left_to_other_rules() -> None:
    data = with_problem("trailing", "what was seen", path="volumes/bad.png")
    assert build.hits(CODE, data) == []


def test_two_rows_of_one_file_are_both_reported() -> None:
    row = {"filename": "bad.png", "folder": "images"}
    files = without_row("trailing", "x").files
    lines = [line for line, _, _ in build.hits(CODE, build.dataset(row, row, files=files))]
    assert lines == [2, 3]


def test_a_good_collection_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset()) == []
