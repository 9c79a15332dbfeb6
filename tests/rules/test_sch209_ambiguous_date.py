"""Tests of SCH209."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH209", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH209", build.judged(build.dataset())) == []


def test_a_table_without_the_column_has_none() -> None:
    assert build.hits("SCH209", build.judged(build.from_text("mine\n1\n"))) == []


def test_the_cell_is_reported() -> None:
    data = build.judged(build.dataset({}, {"date": "3/4/2020"}))
    assert build.hits("SCH209", data) == [
        (3, "date", "the date '3/4/2020' can be 2020-03-04 or 2020-04-03")
    ]


@pytest.mark.parametrize("date", ["2020-03-04", "3/3/2020", "25/3/2020", "March 4", "?", "soon"])
def test_what_is_plain_or_another_rules_is_not(date: str) -> None:
    assert build.hits("SCH209", build.judged(build.dataset({"date": date}))) == []


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
    (hit,) = discover("covidxr.rules")["SCH209"].check(data)
    assert hint in (hit.suggestion or "")
    assert hit.fix is None
