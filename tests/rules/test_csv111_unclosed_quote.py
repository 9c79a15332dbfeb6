"""Tests of CSV111."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV111", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV111", build.dataset()) == []


HEADER = "patientid,sex,other_notes\n"


def test_the_line_where_the_quote_opened_is_named() -> None:
    data = build.from_text(HEADER + '1,F,fine\n2,M,"Fever\n3,F,more\n4,F,more\n')
    (hit,) = discover("covidxr.rules")["CSV111"].check(data)
    assert (hit.line, hit.column) == (3, 5)
    assert hit.message.startswith(
        "the quote that opens here is never closed; 2 more lines are read as its text: '\"Fever"
    )


def test_a_quote_in_a_later_line_of_the_record_is_found_there() -> None:
    data = build.from_text(HEADER + '1,"a\nb","open\n')
    (hit,) = discover("covidxr.rules")["CSV111"].check(data)
    assert (hit.line, hit.column) == (3, 4)
    assert "more lines" not in hit.message


def test_an_open_quote_in_a_ragged_record_is_found() -> None:
    data = build.from_text(HEADER + '1,F,fine\n2,"open\n3,F,x\n')
    assert [line for line, _, _ in build.hits("CSV111", data)] == [3]


def test_a_quote_at_the_end_that_is_half_of_two_does_not_close() -> None:
    assert len(build.hits("CSV111", build.from_text(HEADER + '1,F,"open""\n'))) == 1


def test_an_open_quote_in_the_header_is_found() -> None:
    data = build.from_text('patientid,"sex\n1,F\n')
    assert [line for line, _, _ in build.hits("CSV111", data)] == [1]


@pytest.mark.parametrize(
    "cell", ['""', '"a"', '"a ""b"""', '"""a"""', '"a\nb"', 'a"b', 'a"', '"a"b', '"a"\n']
)
def test_closed_quotes_and_quotes_inside_a_word_are_fine(cell: str) -> None:
    assert build.hits("CSV111", build.from_text(f"{HEADER}1,F,{cell}")) == []


def test_an_open_quote_is_only_one_where_the_file_ends_in_it() -> None:
    data = build.from_text(HEADER + '1,F,"a\n2,M,b"\n3,F,c\n')
    assert build.hits("CSV111", data) == []
