"""Tests of SCH102."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH102", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH102", build.dataset()) == []


def found(header: str) -> list[tuple[str | None, str | None]]:
    check = discover("covidxr.rules")["SCH102"].check
    return [(hit.field, hit.suggestion) for hit in check(build.from_text(f"{header}\n"))]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("patientid,locaton", [("locaton", "did you mean location?")]),
        ("patientid,Clinical note", [("Clinical note", "did you mean clinical_notes?")]),
        ("patientid,severity", [("severity", None)]),
        ("location,locaton", [("locaton", None)]),
        ("a,b", [("a", None), ("b", None)]),
    ],
)
def test_the_closest_missing_column_is_suggested(
    header: str, expected: list[tuple[str | None, str | None]]
) -> None:
    assert found(header) == expected


@pytest.mark.parametrize(
    "header", ["Patientid, url,wbc count,year", "date,year", "patientid,,", "patientid, "]
)
def test_old_names_second_columns_and_blank_ones_are_other_rules(header: str) -> None:
    assert found(header) == []


def test_the_place_is_that_of_the_header_cell() -> None:
    data = build.from_text('patientid,"a ""b""",mine\n')
    hits = list(discover("covidxr.rules")["SCH102"].check(data))
    assert [(hit.line, hit.column) for hit in hits] == [(1, 11), (1, 21)]
