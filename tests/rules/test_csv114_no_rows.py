"""Tests of CSV114."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV114", build.dataset({})) == []


@pytest.mark.parametrize("text", ["patientid,sex\n", "patientid,sex", "patientid,sex\n\n,,\n"])
def test_a_header_and_nothing_else_is_reported(text: str) -> None:
    assert build.hits("CSV114", build.from_text(text)) == [
        (1, None, "the table has a header and no rows")
    ]


def test_ragged_records_are_something() -> None:
    assert build.hits("CSV114", build.from_text("patientid,sex\n1\n")) == []
