"""Texts of the data inside Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covidxr.markdowntext import as_code


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a*b|c", "`a*b|c`"),
        ("a `b` c", "``a `b` c``"),
        ("`", "`` ` ``"),
        (" x", "`  x `"),
        ("", ""),
        ("a\nb\x1b", r"`a\nb\x1b`"),
        ("\udce9", r"`\udce9`"),
    ],
)
def test_a_text_is_quoted_in_as_many_backticks_as_it_needs(text: str, written: str) -> None:
    assert as_code(text) == written


@given(st.text(st.sampled_from("`a \n"), min_size=1))
def test_no_run_of_backticks_inside_closes_the_quotes(text: str) -> None:
    written = as_code(text)
    ticks = len(written) - len(written.lstrip("`"))
    inside = written[ticks:-ticks]
    assert "`" * ticks not in inside.replace("`" * (ticks + 1), "")
    assert "\n" not in written
