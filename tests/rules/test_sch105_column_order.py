"""Tests of SCH105."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH105", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH105", build.dataset()) == []


def test_the_first_column_out_of_order_is_named_once() -> None:
    data = build.from_text("patientid,url,doi,sex,offset\n")
    assert build.hits("SCH105", data) == [
        (1, "doi", "doi stands after url; in SCHEMA.md it stands before it")
    ]


@pytest.mark.parametrize(
    "header",
    [
        "patientid,sex,filename",
        "mine,patientid,yours,sex,,url",
        "Patientid,year, url",
        "patientid,date,url,year",
    ],
)
def test_gaps_unknown_columns_and_old_names_are_in_order(header: str) -> None:
    assert build.hits("SCH105", build.from_text(f"{header}\n")) == []
