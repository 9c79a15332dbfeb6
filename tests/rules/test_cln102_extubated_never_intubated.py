"""Tests of CLN102."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN102", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN102", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN102", build.from_text("finding\ntodo\n")) == []


def test_yes_and_never_contradict_each_other() -> None:
    data = build.dataset({}, {"extubated": "Y", "intubated": "N"})
    assert build.hits("CLN102", data) == [
        (
            3,
            "extubated",
            "extubated is Y, but intubated is N: a tube that was taken out had been put in",
        )
    ]


@pytest.mark.parametrize(
    ("now", "ever"), [("Y", "Y"), ("N", "Y"), ("N", "N"), ("", "N"), ("Y", ""), ("?", "N")]
)
def test_no_contradiction(now: str, ever: str) -> None:
    assert build.hits("CLN102", build.dataset({"extubated": now, "intubated": ever})) == []
