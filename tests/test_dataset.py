"""Questions about many rows at once have the answers that a plain loop over rows gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import build

from covidxr.cells import Judgement, Problem
from covidxr.dataset import (
    Dataset,
    Failure,
    fold_name,
    shorter_side,
)
from covidxr.grouping import Cells, _sorted_with_rows
from covidxr.model import Fix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NAMES = ("patientid", "sex", "view")
ABSENT = "doi"
few = st.sampled_from(["", " ", "1", " 1", "2", "2 ", "PA", "pa"])
tables = st.lists(st.tuples(few, few, few), max_size=12)


def made(rows: Iterable[tuple[str, ...]]) -> Dataset:
    cells = [dict(zip(NAMES, row, strict=True)) for row in rows]
    return build.from_text(build.csv_text(cells, header=NAMES))


def text_at(rows: list[tuple[str, ...]], row: int, name: str) -> str:
    return rows[row][NAMES.index(name)].strip() if name in NAMES else ""


def grouped(rows: list[tuple[str, ...]], *names: str) -> dict[tuple[str, ...], list[int]]:
    """Rows by their texts, in the order of the first row of each."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for row in range(len(rows)):
        groups.setdefault(tuple(text_at(rows, row, name) for name in names), []).append(row)
    return groups


def as_pairs(found: Iterable[Cells]) -> list[tuple[tuple[str, ...], list[int]]]:
    return [(cells.texts, list(cells.rows)) for cells in found]


asked = st.lists(st.sampled_from([*NAMES, ABSENT]), min_size=1, max_size=4)


@settings(deadline=None)
@given(rows=tables, names=asked)
def test_cells_are_the_distinct_combinations_with_all_their_rows(
    rows: list[tuple[str, ...]], names: list[str]
) -> None:
    assert as_pairs(made(rows).cells(*names)) == list(grouped(rows, *names).items())


@settings(deadline=None)
@given(rows=tables, names=asked)
def test_repeated_are_the_combinations_that_stand_in_more_than_one_row(
    rows: list[tuple[str, ...]], names: list[str]
) -> None:
    expected = [pair for pair in grouped(rows, *names).items() if len(pair[1]) > 1]
    assert as_pairs(made(rows).repeated(*names)) == expected


def without_case(text: str) -> str:
    return text.casefold()


def only_numbers(text: str) -> str:
    return text if text.isdigit() else ""


def naive_conflicts(
    rows: list[tuple[str, ...]], key: str, name: str, same: Callable[[str], str]
) -> Iterator[tuple[str, list[int], list[tuple[str, list[int]]]]]:
    by_key: dict[str, list[int]] = {}
    for row in range(len(rows)):
        by_key.setdefault(same(text_at(rows, row, key)), []).append(row)
    for text, members in by_key.items():
        said: dict[str, list[int]] = {}
        for row in members:
            said.setdefault(text_at(rows, row, name), []).append(row)
        said.pop("", None)
        if text and len(said) > 1:
            yield text, members, list(said.items())


@settings(deadline=None)
@given(
    rows=tables,
    key=st.sampled_from(NAMES),
    name=st.sampled_from(NAMES),
    same=st.sampled_from([str, without_case, only_numbers]),
)
def test_conflicts_are_what_one_column_says_in_several_ways_about_the_same_thing(
    rows: list[tuple[str, ...]], key: str, name: str, same: Callable[[str], str]
) -> None:
    found = [
        (cells.text, list(cells.rows), [(way.text, list(way.rows)) for way in ways])
        for cells, ways in made(rows).conflicts(key, name, same=same)
    ]
    assert found == list(naive_conflicts(rows, key, name, same))


def test_without_one_of_the_columns_nothing_conflicts() -> None:
    assert not list(made([("1", "M", "PA"), ("1", "F", "PA")]).conflicts("patientid", ABSENT))
    assert not list(made([("1", "M", "PA"), ("1", "F", "PA")]).conflicts(ABSENT, "sex"))


def test_a_header_alone_has_no_rows_to_answer_with() -> None:
    empty = made([])
    assert not list(empty.rows)
    assert not list(empty.cells("patientid"))
    assert not list(empty.repeated("patientid", ABSENT))
    assert not list(empty.conflicts("patientid", "sex"))


def test_a_row_gives_cells_without_blanks_by_todays_names_of_an_old_header() -> None:
    data = build.from_text("Patientid, url,other notes\n 7 ,https://example.org , as is\n")
    row = data.row(0)
    assert (row["patientid"], row["url"], row["other_notes"]) == (
        "7",
        "https://example.org",
        "as is",
    )
    assert row["sex"] == ""
    assert data.table.cell(0, "url") == "https://example.org "


