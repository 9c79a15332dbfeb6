"""What differs between two tables, and that it makes one of the other."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import build

from covidxr import csvread, tablediff
from covidxr.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.comparison import TableDiff

HISTORY = Path(__file__).parents[1].parent / "shared" / "real" / "history"


def table(text: str | bytes) -> Table:
    return Table(csvread.parse(text.encode() if isinstance(text, str) else text))


def compared(old: str | bytes, new: str | bytes, **known: Any) -> TableDiff:
    return tablediff.compare(table(old), table(new), **known)[0]


def rows(*changes: Mapping[str, str]) -> str:
    return build.csv_text(build.rows(*changes))


def cells(diff: TableDiff) -> list[tuple[str, str, str, str]]:
    return [
        (row.path, cell.column, cell.old, cell.new) for row in diff.changed for cell in row.cells
    ]


# -- rows ------------------------------------------------------------------------------------------


def test_equal_tables_do_not_differ() -> None:
    found = compared(rows({}, {}), rows({}, {}))
    assert found.same_bytes
    assert (found.added, found.removed, found.changed, found.moved) == ((), (), (), 0)
    assert found.pieces == ((0, 3),)


def test_a_cell_that_changed_is_named_with_its_row_its_lines_and_its_patient() -> None:
    found = compared(rows({}, {"sex": "F"}), rows({}, {"sex": "M"}))
    (row,) = found.changed
    assert (row.path, row.old_line, row.line, row.patientid) == ("images/image-2.png", 3, 3, "2")
    assert cells(found) == [("images/image-2.png", "sex", "F", "M")]


def test_rows_that_came_and_went_keep_their_cells_and_the_lines_of_their_own_table() -> None:
    old = rows({"filename": "a.png"}, {"filename": "b.png", "age": "7"})
    new = rows({"filename": "a.png"}, {"filename": "c.png", "age": "9", "sex": "M"})
    found = compared(old, new)
    assert [(each.path, each.line, each["age"]) for each in found.removed] == [
        ("images/b.png", 3, "7")
    ]
    assert [(each.path, each.line, each["age"]) for each in found.added] == [
        ("images/c.png", 3, "9")
    ]
    assert not found.changed


def test_a_row_whose_other_cells_are_all_the_same_was_renamed() -> None:
    found = compared(rows({"filename": "a.jpg"}), rows({"filename": "a.png"}))
    (row,) = found.changed
    assert (row.old_path, row.path, row.matched_by) == ("images/a.jpg", "images/a.png", "cells")
    assert cells(found) == [("images/a.png", "filename", "a.jpg", "a.png")]
    assert not found.added
    assert not found.removed


def test_a_row_whose_file_has_the_same_bytes_was_renamed_whatever_else_changed() -> None:
    found = compared(
        rows({"filename": "a.jpg", "sex": "F"}),
        rows({"filename": "b.png", "sex": "M"}),
        old_hashes={"images/a.jpg": "1234"},
        hashes={"images/b.png": "1234"},
    )
    (row,) = found.changed
    assert row.matched_by == "bytes"
    assert {cell.column for cell in row.cells} == {"filename", "sex"}


def test_where_two_rows_could_be_the_renamed_one_none_is_taken_for_it() -> None:
    same = {"patientid": "1", "url": "https://example.org/1"}
    old = rows({**same, "filename": "a.png"})
    new = rows({**same, "filename": "b.png"}, {**same, "filename": "c.png"})
    found = compared(old, new)
    assert [each.path for each in found.removed] == ["images/a.png"]
    assert [each.path for each in found.added] == ["images/b.png", "images/c.png"]


def test_of_rows_with_one_name_equal_ones_are_matched_first_and_then_in_order() -> None:
    same = {"patientid": "1", "url": "u", "filename": "a.png"}
    old = rows({**same, "age": "1"}, {**same, "age": "2"}, {**same, "age": "3"})
    new = rows({**same, "age": "3"}, {**same, "age": "1"}, {**same, "age": "20"})
    assert cells(compared(old, new)) == [("images/a.png", "age", "2", "20")]


def test_of_more_rows_with_one_name_than_before_the_last_are_new() -> None:
    same = {"patientid": "1", "url": "u", "filename": "a.png"}
    found = compared(rows({**same, "age": "1"}), rows({**same, "age": "5"}, {**same, "age": "6"}))
    assert cells(found) == [("images/a.png", "age", "1", "5")]
    assert [each["age"] for each in found.added] == ["6"]


def test_rows_without_a_file_are_the_same_where_they_say_the_same() -> None:
    nameless = {"filename": "", "patientid": "1", "url": "u"}
    old = rows({**nameless, "age": "1"}, {**nameless, "age": "2"})
    new = rows({**nameless, "age": "2"}, {**nameless, "age": "3"})
    found = compared(old, new)
    assert [each["age"] for each in found.removed] == ["1"]
    assert [each["age"] for each in found.added] == ["3"]


def test_the_same_name_in_another_folder_is_another_file() -> None:
    old = rows({"filename": "a.nii", "folder": "images", "age": "1"})
    found = compared(old, rows({"filename": "a.nii", "folder": "volumes", "age": "2"}))
    assert (len(found.added), len(found.removed)) == (1, 1)


def test_a_blank_folder_means_images() -> None:
    found = compared(rows({"folder": ""}), rows({"folder": "images"}))
    assert cells(found) == [("images/image-1.png", "folder", "", "images")]


def test_rows_in_another_order_are_counted_and_nothing_else() -> None:
    named = [{"filename": name, "patientid": name, "url": name} for name in "abcd"]
    found = compared(rows(*named), rows(named[3], *named[:3]))
    assert (found.moved, found.changed, found.rewritten) == (1, (), 0)
    assert not found.same_bytes


def test_line_ends_and_quotes_alone_are_the_same_cells_in_other_bytes() -> None:
    old = "patientid,filename\n1,a.png\n2,b.png\n"
    assert compared(old, old.replace("\n", "\r\n")).rewritten == 2
    found = compared(old, 'patientid,filename\n"1",a.png\n2,b.png\n')
    assert (found.rewritten, found.changed, found.same_bytes) == (1, (), False)


def test_a_record_of_another_width_is_told_as_it_stands_and_a_blank_line_is_not() -> None:
    old = "patientid,filename\n1,a.png\n2,b.png,x\n"
    found = compared(old, "patientid,filename\n1,a.png\n\n3\n")
    assert [(each.line, each.text) for each in found.odd_removed] == [(3, "2,b.png,x")]
    assert [(each.line, each.text) for each in found.odd_added] == [(4, "3")]


# -- columns ---------------------------------------------------------------------------------------


def test_another_spelling_of_a_column_is_a_change_of_the_header_alone() -> None:
    found = compared("Patientid, filename\n1,a.png\n", "patientid,filename\n1,a.png\n")
    assert found.columns.respelt == (("Patientid", "patientid"), (" filename", "filename"))
    assert (found.changed, found.columns.added, found.columns.removed) == ((), (), ())


def test_columns_that_came_and_went_are_told_with_the_rows_that_they_are_filled_in() -> None:
    old = "patientid,filename,age\n1,a.png,5\n2,b.png,\n"
    found = compared(old, "patientid,sex,filename\n1,F,a.png\n2,M,b.png\n")
    assert found.columns.removed == (("age", 1),)
    assert found.columns.added == (("sex", 2),)
    assert not found.changed


def test_a_column_with_the_same_cells_in_every_row_was_renamed() -> None:
    old = "patientid,filename,mood\n1,a.png,glad\n2,b.png,\n"
    found = compared(old, "patientid,filename,temper\n2,b.png,\n1,a.png,glad\n")
    assert found.columns.renamed == (("mood", "temper"),)
    assert (found.columns.added, found.columns.removed) == ((), ())


def test_two_blank_columns_are_not_taken_for_a_renamed_one() -> None:
    found = compared("filename,mood\na.png,\n", "filename,temper\na.png,\n")
    assert not found.columns.renamed


def test_columns_in_another_order_are_moved_and_no_cell_changed() -> None:
    found = compared("filename,age,sex\na.png,5,F\n", "filename,sex,age\na.png,F,5\n")
    assert found.columns.moved
    assert not found.changed


def test_two_columns_without_a_name_are_told_apart() -> None:
    found = compared("filename,,\na.png,x,y\n", "filename,,\na.png,x,z\n")
    assert [(cell.old, cell.new) for row in found.changed for cell in row.cells] == [("y", "z")]


# -- one becomes the other -------------------------------------------------------------------------

_CELLS = st.text(
    st.sampled_from(["a", "b", " ", ",", '"', "\n", "\r", "é", "\u2028", "\x00", "?"]), max_size=4
)
_HEADERS = st.permutations(["filename", "patientid", "age", "mood", "finding"]).map(
    lambda names: names[:4]
)


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A table as anybody may have saved it: ragged, blank lines, lone quotes, stray bytes."""
    header = draw(_HEADERS)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [",".join(header)]
    for _ in range(draw(st.integers(0, 6))):
        row = draw(st.lists(_CELLS, min_size=3, max_size=5))
        names = draw(st.sampled_from(["x.png", "y.png", "z.png", ""]))
        written = [
            f'"{cell.replace(chr(34), chr(34) * 2)}"' if draw(st.booleans()) else cell
            for cell in row
        ]
        lines.append(",".join([names, *written][: len(header) + draw(st.integers(-1, 1))]))
    last = draw(st.sampled_from([end, "", end + end]))
    made = (end.join(lines) + last).encode()
    bom = draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    return bom + (made.replace("é".encode(), b"\xe9") if draw(st.booleans()) else made)


