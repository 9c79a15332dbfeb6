"""Tests of CLN108."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN108", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN108", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN108", build.from_text("finding\ntodo\n")) == []


def counts(leukocytes: str, neutrophils: str, lymphocytes: str) -> dict[str, str]:
    return {
        "leukocyte_count": leukocytes,
        "neutrophil_count": neutrophils,
        "lymphocyte_count": lymphocytes,
    }


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            counts("6.4", "5.5", "12"),
            "5.5 neutrophils and 12 lymphocytes are more than all 6.4 leukocytes",
        ),
        (
            counts("6.4", "", "12"),
            "? neutrophils and 12 lymphocytes are more than all 6.4 leukocytes",
        ),
    ],
)
def test_kinds_that_exceed_the_whole(row: dict[str, str], message: str) -> None:
    assert build.hits("CLN108", build.dataset(row)) == [(2, "leukocyte_count", message)]


@pytest.mark.parametrize(
    "row",
    [
        counts("7", "6.4", "0.5"),
        counts("6.9", "6.4", "0.7"),
        counts("", "6.4", "12"),
        counts("6.4", "", ""),
        counts("6.4", "5", "131"),
        counts("?", "5", "1"),
        counts("nan", "5", "1"),
    ],
    ids=["less", "rounding", "unknown whole", "alone", "out of range", "no number", "nan"],
)
def test_counts_that_may_be_right(row: dict[str, str]) -> None:
    assert build.hits("CLN108", build.dataset(row)) == []
