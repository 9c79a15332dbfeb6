"""Tests of PRV102."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV102", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV102", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV102", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize("age", ["12", "0", "17.9"])
def test_somebody_under_18(age: str) -> None:
    assert build.hits("PRV102", build.dataset({}, {"age": age})) == [
        (3, "age", f"the patient is {age}, a minor")
    ]


@pytest.mark.parametrize("age", ["18", "54", "", "?", "nan", "-1"])
def test_an_adult_or_nobody_knows(age: str) -> None:
    assert build.hits("PRV102", build.dataset({"age": age})) == []
