"""Tests of CSV115."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

from covidxr.plugins import discover

TABLE = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22" / "metadata.csv"


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV115", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV115", build.dataset()) == []


def test_the_text_is_shown_from_its_start() -> None:
    data = build.from_text(f"patientid,sex,\n1,F,\n2,M,{'Credit to A. Radiologist ' * 5}\n")
    ((line, field, message),) = build.hits("CSV115", data)
    assert (line, field) == (3, "")
    assert message.startswith("text in column 3, which has no name: 'Credit to A. Radiologist")
    assert len(message) < 110


def test_rows_with_the_same_text_are_one_hit() -> None:
    data = build.from_text("patientid,\n1,a\n2,\n3,a\n4,b\n")
    found = [list(hit.rows) for hit in discover("covidxr.rules")["CSV115"].check(data)]
    assert found == [[0, 2], [3]]


def test_a_second_column_without_a_name_is_reported_at_its_header() -> None:
    data = build.from_text("patientid,,\n1,a,b\n2,,c\n")
    assert build.hits("CSV115", data) == [
        (1, None, "column 3 has no name either and holds 2 different texts, such as 'b'"),
        (2, "", "text in column 2, which has no name: 'a'"),
    ]


def test_a_column_without_text_is_another_rules() -> None:
    assert build.hits("CSV115", build.from_text("patientid,\n1,\n2, \n")) == []


@pytest.mark.skipif(not TABLE.exists(), reason="the published tables are not at hand")
def test_the_spilled_text_of_a_published_table_is_found() -> None:
    found = build.hits("CSV115", build.from_text(TABLE.read_bytes()))
    assert [line for line, _, _ in found] == [617, 618, 620, 666, 667]
