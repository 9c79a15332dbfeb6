"""Tests of CLN104."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN104", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN104", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN104", build.from_text("finding\ntodo\n")) == []


def test_yes_and_never_contradict_each_other() -> None:
    data = build.dataset({}, {"in_icu": "Y", "went_icu": "N"})
    assert build.hits("CLN104", data) == [
        (
            3,
            "in_icu",
            "in_icu is Y, but went_icu is N: at this image the patient was there",
        )
    ]


@pytest.mark.parametrize(
    ("now", "ever"), [("Y", "Y"), ("N", "Y"), ("N", "N"), ("", "N"), ("Y", ""), ("?", "N")]
)
def test_no_contradiction(now: str, ever: str) -> None:
    assert build.hits("CLN104", build.dataset({"in_icu": now, "went_icu": ever})) == []
