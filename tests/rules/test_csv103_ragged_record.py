"""Tests of CSV103."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

from covidxr.plugins import discover

TABLE = Path(__file__).parents[3] / "shared" / "real" / "history" / "160-84fa1c3.csv"


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV103", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV103", build.dataset()) == []


HEADER = "patientid,sex,age,other_notes\n"


@pytest.mark.parametrize(
    ("record", "message", "suggestion"),
    [
        ("1,F,54", "the record has 3 cells, the header has 4", "a comma is missing"),
        ("1,F,54,a,b", "the record has 5 cells, the header has 4", "double quotes"),
        (
            "1,F,54,a,,",
            "the record has 6 cells, the header has 4; those beyond are blank",
            "remove the commas",
        ),
        ("text", "the record has 1 cell, the header has 4", "a comma is missing"),
    ],
)
def test_the_record_and_the_header_are_counted(record: str, message: str, suggestion: str) -> None:
    data = build.from_text(f"{HEADER}1,F,54,\n{record}\n2,M,60,\n")
    (hit,) = discover("covidxr.rules")["CSV103"].check(data)
    assert (hit.line, hit.message) == (3, message)
    assert suggestion in (hit.suggestion or "")
    assert hit.value == record


def test_a_line_break_without_quotes_is_recognised() -> None:
    data = build.from_text(f"{HEADER}1,F,54,fine\n2,M\n,60,broken\n3,F,40,fine\n")
    ((line, _, message),) = build.hits("CSV103", data)
    assert line == 3
    assert message == (
        "the record breaks off after 2 cells; with what follows up to line 4 it has the 4 of the "
        "header: probably a line break in a cell without quotes"
    )


def test_a_paragraph_without_quotes_is_one_record() -> None:
    data = build.from_text(f"{HEADER}1,F,54\nmore\n\nand more,note\n2,M,60,fine\n")
    assert [line for line, _, _ in build.hits("CSV103", data)] == [2]


def test_text_behind_many_empty_lines_is_no_part_of_the_record_before() -> None:
    data = build.from_text(f"{HEADER}1,F,54\n\n\n\n\nmore,note\n")
    assert [line for line, _, _ in build.hits("CSV103", data)] == [2, 7]


def test_short_records_with_a_whole_one_between_are_not_joined() -> None:
    data = build.from_text(f"{HEADER}1,F\n2,M,60,fine\n,54,x\n")
    assert [line for line, _, _ in build.hits("CSV103", data)] == [2, 4]


def test_short_records_that_are_too_long_together_are_not_joined() -> None:
    data = build.from_text(f"{HEADER}1,F,54\n2,M,60\n")
    assert [line for line, _, _ in build.hits("CSV103", data)] == [2, 3]


def test_hundreds_of_records_of_one_width_are_said_once() -> None:
    data = build.from_text(HEADER + "1,F,54\n" * 300)
    ((line, _, message),) = build.hits("CSV103", data)
    assert line == 2
    assert message == (
        "300 records have 3 cells, the header has 4; the first stand in lines 2, 3, 4"
    )


def test_empty_lines_and_lines_of_commas_are_another_rules() -> None:
    assert build.hits("CSV103", build.from_text(f"{HEADER}1,F,54,\n\n,,\n")) == []


@pytest.mark.skipif(not TABLE.exists(), reason="the published tables are not at hand")
def test_the_ragged_records_of_a_published_table_are_found_one_by_one() -> None:
    lines = [line for line, _, _ in build.hits("CSV103", build.from_text(TABLE.read_bytes()))]
    assert lines == [301, 302, 303, 304, 321, 324]


def test_a_last_record_that_a_quote_keeps_open_is_another_rules() -> None:
    data = build.from_text(f'{HEADER}1,F\n2,"M\n3,F,60,fine\n')
    assert [line for line, _, _ in build.hits("CSV103", data)] == [2]
    assert [line for line, _, _ in build.hits("CSV111", data)] == [3]
