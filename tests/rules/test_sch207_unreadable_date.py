"""Tests of SCH207."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH207", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH207", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("date", "3/4/2020", "the date '3/4/2020' can be 2020-03-04 or 2020-04-03"),
        ("date", "March 4", "the date 'March 4' has no year"),
        ("date", "2020-02-30", "the date '2020-02-30' does not exist"),
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
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH207", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH207", data) == []


@pytest.mark.parametrize(
    ("others", "hint"),
    [
        (("3/16/2020", "01/13/20"), "2020-03-04 if the month stands first"),
        (("16/3/2020",), "2020-04-03 if the day stands first"),
        (("16/3/2020", "3/16/2020"), "write the one that the source means"),
        (("3/3/2020", "2020-03-16"), "write the one that the source means"),
    ],
)
def test_what_the_other_dates_begin_with_is_a_hint_and_no_fix(
    others: tuple[str, ...], hint: str
) -> None:
    data = build.judged(build.dataset({"date": "3/4/2020"}, *({"date": each} for each in others)))
    (hit,) = discover("covidxr.rules")["SCH207"].check(data)
    assert hint in (hit.suggestion or "")
    assert hit.fix is None
