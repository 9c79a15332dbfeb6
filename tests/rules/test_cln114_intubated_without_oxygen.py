"""Tests of CLN114."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN114", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN114", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN114", build.from_text("finding\ntodo\n")) == []


def test_intubated_without_oxygen() -> None:
    data = build.dataset({"intubated": "Y", "needed_supplemental_O2": "N"})
    assert build.hits("CLN114", data) == [
        (2, "needed_supplemental_O2", "needed_supplemental_O2 is N, but intubated is Y")
    ]


@pytest.mark.parametrize(
    ("intubated", "oxygen"), [("Y", "Y"), ("Y", ""), ("N", "N"), ("", "N"), ("?", "N")]
)
def test_no_contradiction(intubated: str, oxygen: str) -> None:
    row = {"intubated": intubated, "needed_supplemental_O2": oxygen}
    assert build.hits("CLN114", build.dataset(row)) == []
