"""A CSV file with a preamble of comments."""

from __future__ import annotations

import pytest

from covidxr.annotating import Source
from covidxr.annotationnames import Names
from covidxr.errors import CollectionError
from covidxr.notedtable import NotedTable, header_of, said_in


def source(text: str) -> Source:
    return Source("annotations/s.csv", text.encode(), Names([]))


def test_comments_are_no_rows_and_places_count_them() -> None:
    table = NotedTable(source("## License: CC0,,\n\n# more\nfilename,a\nx.png, 2\n"))
    assert table.said("license") == "CC0"
    assert [(cell.text, cell.line, cell.column) for cell in table.header] == [
        ("filename", 4, 1),
        ("a", 4, 10),
    ]
    assert [[(cell.text, cell.line) for cell in row] for row in table.rows()] == [
        [("x.png", 5), ("2", 5)]
    ]


def test_a_comment_that_a_spreadsheet_quoted_is_read() -> None:
    quoted = '"## Citation: A, B and ""C""",,\nfilename,a\nx,1\n'
    assert NotedTable(source(quoted)).said("citation") == 'A, B and "C"'


def test_a_byte_order_mark_is_no_part_of_the_first_comment() -> None:
    assert NotedTable(source("\ufeff## License: CC0\nfilename,a\nx,1\n")).said("license") == "CC0"


def test_a_ragged_record_is_told_with_its_line_in_the_whole_file() -> None:
    table = NotedTable(source("## one\nfilename,a\nx,1,2\ny,1\n"))
    assert [line for line, _ in table.odd()] == [3]


def test_comments_alone_are_no_table() -> None:
    assert header_of(source("## License: CC0\n")) == ()
    with pytest.raises(CollectionError, match="no table below"):
        _ = NotedTable(source("## License: CC0\n")).text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("# Masks\n\n**License:** CC-BY-4.0\n", "CC-BY-4.0"),
        ("- Licence: CC0-1.0", "CC0-1.0"),
        ("LICENSE: MIT", "MIT"),
        ("License:\nLicense: CC0-1.0", "CC0-1.0"),
        ("The license: is not said", ""),
        ("", ""),
    ],
)
def test_a_note_says_its_licence_in_a_line_of_its_own(text: str, said: str) -> None:
    assert said_in(text, "license", "licence") == said


def test_a_cell_behind_one_with_a_line_break_stands_on_a_later_line() -> None:
    ((_, second, third),) = NotedTable(source('## c\nfilename,a,b\n"x\ny",1,2\n')).rows()
    assert (second.line, second.column) == (4, 4)
    assert (third.line, third.column) == (4, 6)


def test_cells_behind_letters_of_many_bytes_stand_at_their_characters() -> None:
    ((_, second),) = NotedTable(source("filename,a\nJönköping.png,1\n")).rows()
    assert second.column == 15
