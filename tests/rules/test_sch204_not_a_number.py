"""Tests of SCH204."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH204", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH204", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("temperature", "?", "'?' is not a value of temperature"),
        ("age", "40s", "'40s' is not a number"),
        ("age", "30-40", "'30-40' is not a number"),
        ("offset", "2.5", "offset is in whole days; 2.5 is not whole"),
        ("pO2_saturation", "93%", "'93%' is not a number"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("SCH204", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("age", "54"),
        ("age", "0.5"),
        ("offset", "-3"),
        ("offset", "3.0"),
        ("age", ""),
        ("temperature", "38,5"),
        ("temperature", "101"),
        ("leukocyte_count", "1e1"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH204", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH204", data) == []
