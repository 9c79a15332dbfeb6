"""Tests of PAT103."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT103", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT103", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT103", build.from_text("finding\ntodo\n")) == []


ONE = "https://www.eurorad.org/case/1"
TWO = "https://www.eurorad.org/case/2"


def test_a_second_case_page_is_reported_once() -> None:
    data = build.dataset(*({"patientid": "7", "url": url} for url in (ONE, ONE, TWO, TWO)))
    assert build.hits("PAT103", data) == [
        (4, "url", f"patient 7 has another case page in line 2: {ONE}")
    ]


@pytest.mark.parametrize(
    "other",
    [
        "https://eurorad.org/case/1/?lang=de",
        "https://example.org/10.5555/paper",
        "",
        "no address",
    ],
    ids=["the same page", "a paper", "blank", "no address"],
)
def test_no_second_case_page(other: str) -> None:
    data = build.dataset({"patientid": "7", "url": ONE}, {"patientid": "7", "url": other})
    assert build.hits("PAT103", data) == []


def test_two_papers_about_one_patient_are_fine() -> None:
    assert build.hits("PAT103", build.dataset({"patientid": "7"}, {"patientid": "7"})) == []
