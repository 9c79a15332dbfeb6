"""Tests of SCH103."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH103", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH103", build.dataset()) == []


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        (" url", "url"),
        ("Patientid", "patientid"),
        ("wbc count", "leukocyte_count"),
        ("year", "date"),
        ("country", "location"),
        ("clinical notes", "clinical_notes"),
        ("needed_supplemental_o2", "needed_supplemental_O2"),
    ],
)
def test_todays_name_is_told(cell: str, name: str) -> None:
    assert build.hits("SCH103", build.from_text(f"{cell},mine\n1,2\n")) == [
        (1, name, f"the column {cell!r} is called {name!r} today")
    ]


def test_of_two_columns_with_one_meaning_only_the_one_that_is_read_is_named() -> None:
    assert build.hits("SCH103", build.from_text("year,date\n1,2\n")) == []


def test_unknown_and_blank_columns_have_no_other_name() -> None:
    assert build.hits("SCH103", build.from_text("patientid,mine,\n1,2,\n")) == []
