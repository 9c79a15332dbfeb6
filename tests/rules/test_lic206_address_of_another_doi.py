"""Tests of LIC206."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC206", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC206", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("LIC206", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize(
    ("doi", "url", "found"),
    [
        (
            "10.5555/abc.20-0203",
            "https://example.org/journals/10.5555/abc.20-0204",
            "10.5555/abc.20-0204",
        ),
        (
            "10.5555/x",
            "https://example.org/article/10.5555%2Fs001-020-00001-3?via=a",
            "10.5555/s001-020-00001-3",
        ),
    ],
)
def test_an_address_of_another_paper(doi: str, url: str, found: str) -> None:
    assert build.hits("LIC206", build.dataset({"doi": doi, "url": url})) == [
        (2, "url", f"the address is that of {found}, but doi says {doi}")
    ]


@pytest.mark.parametrize(
    ("doi", "url"),
    [
        ("10.5555/abc", "https://example.org/doi/full/10.5555/ABC"),
        ("10.5555/abc", "https://example.org/10.5555/abc/full?x=10.5555/y"),
        ("10.5555/abc", "https://example.org/10.5555/abc.pdf"),
        ("10.5555/abc.fig1", "https://example.org/10.5555/abc"),
        ("doi:10.5555/abc", "https://doi.org/10.5555/abc"),
        ("10.5555/abc", "https://example.org/article/12"),
        ("", "https://example.org/10.5555/abc"),
        ("10.5555/abc", ""),
        ("10.1000/182(20)1", "https://example.org/10.1000/182%2820%291"),
    ],
)
def test_an_address_of_the_same_paper(doi: str, url: str) -> None:
    assert build.hits("LIC206", build.dataset({"doi": doi, "url": url})) == []
