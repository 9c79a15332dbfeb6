"""Tests of CLN112."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN112", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN112", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN112", build.from_text("finding\ntodo\n")) == []


COVID, MERS, SARS = (f"Pneumonia/Viral/{name}" for name in ("COVID-19", "MERS-CoV", "SARS"))


@pytest.mark.parametrize(
    ("finding", "date", "words"),
    [
        (COVID, "2019-02-26", "COVID-19 before November 2019"),
        ("COVID-19, ARDS", "February 26, 2019", "COVID-19 before November 2019"),
        (COVID, "2018", "COVID-19 before November 2019"),
        (MERS, "2011", "MERS-CoV before March 2012"),
        (SARS, "2002-10", "SARS before November 2002"),
        (SARS, "2005", "SARS after 2004"),
    ],
)
def test_an_image_from_before_the_disease(finding: str, date: str, words: str) -> None:
    data = build.dataset({"finding": finding, "date": date})
    assert build.hits("CLN112", data) == [(2, "date", f"nobody is known to have had {words}")]


@pytest.mark.parametrize(
    ("finding", "date"),
    [
        (COVID, "2019-12-27"),
        (COVID, "2019"),
        (COVID, ""),
        (COVID, "?"),
        (MERS, "2012"),
        (SARS, "2004"),
        (SARS, "March 2003"),
        ("No Finding", "2015"),
        ("Pneumonia/Viral", "2015"),
        ("no such finding", "2015"),
    ],
)
def test_an_image_from_its_time(finding: str, date: str) -> None:
    assert build.hits("CLN112", build.dataset({"finding": finding, "date": date})) == []