def test_a_row_knows_its_line_behind_a_cell_of_several_lines() -> None:
    data = build.from_text('patientid,other_notes\n1,"a\nb"\n2,c\n')
    assert [row.line for row in data.rows] == [2, 4]


@pytest.mark.parametrize(
    ("folder", "path"), [("volumes", "volumes/a.png"), ("", "images/a.png"), (" ", "images/a.png")]
)
def test_a_rows_file_is_in_images_unless_the_row_says_otherwise(folder: str, path: str) -> None:
    assert build.dataset({"folder": folder, "filename": "a.png"}, files={}).row(0).path == path


def test_a_hit_at_a_row_carries_the_cell_as_it_stands() -> None:
    data = build.dataset({"sex": " f "}, files={})
    hit = data.row(0).at("sex", "odd", suggestion="write F", fix=Fix(value="F"))
    assert (hit.rows, hit.field, hit.value, hit.fix) == ((0,), "sex", " f ", Fix(value="F"))


def test_one_hit_stands_for_all_rows_with_the_same_text() -> None:
    data = build.dataset({"sex": "f"}, {"sex": "M"}, {"sex": "f "}, files={})
    hits = [cells.at("sex", "odd") for cells in data.cells("sex") if cells.text == "f"]
    assert [(list(hit.rows), hit.value) for hit in hits] == [([0, 2], "f")]


def test_a_column_without_a_name_of_today_is_found_by_its_header_cell() -> None:
    table = build.from_text("patientid,shoe size,\n1,44,x\n").table
    assert table.position("shoe size") == 1
    assert table.position("") == 2
    assert table.position("sex") is None
    assert table.names == ("patientid", None, None)


def test_failures_are_asked_for_by_kind_and_come_with_their_fix() -> None:
    data = build.dataset({"sex": "male"}, {"sex": "?"}, {"sex": "male"}, files={})
    found = {cells.text: cells for cells in data.cells("sex")}
    spelling = Judgement(problem=Problem.SPELLING, message="male is M", value="M")
    wrong = Judgement(problem=Problem.NOT_ALLOWED, message="? is no sex", suggestion="blank")
    judged = Dataset(
        table=data.table,
        failures=(
            Failure(name="sex", cells=found["male"], judgement=spelling),
            Failure(name="sex", cells=found["?"], judgement=wrong),
        ),
    )
    (hit,) = judged.failed(Problem.SPELLING)
    assert (list(hit.rows), hit.message, hit.fix) == ([0, 2], "male is M", Fix(value="M"))
    both = [hit.suggestion for hit in judged.failed(Problem.SPELLING, Problem.NOT_ALLOWED)]
    assert both == [None, "blank"]
    assert not list(judged.failed(Problem.BLANK))


def test_a_table_has_a_column_only_if_its_header_names_it() -> None:
    data = made([])
    assert data.has("patientid", "view")
    assert not data.has("patientid", ABSENT)


@given(rows=tables, same=st.sampled_from([str, without_case]))
def test_conflicts_within_other_columns_are_those_of_the_rows_that_agree_there(
    rows: list[tuple[str, ...]], same: Callable[[str], str]
) -> None:
    found = [
        (cells.texts, list(cells.rows), [(way.text, list(way.rows)) for way in ways])
        for cells, ways in made(rows).conflicts("patientid", "view", same=same, within=("sex",))
    ]
    groups: dict[tuple[str, str], list[int]] = {}
    for row in range(len(rows)):
        key = same(text_at(rows, row, "patientid")), text_at(rows, row, "sex")
        if all(key):
            groups.setdefault(key, []).append(row)
    expected = []
    for key, members in groups.items():
        said: dict[str, list[int]] = {}
        for row in members:
            said.setdefault(text_at(rows, row, "view"), []).append(row)
        said.pop("", None)
        if len(said) > 1:
            expected.append((key, members, list(said.items())))
    assert found == expected


def test_the_ways_of_a_conflict_can_be_cut_like_a_list() -> None:
    data = made([("1", "a", ""), ("1", "b", ""), ("1", "c", "")])
    ((_, ways),) = data.conflicts("patientid", "sex")
    assert len(ways) == 3
    assert [way.text for way in ways[1:]] == ["b", "c"]
    assert (ways[-1].text, list(ways[-1].rows)) == ("c", [2])


@given(rows=tables)
def test_holding_gives_the_cells_that_fulfil_a_condition(rows: list[tuple[str, ...]]) -> None:
    expected = [pair for pair in grouped(rows, "sex").items() if pair[0][0].isdigit()]
    assert as_pairs(made(rows).holding("sex", str.isdigit)) == expected


