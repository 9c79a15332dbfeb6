"""Lists of DOIs: lines, tables, remarks."""

from __future__ import annotations

import pytest

from covidxr.doilist import Asked, listed


def read(text: str) -> list[tuple[str, str]]:
    return [(each.text, each.where) for each in listed(text, "list.txt")]


def test_lines_are_read_with_their_numbers_and_remarks_left_out() -> None:
    text = "# of June\n10.1000/a\n\n  https://doi.org/10.1000/b  \n"
    assert read(text) == [("10.1000/a", "list.txt:2"), ("https://doi.org/10.1000/b", "list.txt:4")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_column_of_a_table_is_read_wherever_it_stands(delimiter: str) -> None:
    rows = [["title", "DOI"], ["Two words", "10.1000/a"], ["None", ""], ["Short"], []]
    text = "\n".join(delimiter.join(row) for row in rows)
    assert read(text) == [("10.1000/a", "list.txt:2")]


def test_a_title_with_a_line_end_does_not_move_what_stands_behind_it() -> None:
    assert read('title,doi\n"two\nlines",10.1000/a\nx,10.1000/b\n') == [
        ("10.1000/a", "list.txt:3"),
        ("10.1000/b", "list.txt:4"),
    ]


def test_a_table_of_one_column_and_a_byte_order_mark_are_read() -> None:
    assert read("\ufeffdoi\n10.1000/a\n") == [("10.1000/a", "list.txt:2")]


def test_a_doi_with_a_comma_is_no_table() -> None:
    assert read("10.1000/a,b\n") == [("10.1000/a,b", "list.txt:1")]


def test_nothing_gives_nothing() -> None:
    assert listed("", "x") == []
    assert listed("doi\n", "x") == []


def test_what_is_no_doi_is_handed_on_as_it_stands() -> None:
    assert listed("hello", "x") == [Asked(text="hello", where="x:1")]


def test_line_ends_of_old_macs_are_line_ends() -> None:
    assert read("title,doi\rx,10.1000/a\r") == [("10.1000/a", "list.txt:2")]


def test_a_quote_that_is_not_closed_is_told_and_not_what_is_behind_it_lost() -> None:
    text = 'title,doi\nA,10.1000/a\n"Open,10.1000/b\nC,10.1000/c\n'
    assert read(text)[0] == ("10.1000/a", "list.txt:2")
    assert read(text)[1] == ('a quote is not closed: "Open,10.1000/b', "list.txt:3")


def test_a_remark_behind_a_doi_is_none_of_it() -> None:
    assert read("10.1000/a  # of June\n") == [("10.1000/a", "list.txt:1")]
