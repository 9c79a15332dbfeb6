"""Tests of SCH207."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH207", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH207", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("date", "March 4", "the date 'March 4' has no year"),
        ("date", "2020-02-30", "the date '2020-02-30' does not exist"),
        ("date", "2170-01-10", "the date '2170-01-10' is after 2100"),
        (
            "date",
            "1066-10-14",
            "the date '1066-10-14' is before 1895, when X-rays were discovered",
        ),
        ("date", "?", "'?' is not a value of date"),
        ("date", "soon", "the date 'soon' cannot be read"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("SCH207", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("date", "2020"),
        ("date", "2020-03"),
        ("date", "2020-02-29"),
        ("date", ""),
        ("date", "4 March 2020"),
        ("date", "3/3/2020"),
        ("date", "25/3/2020"),
        ("date", "3/4/2020"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH207", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH207", data) == []


def shifted(late: int, others: int) -> list[tuple[int, str | None, str]]:
    rows = [{"date": f"21{10 + number}-01-10"} for number in range(late)] + [{}] * others
    return build.hits("SCH207", build.judged(build.dataset(*rows, {"date": "soon"})))


@pytest.mark.parametrize("others", [0, 20])
def test_shifted_dates_are_said_once(others: int) -> None:
    late = others + 23
    assert shifted(late, others) == [
        (1, "date", f"{late} of {late + others + 1} dates are after 2100: they look shifted"),
        (late + others + 2, "date", "the date 'soon' cannot be read"),
    ]


@pytest.mark.parametrize(("late", "others"), [(20, 0), (30, 30)])
def test_dates_that_are_late_in_some_rows_are_said_of_each(late: int, others: int) -> None:
    assert len(shifted(late, others)) == late + 1
