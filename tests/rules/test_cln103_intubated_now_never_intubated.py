"""Tests of CLN103."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CLN103", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CLN103", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("CLN103", build.from_text("finding\ntodo\n")) == []


def test_yes_and_never_contradict_each_other() -> None:
    data = build.dataset({}, {"intubation_present": "Y", "intubated": "N"})
    assert build.hits("CLN103", data) == [
        (
            3,
            "intubation_present",
            "intubation_present is Y, but intubated is N: at this image the patient was",
        )
    ]


@pytest.mark.parametrize(
    ("now", "ever"), [("Y", "Y"), ("N", "Y"), ("N", "N"), ("", "N"), ("Y", ""), ("?", "N")]
)
def test_no_contradiction(now: str, ever: str) -> None:
    assert build.hits("CLN103", build.dataset({"intubation_present": now, "intubated": ever})) == []
