"""Tests of SCH203."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.model import Fix
from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH203", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH203", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("sex", "female", "'female' is another spelling of 'F'"),
        ("view", "Supino", "'Supino' is another spelling of 'AP Supine'"),
        (
            "date",
            "4 March 2020",
            "the date '4 March 2020' is not written as YYYY, YYYY-MM or YYYY-MM-DD",
        ),
        ("doi", "doi:10.5555/12345678", "the DOI 'doi:10.5555/12345678' is not bare"),
        ("license", "CC BY 4.0", "the licence 'CC BY 4.0' has the SPDX id CC-BY-4.0"),
        ("temperature", "38,5", "'38,5' has a decimal comma"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("SCH203", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("view", "AP Supine"),
        ("date", "2020-03"),
        ("doi", "10.5555/12345678"),
        ("doi", "10.5555/ABC-0"),
        ("license", "CC BY"),
        ("date", "3/4/2020"),
        ("view", "erect"),
        ("sex", "?"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH203", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH203", data) == []


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        ("sex", "female", "F"),
        ("view", "liegend", "AP Supine"),
        ("date", "4 March 2020", "2020-03-04"),
        ("doi", "https://doi.org/10.5555/12345678", "10.5555/12345678"),
        ("license", "CC BY 4.0", "CC-BY-4.0"),
        ("temperature", "38,5", "38.5"),
    ],
)
def test_the_agreed_value_is_the_fix(field: str, cell: str, value: str) -> None:
    (hit,) = discover("covidxr.rules")["SCH203"].check(build.judged(build.dataset({field: cell})))
    assert hit.fix == Fix(value=value)
