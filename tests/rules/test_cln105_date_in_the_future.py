"""Tests of CLN105."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN105", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN105", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN105", build.from_text("finding\ntodo\n")) == []


DAY = dt.date(2020, 6, 22)


@pytest.mark.parametrize("date", ["2020-06-23", "September 10, 2020", "2020-07", "2021"])
def test_a_date_after_the_table(date: str) -> None:
    assert build.hits("CLN105", build.dataset({"date": date}, as_of=DAY)) == [
        (2, "date", f"the image of {date} was taken after the table of 2020-06-22")
    ]


@pytest.mark.parametrize(
    "date", ["2020-06-22", "2020-06", "2020", "05/11/2020", "", "?", "January 12"]
)
def test_a_date_that_may_be_before_it(date: str) -> None:
    assert build.hits("CLN105", build.dataset({"date": date}, as_of=DAY)) == []


def test_nothing_is_said_where_the_day_of_the_table_is_not_known() -> None:
    assert build.hits("CLN105", build.dataset({"date": "2090-01-01"})) == []
