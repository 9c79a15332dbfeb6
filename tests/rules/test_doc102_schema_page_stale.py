"""DOC102: a table of SCHEMA.md is not what the columns give."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

from covidxr import schemapage
from covidxr.plugins import discover

CODE = "DOC102"
EMPTY = "".join(
    f"<!-- covidxr schema: begin {name} -->\n<!-- covidxr schema: end {name} -->\n"
    for name in schemapage.blocks()
)
CURRENT = schemapage.updated(EMPTY)


def said(page: str) -> list[tuple[int, str | None, str]]:
    return build.hits(CODE, build.dataset({}, documents={"SCHEMA.md": page}))


def test_each_table_that_differs_is_said_at_its_marker() -> None:
    page = CURRENT.replace("| `sex` | Sex", "| `sex` | The sex").replace("`wbc count`", "`wbc`")
    line = CURRENT.splitlines().index("<!-- covidxr schema: begin aliases -->") + 1
    assert said(page) == [
        (1, None, "the table 'columns' is out of date"),
        (line, None, "the table 'aliases' is out of date"),
    ]


def test_the_hit_names_the_file_and_the_command() -> None:
    data = build.dataset({}, documents={"SCHEMA.md": EMPTY})
    hit = next(iter(discover("covidxr.rules")[CODE].check(data)))
    assert (hit.file, hit.suggestion) == ("SCHEMA.md", "covidxr schema --write renews it")


SILENT = {
    "a page that is up to date": CURRENT,
    "the same with Windows line ends": CURRENT.replace("\n", "\r\n"),
    "a page of somebody's own": "# Schema\n| sex | M or F |\n",
    "the page of this repository": (Path(__file__).parents[2] / "SCHEMA.md").read_text("utf-8"),
}


@pytest.mark.parametrize("case", SILENT)
def test_nothing_is_said_of(case: str) -> None:
    assert said(SILENT[case]) == []


def test_a_marker_too_few_is_said_at_its_line() -> None:
    broken = CURRENT.replace("end columns", "end column")
    assert said(broken) == [(1, None, "block 'columns' is not closed")]


def test_a_collection_without_the_page_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    assert build.hits(CODE, build.dataset(documents={"SCHEMA.md": CURRENT})) == []
