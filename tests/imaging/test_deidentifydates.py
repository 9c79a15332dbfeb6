"""Dates of DICOM, moved."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.imaging.deidentifydates import read_date, shifted


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("20200301", date(2020, 3, 1)),
        ("2020.03.01", date(2020, 3, 1)),
        (" 20200301 \0", date(2020, 3, 1)),
        ("20200301081530.123456+0100", date(2020, 3, 1)),
        ("2020030108", date(2020, 3, 1)),
        ("00010101", date(1, 1, 1)),
    ],
)
def test_a_day_is_read(said: str, day: date) -> None:
    assert read_date(said) == day


@pytest.mark.parametrize(
    "said",
    [
        "",
        "2020",
        "202003",
        "20200230",
        "20201301",
        "20200301-",
        "20200301-20200302",
        "March",
        "٢٠٢٠٠٣٠١",
    ],
)
def test_what_is_no_day_is_blanked(said: str) -> None:
    assert read_date(said) is None
    assert shifted(said, -1) == ""


@given(st.dates(date(11, 1, 1)), st.integers(-3650, -1))
def test_a_day_moves_by_what_was_asked_for(day: date, days: int) -> None:
    moved = read_date(shifted(day.strftime("%Y%m%d").rjust(8, "0"), days))
    assert moved is not None
    assert (moved - day).days == days


def test_a_day_that_would_leave_the_calendar_is_blanked() -> None:
    assert shifted("00010102", -5) == ""
