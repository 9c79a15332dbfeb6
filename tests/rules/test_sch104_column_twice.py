"""Tests of SCH104."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH104", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH104", build.dataset()) == []


@pytest.mark.parametrize(
    ("header", "field", "message"),
    [
        (
            "view,sex,view",
            "view",
            "'view' in column 3 is a second 'view'; only 'view' in column 1 is read",
        ),
        (
            "year,date",
            "year",
            "'year' in column 1 is a second 'date'; only 'date' in column 2 is read",
        ),
        (
            "mine,sex,mine",
            "mine",
            "'mine' in column 3 is a second 'mine'; only 'mine' in column 1 is read",
        ),
    ],
)
def test_both_columns_are_named(header: str, field: str, message: str) -> None:
    assert build.hits("SCH104", build.from_text(f"{header}\n")) == [(1, field, message)]


def test_a_third_one_is_another_hit() -> None:
    assert len(build.hits("SCH104", build.from_text("sex,Sex,SEX\n"))) == 2


@pytest.mark.parametrize("header", ["patientid,,", "mine,Mine", "patientid, url"])
def test_blank_cells_and_other_names_are_not_the_same(header: str) -> None:
    assert build.hits("SCH104", build.from_text(f"{header}\n")) == []
