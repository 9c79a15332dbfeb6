"""Tests of LIC203."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("LIC203", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LIC203", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("LIC203", build.from_text("finding\ntodo\n")) == []


PAGE = "https://example.org/case/1"


def test_a_further_licence_is_reported_once() -> None:
    licences = ("CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-4.0", "CC-BY-NC-4.0")
    data = build.dataset(*({"url": PAGE, "license": each} for each in licences))
    assert build.hits("LIC203", data) == [
        (
            3,
            "license",
            (
                "CC-BY-NC-4.0 here and CC-BY-4.0 in line 2 are for images of the same page, "
                "https://example.org/case/1"
            ),
        )
    ]


@pytest.mark.parametrize("other", ["CC-BY-4.0", "CC BY 4.0", "", " "])
def test_one_licence(other: str) -> None:
    data = build.dataset(
        {"url": PAGE, "license": "CC-BY-4.0"}, {"url": f"{PAGE}#fig", "license": other}
    )
    assert build.hits("LIC203", data) == []


def test_two_pages_may_differ() -> None:
    data = build.dataset({"license": "CC-BY-4.0"}, {"license": "CC-BY-NC-4.0"})
    assert build.hits("LIC203", data) == []


def test_rows_without_a_page_are_not_compared() -> None:
    data = build.dataset(
        {"url": "", "license": "CC-BY-4.0"}, {"url": "", "license": "CC-BY-NC-4.0"}
    )
    assert build.hits("LIC203", data) == []
