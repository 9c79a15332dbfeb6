"""Tests of CLN111."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN111", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN111", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN111", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize("finding", ["Pneumonia/Viral/COVID-19", "COVID-19, ARDS"])
def test_covid_19_with_a_negative_test(finding: str) -> None:
    data = build.dataset({"finding": finding, "RT_PCR_positive": "N"})
    assert build.hits("CLN111", data) == [
        (2, "RT_PCR_positive", "the finding is COVID-19, but the RT-PCR was negative")
    ]


@pytest.mark.parametrize(
    ("finding", "test"),
    [
        ("Pneumonia/Viral/COVID-19", "Y"),
        ("Pneumonia/Viral/COVID-19", "Unclear"),
        ("Pneumonia/Viral/COVID-19", ""),
        ("No Finding", "N"),
        ("Pneumonia/Viral", "N"),
        ("todo", "N"),
    ],
)
def test_finding_and_test_go_together(finding: str, test: str) -> None:
    data = build.dataset({"finding": finding, "RT_PCR_positive": test})
    assert build.hits("CLN111", data) == []
