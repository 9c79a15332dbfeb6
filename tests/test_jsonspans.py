"""Cutting parts out of JSON as text gives what dumping without them gives."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.jsonspans import container, cut

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
FORMS: tuple[dict[str, Any], ...] = (
    {},
    {"indent": 2},
    {"indent": "\t", "ensure_ascii": False},
    {"separators": (",", ":")},
    {"indent": 0},
)


@given(
    st.lists(VALUES, max_size=6) | st.dictionaries(st.text(), VALUES, max_size=6),
    st.sets(st.integers(0, 5)),
    st.sampled_from(FORMS),
)
def test_a_cut_text_is_the_dump_of_what_is_left(
    value: list[Any] | dict[str, Any], gone: set[int], form: dict[str, Any]
) -> None:
    text = f"\n{json.dumps(value, **form)}\n"
    found = container(text)
    assert found is not None
    positions = {at for at in gone if at < len(found.parts)}
    kept: list[Any] | dict[str, Any]
    if isinstance(value, dict):
        assert [part.key for part in found.parts] == list(value)
        kept = {key: each for at, (key, each) in enumerate(value.items()) if at not in positions}
    else:
        assert {part.key for part in found.parts} <= {None}
        kept = [each for at, each in enumerate(value) if at not in positions]
    assert cut(text, [(found, positions)]) == f"\n{json.dumps(kept, **form)}\n"


def test_a_part_knows_where_its_value_stands() -> None:
    text = ' { "a" : [1, {"b": "]"}] , "c,\\"" :null}'
    found = container(text)
    assert found is not None
    assert [(each.key, text[each.value_start : each.stop]) for each in found.parts] == [
        ("a", '[1, {"b": "]"}]'),
        ('c,"', "null"),
    ]
    assert text[found.start : found.stop] == text.strip()


def test_odd_layouts_lose_only_what_is_cut() -> None:
    text = "[ 1,2 ,\n  3 ]  "
    found = container(text)
    assert found is not None
    assert [cut(text, [(found, {at})]) for at in range(3)] == [
        "[ 2 ,\n  3 ]  ",
        "[ 1,3 ]  ",
        "[ 1,2 ]  ",
    ]
    assert cut(text, [(found, {0, 1, 2})]) == "[]  "


@pytest.mark.parametrize("text", ["", "  ", "5", '"[1]"', "null"])
def test_what_is_no_container_has_no_parts(text: str) -> None:
    assert container(text) is None


def test_long_texts_are_passed_over_in_one_go() -> None:
    long = f"[1,{' ' * 1_000_000}{'[2],' * 100_000}{json.dumps('x' * 1_000_000)}]"
    found = container(long)
    assert found is not None
    assert cut(long, [(found, range(1, len(found.parts)))]) == "[1]"
