"""Tests of LBL104."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LBL104", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LBL104", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        (
            "finding",
            "Suspected COVID-19",
            "'Suspected COVID-19' is not certain ('Suspected'): it sets no label",
        ),
        ("finding", "SARS?", "'SARS?' is not certain ('?'): it sets no label"),
        ("finding", "no pneumonia", "'no pneumonia' says what is absent ('no'): it sets no label"),
        ("finding", "SARS vs MERS", "'SARS vs MERS' is not certain ('vs'): it sets no label"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("LBL104", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("finding", "No Finding"),
        ("finding", "Unknown"),
        ("finding", "todo"),
        ("finding", "Pneumonia/ARDS"),
        ("finding", "No Finding|Pneumonia/ARDS"),
        ("finding", "Unknown|Pneumonia/ARDS"),
        ("finding", "Influenza (H1N1)"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("LBL104", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("LBL104", data) == []