@st.composite
def two_files(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A table, and another or the same one with its lines shuffled, doubled or dropped."""
    old = draw(files())
    if draw(st.booleans()):
        return old, draw(files())
    head, *lines = old.split(b"\n")
    kept = draw(st.lists(st.sampled_from(lines), max_size=8)) if lines else []
    return old, b"\n".join([head, *kept])


@given(two_files())
def test_the_difference_applied_to_the_old_table_gives_the_new_one_byte_for_byte(
    pair: tuple[bytes, bytes],
) -> None:
    old, new = pair
    found = compared(old, new)
    assert tablediff.apply(csvread.parse(old), found.pieces) == new
    carried = json.loads(json.dumps(found.pieces))
    assert tablediff.apply(csvread.parse(old), carried) == new
    assert found.same_bytes == (old == new)


@given(two_files())
def test_what_is_told_of_rows_and_cells_makes_the_new_rows_of_the_old(
    pair: tuple[bytes, bytes],
) -> None:
    old, new = table(pair[0]), table(pair[1])
    found, match = tablediff.compare(old, new)
    # Every row is matched once, or came, or went.
    assert len(set(match.new)) == len(match.new)
    assert len(set(match.old)) == len(match.old)
    assert len(found.added) == len(new) - len(match.new)
    assert len(found.removed) == len(old) - len(match.old)
    changes = {
        (row.line, cell.column): (cell.old, cell.new) for row in found.changed for cell in row.cells
    }
    for first, second in zip(match.old, match.new, strict=True):
        for name in set(old.labels) & set(new.labels):
            was, now = old.cell(first, name), new.cell(second, name)
            told = changes.get((new.text.lines[second], name), (was, was))
            assert told == (was, now)


def test_pieces_of_a_longer_table_are_refused() -> None:
    with pytest.raises(ValueError, match=r"the table has 2"):
        tablediff.apply(csvread.parse(b"filename\na.png\n"), [(0, 3)])


def test_every_step_of_a_real_history_is_told_and_made_byte_for_byte() -> None:
    paths = sorted(HISTORY.glob("*.csv"))
    if not paths:
        pytest.skip("the earlier versions of a real table are not here")
    for before, after in itertools.pairwise(paths):
        old, new = before.read_bytes(), after.read_bytes()
        found = compared(old, new)
        assert tablediff.apply(csvread.parse(old), found.pieces) == new
        assert found.old_rows - len(found.removed) == found.rows - len(found.added)
