"""Tests of PAT106."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT106", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT106", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT106", build.from_text("finding\ntodo\n")) == []


COVID = "Pneumonia/Viral/COVID-19"
STREPTOCOCCUS = "Pneumonia/Bacterial/Streptococcus"


def test_unrelated_agents_are_reported_once() -> None:
    findings = (COVID, "No Finding", STREPTOCOCCUS, "Pneumonia/Bacterial/Klebsiella")
    data = build.dataset(*({"patientid": "7", "finding": each} for each in findings))
    assert build.hits("PAT106", data) == [
        (4, "finding", f"patient 7 has {STREPTOCOCCUS} here and {COVID} in line 2")
    ]


@pytest.mark.parametrize(
    "other",
    [
        "No Finding",
        "Pneumonia",
        "Pneumonia/Viral",
        "Pneumonia/ARDS",
        "COVID-19",
        "COVID-19, ARDS",
        f"{COVID}|{STREPTOCOCCUS}",
        "todo",
        "Unknown",
        "",
    ],
)
def test_findings_that_go_together(other: str) -> None:
    data = build.dataset({"patientid": "7", "finding": COVID}, {"patientid": "7", "finding": other})
    assert build.hits("PAT106", data) == []


def test_a_kind_of_influenza_is_influenza() -> None:
    data = build.dataset(
        {"patientid": "7", "finding": "Pneumonia/Viral/Influenza"},
        {"patientid": "7", "finding": "Pneumonia/Viral/Influenza/H1N1"},
    )
    assert build.hits("PAT106", data) == []
