"""Tests of CSV107."""

from __future__ import annotations

from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV107", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV107", build.dataset()) == []


def test_a_text_of_several_lines_is_reported_where_it_begins() -> None:
    data = build.dataset({}, {"clinical_notes": "One.\n\nTwo.\r\nThree."}, {})
    assert build.hits("CSV107", data) == [(3, "clinical_notes", "the text has 4 lines")]


def test_a_line_break_at_the_end_of_a_cell_is_another_rules() -> None:
    assert build.hits("CSV107", build.dataset({"clinical_notes": "One.\n"})) == []


def test_columns_without_a_name_are_looked_at_too() -> None:
    data = build.from_text('patientid,\n1,"a\nb"\n')
    assert build.hits("CSV107", data) == [(2, "", "the text has 2 lines")]
