"""Questions about many rows at once have the answers that a plain loop over rows gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import build

from covidxr.cells import Judgement, Problem
from covidxr.dataset import Cells, Dataset, Failure
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
