"""Tests of LIC101."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC101", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC101", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("license", "", "no licence is given: nobody may pass the image on"),
        ("license", " ", "no licence is given: nobody may pass the image on"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("LIC101", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("license", "CC-BY-4.0"),
        ("license", "CC BY"),
        ("license", "LicenseRef-letter"),
        ("license", "free for teaching"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("LIC101", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("LIC101", data) == []


def test_rows_without_a_licence_are_one_hit() -> None:
    data = build.judged(build.dataset({"license": ""}, {}, {"license": " "}))
    found = [list(hit.rows) for hit in discover("covidxr.rules")["LIC101"].check(data)]
    assert found == [[0, 2]]


@pytest.mark.parametrize(("blank", "given"), [(21, 0), (27, 3)])
def test_no_licence_in_nearly_all_rows_is_said_once(blank: int, given: int) -> None:
    data = build.judged(build.dataset(*[{"license": ""}] * blank, *[{}] * given))
    assert build.hits("LIC101", data) == [
        (
            1,
            "license",
            f"{blank} of {blank + given} rows give no licence: nobody may pass their images on",
        )
    ]


@pytest.mark.parametrize(("blank", "given"), [(20, 0), (27, 4), (100, 200)])
def test_no_licence_in_some_rows_is_said_of_each(blank: int, given: int) -> None:
    data = build.judged(build.dataset(*[{"license": ""}] * blank, *[{}] * given))
    assert len(build.hits("LIC101", data)) == blank