@given(numbers=st.lists(st.integers(min_value=0, max_value=2**44), min_size=1, max_size=40))
def test_codes_too_large_to_be_packed_with_their_row_are_sorted_all_the_same(
    numbers: list[int],
) -> None:
    for shift in (0, 17):
        codes = np.asarray(numbers, dtype=np.int64) << shift
        ordered, rows = _sorted_with_rows(codes)
        assert ordered.tolist() == sorted(codes.tolist())
        assert codes[rows].tolist() == ordered.tolist()


def test_more_texts_than_sixteen_bits_can_count_are_grouped_by_their_rows() -> None:
    data = made([(str(number % 70_000), "", "") for number in range(70_003)])
    assert [list(cells.rows) for cells in data.repeated("patientid")] == [
        [0, 70_000],
        [1, 70_001],
        [2, 70_002],
    ]


def test_rows_are_found_by_the_text_as_it_stands() -> None:
    table = made([("1 ", "", ""), ("1", "", ""), (" ", "", ""), ("1 ", "", "")]).table
    assert table.loose("patientid") == ["1 ", " "]
    assert table.rows_by_text("patientid", {"1 ", " "}) == {"1 ": [0, 3], " ": [2]}
    assert table.rows_by_text("patientid", set()) == {}
    assert table.loose("sex") == []


def test_labels_are_todays_names_or_else_the_header_cells_once_each() -> None:
    table = build.from_text("Patientid,shoe size,shoe size,,\n1,44,45,,\n").table
    assert table.labels == ("patientid", "shoe size", "")


FILES = {path: build.png(path, sha256="f" * 64) for path in ("images/a.png", "images/b.png")}


def test_a_hit_about_a_file_is_at_all_rows_that_name_it() -> None:
    data = build.dataset(
        {"filename": "a.png", "folder": ""}, {"filename": "c.png"}, {"filename": "a.png"}
    )
    hit = data.at_file("images/a.png", "odd", fix=Fix(value="b.png"))
    assert (list(hit.rows), hit.field, hit.value, hit.file) == (
        [0, 2],
        "filename",
        "a.png",
        "metadata.csv",
    )
    assert hit.fix == Fix(value="b.png")
    assert data.table.rows_of_same_file(2) == [0, 2]


def test_a_hit_about_a_file_without_a_row_is_at_the_file() -> None:
    hit = build.dataset({}).at_file("volumes/image-1.png", "odd", fix=Fix(value="b.png"))
    assert (hit.rows, hit.field, hit.file, hit.fix) == ((), None, "volumes/image-1.png", None)


def test_a_file_in_a_folder_below_is_found_however_the_row_divides_its_path() -> None:
    data = build.dataset(
        {"folder": "images", "filename": "sub/a.png"}, {"folder": "images/sub", "filename": "a.png"}
    )
    assert data.table.rows_of("images/sub/a.png") == [0, 1]
    assert data.table.rows_of("images/sub/") == []


def test_copies_are_the_rows_of_files_with_the_same_bytes() -> None:
    rows = ({"filename": "b.png"}, {"filename": "c.png"}, {"filename": "a.png"})
    copies = [[row.index for row in same] for same in build.dataset(*rows, files=FILES).copies()]
    assert copies == [[0, 2]]
    assert not list(build.dataset({"filename": "a.png"}, files=FILES).copies())


@pytest.mark.parametrize(
    ("text", "opens", "line"),
    [
        ('patientid,sex\n1,"F\n2,M\n', 2, 2),
        ('patientid,sex\n1,F\n"2\n', 0, 3),
        ('patientid,"sex', 10, 1),
        ('patientid,sex\n1,"F"\n', None, 2),
        ("patientid,sex\n1,F\n\n", None, 3),
    ],
)
def test_a_quote_that_the_file_never_closes_is_in_its_last_record(
    text: str, opens: int | None, line: int
) -> None:
    table = build.from_text(text).table
    assert (table.open_quote, table.last_record.line) == (opens, line)


def test_names_are_folded_as_file_systems_do_that_ignore_case() -> None:
    assert fold_name("images/CAFE\u0301.PNG") == "images/caf\xe9.png"


@pytest.mark.parametrize(
    ("facts", "side"),
    [
        ({"width": 300, "height": 200}, 200),
        ({"width": None}, None),
        ({"format": "NIFTI"}, None),
    ],
)
def test_only_pictures_have_a_shorter_side(facts: dict[str, object], side: int | None) -> None:
    assert shorter_side(build.png("images/a.png", **facts)) == side


def test_a_hit_at_a_header_cell_has_its_place() -> None:
    hit = build.from_text("patientid,sex\n").at_header(1, "odd", name="sex", value="sex")
    assert (hit.line, hit.column, hit.field, hit.value, hit.rows) == (1, 11, "sex", "sex", ())
