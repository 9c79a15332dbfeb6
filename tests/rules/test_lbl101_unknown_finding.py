"""Tests of LBL101."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("LBL101", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LBL101", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("finding", "Pneumonia/Viral/Adenovirus", "'Adenovirus' is not in the hierarchy"),
        ("finding", "Influensa", "'Influensa' is not in the hierarchy"),
        (
            "finding",
            "Haemophilus influenzae",
            "'Haemophilus influenzae' is a bacterium, not the influenza virus",
        ),
        ("finding", "Pneumonia//Viral", "a part of the finding is empty"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("LBL101", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("finding", "Pneumonia/Viral/COVID-19"),
        ("finding", "COVID-19"),
        ("finding", "todo"),
        ("finding", "Unknown"),
        ("finding", "No Finding"),
        ("finding", "Suspected COVID-19"),
        ("finding", ""),
        ("finding", "COVID-19, ARDS"),
        ("finding", "Pneumonia/ARDS|Pneumonia/Viral/SARS"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("LBL101", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("LBL101", data) == []


def test_a_spelling_mistake_gets_the_closest_label() -> None:
    data = build.judged(build.dataset({"finding": "Influensa"}))
    (hit,) = discover("covidxr.rules")["LBL101"].check(data)
    assert hit.suggestion == "did you mean Pneumonia/Viral/Influenza?"
    assert hit.fix is None
