"""Tests of LBL107."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LBL107", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LBL107", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        (
            "finding",
            "No Finding|Pneumonia/ARDS",
            "'No Finding|Pneumonia/ARDS' has No Finding beside another finding",
        ),
        (
            "finding",
            "Unknown|Pneumonia/ARDS",
            "'Unknown|Pneumonia/ARDS' has Unknown beside another finding",
        ),
        (
            "finding",
            "COVID-19, No Finding",
            "'COVID-19, No Finding' has No Finding beside another finding",
        ),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("LBL107", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("finding", "No Finding"),
        ("finding", "Unknown"),
        ("finding", "todo"),
        ("finding", "Pneumonia/ARDS|Pneumonia/Viral/SARS"),
        ("finding", "Suspected COVID-19"),
        ("finding", "No Finding|No Finding"),
        ("finding", "Pneumonia|Pneumonia/ARDS"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("LBL107", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("LBL107", data) == []
