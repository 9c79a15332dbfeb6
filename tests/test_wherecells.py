"""Comparisons of single cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.wherecells import Said, Value, comparison, known


def ask(name: str, sign: str, value: str, text: str) -> bool | None:
    """What one comparison says of one cell."""
    test = comparison(name, sign, Value(value, 0))
    assert not isinstance(test, Said)
    return test(text)


@pytest.mark.parametrize(
    ("sign", "value", "text", "answer"),
    [
        ("<", "2020-06", "2020-05", True),
        ("<", "2020-06", "2020-06", False),
        ("<", "2020-06", "2020", None),
        ("<", "2021", "2020", True),
        (">", "2020-06", "2020-06-30", False),
        (">", "2020", "2020-06-30", False),
        (">=", "2020", "2020-06-30", True),
        ("=", "2020", "2020-06-30", True),
        ("=", "2020-06-30", "2020-06", None),
        ("=", "2020-06-30", "yesterday", None),
    ],
)
def test_a_date_is_compared_by_all_days_that_it_may_mean(
    sign: str, value: str, text: str, *, answer: bool | None
) -> None:
    assert ask("date", sign, value, text) is answer


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("license", "CC-BY-4.0", True),
        ("license", "CC BY 4.0", True),
        ("license", "CC BY", False),
        ("license", "", False),
        ("age", "54", True),
        ("age", "200", False),
        ("finding", "todo", False),
        ("finding", "Pneumonia", True),
        ("clinical_notes", "x", True),
    ],
)
def test_what_is_known_can_be_read_as_its_column_says(name: str, text: str, *, told: bool) -> None:
    assert known(name, text) is told


@given(st.integers(0, 120), st.integers(0, 120))
def test_numbers_are_compared_as_numbers(one: int, two: int) -> None:
    assert ask("age", "<", str(two), str(one)) is (one < two)
    assert ask("age", ">=", str(two), f"{one}.0") is (one >= two)


@given(st.sampled_from(["age", "date", "view", "license", "finding", "doi", "url", "location"]))
def test_a_blank_fulfils_no_comparison(name: str) -> None:
    value = {"age": "5", "date": "2020", "view": "PA", "finding": "Pneumonia"}.get(name, "x")
    assert ask(name, "=", value, "") is not True
    assert ask(name, "~", "", "") is None
