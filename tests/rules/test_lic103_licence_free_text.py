"""Tests of LIC103."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC103", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC103", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        (
            "license",
            "free for teaching",
            "the licence 'free for teaching' is not one that covidxr knows",
        ),
        ("license", "see the letter", "the licence 'see the letter' is not one that covidxr knows"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("LIC103", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("license", "CC-BY-4.0"),
        ("license", "CC BY 3.0"),
        ("license", "CC BY"),
        ("license", ""),
        ("license", "LicenseRef-letter"),
        ("license", "Apache-2.0"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("LIC103", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("LIC103", data) == []
