"""Tests of SCH205."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

from covidxr.plugins import discover

TABLE = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22" / "metadata.csv"


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH205", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH205", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("temperature", "101.3", "temperature 101.3 °C is outside 30 to 45"),
        ("pO2_saturation", "120", "pO2_saturation 120 % is outside 0 to 100"),
        ("age", "-1", "age -1 years is outside 0 to 120"),
        ("lymphocyte_count", "900", "lymphocyte_count 900 10³/µL is outside 0 to 100"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("SCH205", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("temperature", "45"),
        ("temperature", "30"),
        ("pO2_saturation", "0"),
        ("pO2_saturation", "100"),
        ("age", "95"),
        ("age", "0"),
        ("offset", "-30"),
        ("temperature", "?"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH205", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH205", data) == []


@pytest.mark.parametrize(
    ("field", "cell", "suggestion"),
    [
        ("temperature", "101.3", "in °F? 101.3 °F is 38.5 °C"),
        ("pO2_saturation", "120", "a pressure?"),
        ("lymphocyte_count", "900", "in cells/µL?"),
    ],
)
def test_another_unit_is_suggested_and_never_written(
    field: str, cell: str, suggestion: str
) -> None:
    (hit,) = discover("covidxr.rules")["SCH205"].check(build.judged(build.dataset({field: cell})))
    assert (hit.suggestion or "").startswith(suggestion)
    assert hit.fix is None


@pytest.mark.skipif(not TABLE.exists(), reason="the published tables are not at hand")
def test_the_values_of_a_published_table_that_cannot_be_are_found() -> None:
    found = build.hits("SCH205", build.judged(build.from_text(TABLE.read_bytes())))
    fields = sorted(field or "" for _, field, _ in found)
    assert fields == ["lymphocyte_count", *["pO2_saturation"] * 5, "temperature"]
    assert found[0][0] == 110
