"""Tests of LBL106."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("LBL106", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LBL106", build.judged(build.dataset())) == []


def test_the_whole_table_gets_one_hit_at_the_header() -> None:
    data = build.judged(
        build.dataset(
            {},
            {"finding": "SARS"},
            {"finding": "COVID-19, ARDS"},
            {"finding": "SARS"},
            {"finding": "Mycoplasma Bacterial Pneumonia"},
            {"finding": "E.Coli"},
        )
    )
    assert build.hits("LBL106", data) == [
        (
            1,
            "finding",
            (
                "5 rows have a finding without its path: 'SARS', 'COVID-19, ARDS', "
                "'Mycoplasma Bacterial Pneumonia' and 1 more; the first in line 3"
            ),
        )
    ]


def test_one_row_is_counted_as_one() -> None:
    ((_, _, message),) = build.hits("LBL106", build.judged(build.dataset({"finding": "SARS"})))
    assert message == "1 row has a finding without its path: 'SARS'; the first in line 2"


def test_the_place_is_that_of_the_header_cell() -> None:
    data = build.judged(build.from_text("patientid,finding\n1,SARS\n"))
    (hit,) = discover("covidxr.rules")["LBL106"].check(data)
    assert (hit.line, hit.column, hit.suggestion) == (1, 11, "covidxr migrate")


@pytest.mark.parametrize(
    "finding", ["Pneumonia/Viral/SARS", "No Finding", "Pneumonia", "Tuberculosis", "todo", ""]
)
def test_paths_and_labels_at_the_top_are_not_flat(finding: str) -> None:
    assert build.hits("LBL106", build.judged(build.dataset({"finding": finding}))) == []


def test_a_table_without_findings_has_none() -> None:
    assert build.hits("LBL106", build.judged(build.from_text("patientid\n1\n"))) == []
