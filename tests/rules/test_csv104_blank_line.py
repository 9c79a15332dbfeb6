"""Tests of CSV104."""

from __future__ import annotations

from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV104", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV104", build.dataset()) == []


HEADER = "patientid,sex,age\n"


def test_lines_that_follow_each_other_are_one_hit() -> None:
    data = build.from_text(f"{HEADER}1,F,54\n\n2,M,60\n\n\n\n")
    assert build.hits("CSV104", data) == [
        (3, None, "the line holds no text"),
        (5, None, "3 lines hold no text: 5 to 7"),
    ]


def test_a_line_of_commas_or_of_blanks_holds_no_text() -> None:
    data = build.from_text(f"{HEADER},,,,\n  \n1,F,54\n")
    assert build.hits("CSV104", data) == [(2, None, "2 lines hold no text: 2 to 3")]


def test_an_empty_line_in_a_quoted_cell_belongs_to_the_cell() -> None:
    assert build.hits("CSV104", build.dataset({"clinical_notes": "one\n\ntwo"})) == []


def test_a_ragged_record_with_text_is_another_rules() -> None:
    assert build.hits("CSV104", build.from_text(f"{HEADER}1,F\n")) == []


def test_two_runs_of_blank_lines_are_told_apart_by_what_stands_before() -> None:
    data = build.from_text("patientid,sex\n1,F\n\n2,M\n\n")
    values = [hit.value for hit in discover("covidxr.rules")["CSV104"].check(data)]
    assert values == ["1,F", "2,M"]
