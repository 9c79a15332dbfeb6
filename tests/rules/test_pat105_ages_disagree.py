"""Tests of PAT105."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import build

if TYPE_CHECKING:
    from covidxr.dataset import Dataset


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT105", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT105", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT105", build.from_text("finding\ntodo\n")) == []


def course(*images: tuple[str, str, str]) -> Dataset:
    """One patient's images: age, offset, date."""
    return build.dataset(
        *(
            {"patientid": "7", "age": age, "offset": offset, "date": date}
            for age, offset, date in images
        )
    )


@pytest.mark.parametrize(
    "images",
    [
        (("54", "0", ""), ("45", "3", "")),
        (("54", "0", ""), ("53", "10", "")),
        (("54", "0", ""), ("56", "10", "")),
        (("12", "", "2020"), ("40", "3", "2020")),
        (("54", "", "2020-01-01"), ("50", "", "2020-02-01")),
        (("54", "", ""), ("45", "", "")),
    ],
)
def test_ages_that_no_birthday_explains(images: tuple[tuple[str, str, str], ...]) -> None:
    ((line, field, message),) = build.hits("PAT105", course(*images))
    assert (line, field) == (3, "age")
    assert message == (
        f"patient 7 is {images[1][0]} here and {images[0][0]} in line 2, "
        "which the time between does not explain"
    )


@pytest.mark.parametrize(
    "images",
    [
        (("54", "0", ""), ("55", "10", "")),
        (("54", "0", ""), ("56", "700", "")),
        (("54", "-400", ""), ("55", "0", "")),
        (("50", "", "2016"), ("54", "", "2020")),
        (("54", "0", ""), ("50", "", "")),
        (("54", "0", ""), ("", "3", "")),
        (("54", "0", ""), ("?", "3", "")),
        (("54", "0", ""), ("54.5", "3", "")),
    ],
    ids=[
        "birthday between",
        "two years between",
        "an image before",
        "years between",
        "a time that is not known",
        "blank",
        "no number",
        "a decimal",
    ],
)
def test_ages_that_fit(images: tuple[tuple[str, str, str], ...]) -> None:
    assert build.hits("PAT105", course(*images)) == []


@pytest.mark.parametrize("age", ["--5", "9" * 400, "9" * 5000, "540", "٣"])
def test_what_is_no_age_is_another_rules(age: str) -> None:
    assert build.hits("PAT105", course((age, "0", ""), ("45", "3", ""))) == []


@pytest.mark.parametrize("offset", ["--5", "9" * 400, "9" * 5000])
def test_what_is_no_offset_gives_no_time(offset: str) -> None:
    assert build.hits("PAT105", course(("54", offset, ""), ("45", "3", ""))) == []


def test_one_patient_is_one_hit_however_many_rows() -> None:
    images = [("54", str(day), "") for day in range(50)] + [("34", "50", "")]
    assert [line for line, _, _ in build.hits("PAT105", course(*images))] == [52]
