"""Tests of SCH202."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH202", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH202", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("sex", "?", "'?' is not one of M, F"),
        ("intubated", "Not visible", "'Not visible' is not one of Y, N"),
        ("RT_PCR_positive", "maybe", "'maybe' is not one of Y, N, Unclear"),
        ("modality", "MRI", "'MRI' is not one of X-ray, CT"),
        ("folder", "pictures", "'pictures' is not one of images, volumes"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("SCH202", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("sex", "F"),
        ("sex", ""),
        ("sex", "female"),
        ("view", "Supino"),
        ("RT_PCR_positive", "Unclear"),
        ("age", "?"),
        ("sex", " M "),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH202", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH202", data) == []


def test_a_blank_is_advised_for_what_is_not_known() -> None:
    data = build.judged(build.dataset({"went_icu": "Would have been stated"}))
    (hit,) = discover("covidxr.rules")["SCH202"].check(data)
    assert "leave it blank" in (hit.suggestion or "")
    assert hit.fix is None
