"""Tests of PAT101."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT101", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT101", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT101", build.from_text("finding\ntodo\n")) == []


def test_the_rarer_sex_is_reported_with_a_line_of_the_other() -> None:
    data = build.dataset(
        {"patientid": "7", "sex": "M", "url": "https://example.org/a"},
        {"patientid": "7", "sex": "F", "url": "https://example.org/a"},
        {"patientid": "7", "sex": "M", "url": "https://example.org/a"},
    )
    assert build.hits("PAT101", data) == [(3, "sex", "patient 7 is F here and M in line 2")]


def test_the_later_sex_is_reported_where_both_are_as_frequent() -> None:
    data = build.dataset({"patientid": "7", "sex": "F"}, {"patientid": "7", "sex": "M"})
    ((line, _, message),) = build.hits("PAT101", data)
    assert line == 3
    assert message.startswith("patient 7 is M here and F in line 2")


def test_another_page_is_named() -> None:
    data = build.dataset({"patientid": "7", "sex": "F"}, {"patientid": "7", "sex": "M"})
    ((_, _, message),) = build.hits("PAT101", data)
    assert message.endswith("; the page here is another one, https://example.org/case/2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"patientid": "7", "sex": "F"}, {"patientid": "7", "sex": ""}),
        ({"patientid": "7", "sex": "F"}, {"patientid": "7", "sex": "female"}),
        ({"patientid": "7", "sex": "F"}, {"patientid": "7", "sex": "?"}),
        ({"patientid": "", "sex": "F"}, {"patientid": "", "sex": "M"}),
        ({"patientid": "7", "sex": "F"}, {"patientid": "7b", "sex": "M"}),
    ],
)
def test_no_second_sex(one: dict[str, str], other: dict[str, str]) -> None:
    assert build.hits("PAT101", build.dataset(one, other)) == []
