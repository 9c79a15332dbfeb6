"""Tests of LIC202."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC202", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC202", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("LIC202", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize(
    ("one", "other"), [("/page", "/page"), ("/page", "/page#figure-2")], ids=["same", "fragment"]
)
def test_a_doi_that_was_counted_on(one: str, other: str) -> None:
    data = build.dataset(
        {"doi": "10.5555/X.2020.005-0", "url": f"https://example.org{one}"},
        {"doi": "10.5555/x.2020.005", "url": f"https://example.org{other}"},
    )
    assert build.hits("LIC202", data) == [
        (
            2,
            "doi",
            (
                "10.5555/X.2020.005-0 is 10.5555/x.2020.005 of line 3 counted on, as a spreadsheet "
                "does when a cell is dragged down"
            ),
        )
    ]


def test_rows_without_an_address_are_compared_too() -> None:
    data = build.dataset({"doi": "10.5555/x"}, {"doi": "10.5555/x-1", "url": ""})
    assert [line for line, _, _ in build.hits("LIC202", data)] == [3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10.5555/s11547-020-01203-0", "10.5555/s11547-020-01202-1"),
        ("10.5555/s11547-020-01203-0", "10.5555/s11547-020-01203-0"),
        ("10.5555/x-0", ""),
        ("10.5555/x.0", "10.5555/x"),
    ],
    ids=["two papers", "one paper", "alone", "no hyphen"],
)
def test_an_ending_that_is_right(one: str, other: str) -> None:
    data = build.dataset({"doi": one, "url": ""}, {"doi": other, "url": ""})
    assert build.hits("LIC202", data) == []


def test_two_pages_may_have_such_dois() -> None:
    assert build.hits("LIC202", build.dataset({"doi": "10.5555/x"}, {"doi": "10.5555/x-1"})) == []
