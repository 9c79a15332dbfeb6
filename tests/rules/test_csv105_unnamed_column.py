"""Tests of CSV105."""

from __future__ import annotations

from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV105", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV105", build.dataset()) == []


def test_a_comma_at_the_end_of_every_line_is_reported_at_the_header() -> None:
    data = build.from_text("patientid,sex,\n1,F,\n2,M, \n")
    assert build.hits("CSV105", data) == [(1, "", "column 3 has neither a name nor any text")]


def test_many_such_columns_are_one_hit() -> None:
    data = build.from_text("patientid,,sex,,, \n1,,F,,,\n")
    ((_, _, message),) = build.hits("CSV105", data)
    assert message == "columns 2, 4, 5 and 1 more have neither names nor any text"


def test_a_column_with_text_is_another_rules() -> None:
    assert build.hits("CSV105", build.from_text("patientid,\n1,text\n")) == []


def test_a_named_column_may_be_blank() -> None:
    assert build.hits("CSV105", build.from_text("patientid,severity\n1,\n")) == []


def test_the_place_is_that_of_the_blank_header_cell() -> None:
    (hit,) = discover("covidxr.rules")["CSV105"].check(build.from_text("patientid,sex,\n1,F,\n"))
    assert (hit.line, hit.column) == (1, 15)
