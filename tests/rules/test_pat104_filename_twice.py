"""Tests of PAT104."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT104", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT104", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT104", build.from_text("finding\ntodo\n")) == []


def test_later_rows_name_the_line_and_the_patient_of_the_first() -> None:
    data = build.dataset(
        {"patientid": "7", "filename": "a.png"},
        {"filename": "b.png"},
        {"patientid": "31", "filename": "a.png"},
        {"patientid": "32", "filename": "a.png"},
    )
    message = "images/a.png is also in line 2, patient 7"
    assert build.hits("PAT104", data) == [(4, "filename", message), (5, "filename", message)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"filename": "a.png"}, {"filename": "A.png"}),
        ({"filename": "a.png"}, {"filename": "a.png", "folder": "volumes"}),
        ({"filename": ""}, {"filename": ""}),
    ],
    ids=["another case", "another folder", "blank"],
)
def test_no_name_stands_twice(one: dict[str, str], other: dict[str, str]) -> None:
    assert build.hits("PAT104", build.dataset(one, other)) == []


def test_without_a_folder_column_the_name_counts() -> None:
    data = build.from_text("patientid,filename\n1,a.png\n2,a.png\n")
    assert build.hits("PAT104", data) == [
        (3, "filename", "images/a.png is also in line 2, patient 1")
    ]
