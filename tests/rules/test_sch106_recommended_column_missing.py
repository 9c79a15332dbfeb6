"""Tests of SCH106."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.columns import HEADER


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH106", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH106", build.dataset()) == []


@pytest.mark.parametrize("name", ["offset", "sex", "age", "date", "location", "doi", "url"])
def test_each_recommended_column_is_missed(name: str) -> None:
    header = [column for column in HEADER if column != name]
    data = build.from_text(build.csv_text(build.rows({}), header))
    ((line, field, message),) = build.hits("SCH106", data)
    assert (line, field) == (1, name)
    assert message.startswith(f"the column {name} is missing: ")


def test_required_and_optional_columns_are_not_missed_here() -> None:
    data = build.from_text("offset,sex,age,year,country,doi,url\n")
    assert build.hits("SCH106", data) == []
