"""Tests of SCH201."""

from __future__ import annotations

import pytest
from tests import build

from covidxr.plugins import discover


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH201", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH201", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        ("patientid", "", "patientid is blank"),
        ("finding", " ", "finding is blank"),
        ("modality", "", "modality is blank"),
        ("folder", "", "folder is blank"),
        ("filename", "", "filename is blank"),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("SCH201", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("view", ""),
        ("sex", ""),
        ("license", ""),
        ("doi", ""),
        ("age", ""),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH201", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH201", data) == []


def test_a_column_that_is_blank_throughout_is_one_hit() -> None:
    data = build.judged(build.dataset({"modality": ""}, {"modality": ""}, {"modality": " "}))
    found = [list(hit.rows) for hit in discover("covidxr.rules")["SCH201"].check(data)]
    assert found == [[0, 1, 2]]
