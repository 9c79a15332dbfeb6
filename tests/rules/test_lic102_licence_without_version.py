"""Tests of LIC102."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC102", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC102", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        (
            "license",
            "CC BY",
            "the licence 'CC BY' has no version: 3.0 and 4.0 are different licences",
        ),
        (
            "license",
            "CC BY-NC-SA",
            "the licence 'CC BY-NC-SA' has no version: 3.0 and 4.0 are different licences",
        ),
        (
            "license",
            "cc-by-nd",
            "the licence 'cc-by-nd' has no version: 3.0 and 4.0 are different licences",
        ),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("LIC102", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("license", "CC-BY-4.0"),
        ("license", "CC BY 3.0"),
        ("license", "CC0-1.0"),
        ("license", ""),
        ("license", "LicenseRef-letter"),
        ("license", "free for teaching"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("LIC102", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("LIC102", data) == []


def test_no_version_is_guessed() -> None:
    data = build.judged(build.dataset({"license": "CC BY-NC-SA"}))
    (hit,) = discover("covidxr.rules")["LIC102"].check(data)
    assert hit.fix is None
    assert "never completed by guess" in (hit.suggestion or "")
