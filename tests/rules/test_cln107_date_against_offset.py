"""Tests of CLN107."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN107", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN107", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN107", build.from_text("finding\ntodo\n")) == []


def test_days_apart_by_date_and_by_offset() -> None:
    data = build.dataset(
        {"patientid": "7", "date": "Feb 2, 2020", "offset": "5"},
        {"patientid": "7", "date": "2020-02-29", "offset": "6"},
        {"patientid": "7", "date": "2020-02-29", "offset": "6"},
    )
    assert build.hits("CLN107", data) == [
        (
            3,
            "offset",
            (
                "patient 7: 2020-02-29 at offset 6 and Feb 2, 2020 at offset 5 in line 2 are "
                "27 days apart by date, 1 by offset"
            ),
        )
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("2020-03-01", "0"), ("2020-03-06", "6")),
        (("2020-03-01", "-3"), ("2020-03-06", "2")),
        (("2020-03", "0"), ("2020-03-06", "90")),
        (("2020-03-01", ""), ("2020-03-06", "90")),
        (("", "0"), ("2020-03-06", "90")),
        (("2020-03-01", "a few"), ("2020-03-06", "90")),
    ],
    ids=["a day off", "negative", "a month alone", "no offset", "no date", "no number"],
)
def test_days_that_agree(one: tuple[str, str], other: tuple[str, str]) -> None:
    data = build.dataset(
        *({"patientid": "7", "date": date, "offset": offset} for date, offset in (one, other))
    )
    assert build.hits("CLN107", data) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("2020-03-01", "3"), ("2020-03-01", "59")),
        (("2020-03-06", "0"), ("2020-03-01", "5")),
    ],
    ids=["one day, two offsets", "opposite directions"],
)
def test_days_that_do_not(one: tuple[str, str], other: tuple[str, str]) -> None:
    data = build.dataset(
        *({"patientid": "7", "date": date, "offset": offset} for date, offset in (one, other))
    )
    assert [line for line, _, _ in build.hits("CLN107", data)] == [3]


@pytest.mark.parametrize("offset", ["--5", "+-5", "5000", "9" * 400, "9" * 5000, "٣", "5.5"])
def test_what_is_no_offset_is_another_rules(offset: str) -> None:
    days = (("2020-03-01", offset), ("2020-03-06", "90"))
    data = build.dataset(*({"patientid": "7", "date": date, "offset": at} for date, at in days))
    assert build.hits("CLN107", data) == []


def test_an_offset_that_a_spreadsheet_wrote_is_one() -> None:
    days = (("2020-03-01", "3.0"), ("2020-03-01", "59.0"))
    data = build.dataset(*({"patientid": "7", "date": date, "offset": at} for date, at in days))
    ((_, _, message),) = build.hits("CLN107", data)
    assert message.endswith("0 days apart by date, 56 by offset")


def test_two_patients_are_not_compared() -> None:
    data = build.dataset(
        {"date": "2020-03-01", "offset": "0"}, {"date": "2020-03-02", "offset": "30"}
    )
    assert build.hits("CLN107", data) == []
