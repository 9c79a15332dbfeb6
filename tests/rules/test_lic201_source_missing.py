"""Tests of LIC201."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC201", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC201", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("LIC201", build.from_text("finding\ntodo\n")) == []


def test_a_row_without_a_source() -> None:
    data = build.dataset({}, {"doi": " ", "url": ""})
    assert build.hits("LIC201", data) == [
        (3, "url", "neither doi nor url says where the image comes from")
    ]


@pytest.mark.parametrize(
    "row", [{"doi": "10.5555/x", "url": ""}, {"doi": "", "url": "https://example.org/1"}]
)
def test_one_of_the_two_is_enough(row: dict[str, str]) -> None:
    assert build.hits("LIC201", build.dataset(row)) == []


def test_a_table_with_addresses_alone() -> None:
    data = build.from_text("patientid, url\n1,https://example.org/1\n2,\n")
    assert [(line, field) for line, field, _ in build.hits("LIC201", data)] == [(3, "url")]


@pytest.mark.parametrize(("blank", "given"), [(21, 0), (27, 3)])
def test_no_source_in_nearly_all_rows_is_said_once(blank: int, given: int) -> None:
    data = build.dataset(*[{"url": ""}] * blank, *[{}] * given)
    assert build.hits("LIC201", data) == [
        (1, "url", f"{blank} of {blank + given} rows have neither a doi nor a url")
    ]


@pytest.mark.parametrize(("blank", "given"), [(20, 0), (27, 4), (100, 200)])
def test_no_source_in_some_rows_is_said_of_each(blank: int, given: int) -> None:
    data = build.dataset(*[{"url": ""}] * blank, *[{}] * given)
    assert len(build.hits("LIC201", data)) == blank
