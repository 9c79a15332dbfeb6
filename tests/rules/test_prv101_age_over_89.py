"""Tests of PRV101."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV101", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV101", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV101", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize("age", ["91", "94", "104", "90.5"])
def test_an_age_above_89(age: str) -> None:
    assert build.hits("PRV101", build.dataset({}, {"age": age})) == [
        (3, "age", f"an age of {age} can identify a person")
    ]


@pytest.mark.parametrize("age", ["90", "89", "54", "", "?", "nan", "340"])
def test_an_age_that_identifies_nobody(age: str) -> None:
    assert build.hits("PRV101", build.dataset({"age": age})) == []
