"""Tests of LBL103."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("LBL103", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("LBL103", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("finding", "Pneumonia/Viral/COVID19", "'COVID19' is another name of COVID-19"),
        ("finding", "Pneumonia/Viral/MERS", "'MERS' is another name of MERS-CoV"),
        ("finding", "pneumonia", "'pneumonia' is another name of Pneumonia"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("LBL103", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("finding", "Pneumonia/Viral/COVID-19"),
        ("finding", "COVID-19"),
        ("finding", "Herpes "),
        ("finding", "todo"),
        ("finding", "Pneumonia/Viral/Adenovirus"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("LBL103", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("LBL103", data) == []


def test_the_path_is_suggested() -> None:
    data = build.judged(build.dataset({"finding": "Pneumonia/Viral/COVID19"}))
    (hit,) = discover("covidxr.rules")["LBL103"].check(data)
    assert hit.suggestion == "write Pneumonia/Viral/COVID-19"
