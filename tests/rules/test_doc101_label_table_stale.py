"""DOC101: the label table in README is not what the collection gives."""

from __future__ import annotations

import pytest
from tests import build

from covidxr import readmeblock
from covidxr.plugins import discover

CODE = "DOC101"
EMPTY = "# Title\n\n<!-- covidxr stats: begin -->\n<!-- covidxr stats: end -->\n"
GOOD = build.dataset({}, {"finding": "Pneumonia"})
CURRENT = readmeblock.spliced(EMPTY, GOOD)


def said(page: str) -> list[tuple[int, str | None, str]]:
    data = build.dataset({}, {"finding": "Pneumonia"}, documents={"README.md": page})
    return build.hits(CODE, data)


def test_a_table_that_was_not_written_yet_is_out_of_date() -> None:
    ((line, _, message),) = said(EMPTY)
    assert line == 4
    assert message.startswith("the label table is out of date in ")


def test_a_number_that_changed_is_said_with_its_line() -> None:
    lines = CURRENT.splitlines()
    number = next(n for n, line in enumerate(lines, start=1) if line.startswith("| Pneumonia |"))
    old = lines[number - 1].replace("2", "7", 1)
    assert said(CURRENT.replace(lines[number - 1], old)) == [
        (number, None, f"the label table is out of date: {old!r} should be {lines[number - 1]!r}")
    ]


def test_the_hit_names_the_file_and_the_command() -> None:
    data = build.dataset({}, documents={"README.md": EMPTY})
    (hit,) = discover("covidxr.rules")[CODE].check(data)
    assert (hit.file, hit.suggestion) == ("README.md", "covidxr stats --write README.md renews it")


SILENT = {
    "a table that is up to date": CURRENT,
    "the same with Windows line ends": CURRENT.replace("\n", "\r\n"),
    "a page without markers": "# Title\n| Pneumonia | 7 |\n",
    "an empty page": "",
}


@pytest.mark.parametrize("case", SILENT)
def test_nothing_is_said_of(case: str) -> None:
    assert said(SILENT[case]) == []


def test_a_block_that_is_not_closed_is_said_at_its_marker() -> None:
    ((line, _, message),) = said(EMPTY.partition("<!-- covidxr stats: end")[0])
    assert line == 3
    assert "has no end marker" in message


def test_a_collection_without_readme_has_none() -> None:
    assert build.hits(CODE, build.dataset({})) == []


def test_an_empty_table_has_none() -> None:
    empty = build.dataset()
    page = readmeblock.spliced(EMPTY, empty)
    assert build.hits(CODE, build.dataset(documents={"README.md": page})) == []


def test_a_table_without_findings_does_not_stop_it() -> None:
    data = build.from_text("patientid\n1\n", documents={"README.md": EMPTY})
    assert len(build.hits(CODE, data)) == 1
