"""Tests of CLN106."""

from __future__ import annotations

import datetime as dt

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN106", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN106", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN106", build.from_text("finding\ntodo\n")) == []


SPRING = [
    {"date": (dt.date(2020, 2, 1) + dt.timedelta(days=3 * number)).isoformat()}
    for number in range(20)
]
"""Twenty dates of twenty patients, the last on 29 March 2020."""


def test_a_date_months_after_a_dense_table_is_reported() -> None:
    data = build.dataset(*SPRING, {"date": "September 10, 2020"})
    assert build.hits("CLN106", data) == [
        (
            22,
            "date",
            (
                "September 10, 2020 is months after every other date; before it the table ends on "
                "2020-03-29"
            ),
        )
    ]


def test_all_dates_of_a_patient_after_the_gap_are_reported() -> None:
    late = ({"patientid": "99", "date": date} for date in ("2020-09-10", "2020-09-16"))
    assert [line for line, _, _ in build.hits("CLN106", build.dataset(*SPRING, *late))] == [22, 23]


@pytest.mark.parametrize(
    "late",
    [
        [{"date": "2020-05-20"}],
        [{"date": "2020-05"}],
        [{"date": "2021"}],
        [{"date": f"2020-09-{day}"} for day in range(10, 14)],
        [{"date": "2020-09-10", "patientid": "20"}],
        [{"date": "2020-09-10"}, {"date": "2021"}],
        [{"date": "January 12"}],
    ],
    ids=[
        "within two months",
        "a month within two months",
        "a year alone",
        "a new wave of four patients",
        "a patient who was imaged before",
        "a table that goes on",
        "no year",
    ],
)
def test_a_date_that_may_be_right(late: list[dict[str, str]]) -> None:
    assert build.hits("CLN106", build.dataset(*SPRING, *late)) == []


def test_a_small_table_has_no_gap() -> None:
    assert build.hits("CLN106", build.dataset(*SPRING[:19], {"date": "2020-09-10"})) == []


def test_a_table_with_sparse_dates_has_no_gap() -> None:
    sparse = [{"date": f"20{year}-0{month}"} for year in range(10, 20) for month in (1, 5, 9)]
    assert build.hits("CLN106", build.dataset(*sparse, {"date": "2020-09-10"})) == []


@pytest.mark.parametrize(
    ("as_of", "count"),
    [(dt.date(2020, 6, 22), 0), (dt.date(2020, 12, 1), 0), (dt.date(2026, 1, 1), 1)],
    ids=["before it: another rule", "soon after it", "years after it"],
)
def test_the_day_of_the_table_decides_where_it_is_known(as_of: dt.date, count: int) -> None:
    data = build.dataset(*SPRING, {"date": "2020-09-10"}, as_of=as_of)
    assert len(build.hits("CLN106", data)) == count


def test_a_slip_after_a_second_wave_is_found() -> None:
    autumn = [{"date": f"2020-09-{day:02}"} for day in range(1, 21)]
    data = build.dataset(*SPRING, *autumn, {"date": "2021-03-01"})
    assert [line for line, _, _ in build.hits("CLN106", data)] == [42]
