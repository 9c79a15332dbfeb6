"""Tests of CLN113."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN113", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN113", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN113", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize(
    ("row", "field", "message"),
    [
        ({"extubated": "Y"}, "intubated", "intubated is blank, but extubated is Y"),
        (
            {"intubation_present": "Y", "extubated": "Y"},
            "intubated",
            "intubated is blank, but intubation_present and extubated are Y",
        ),
        ({"in_icu": "Y"}, "went_icu", "went_icu is blank, but in_icu is Y"),
    ],
)
def test_a_blank_that_the_row_answers(row: dict[str, str], field: str, message: str) -> None:
    assert build.hits("CLN113", build.dataset(row)) == [(2, field, message)]


@pytest.mark.parametrize(
    "row",
    [
        {"extubated": "Y", "intubated": "Y"},
        {"extubated": "Y", "intubated": "N"},
        {"extubated": "N"},
        {"intubation_present": "N"},
        {"in_icu": "Y", "went_icu": "?"},
        {"went_icu": "Y"},
    ],
)
def test_a_row_that_answers_nothing_more(row: dict[str, str]) -> None:
    assert build.hits("CLN113", build.dataset(row)) == []


def test_a_table_from_before_the_other_columns_has_none() -> None:
    data = build.from_text("patientid,intubated\n1,\n2,Y\n")
    assert build.hits("CLN113", data) == []
