"""Tests of SCH206."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("SCH206", build.judged(build.dataset({}))) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("SCH206", build.judged(build.dataset())) == []


@pytest.mark.parametrize(
    ("field", "cell", "message"),
    [
        (
            "patientid",
            "12 b",
            "'12 b' is not an id: letters, digits, '-', '_' and '.', without blanks",
        ),
        ("filename", "image-7", "the file name 'image-7' has no extension"),
        (
            "filename",
            "a:b.png",
            "the file name 'a:b.png' holds ':', which not every system can store",
        ),
        ("doi", "?", "'?' is not a value of doi"),
        (
            "doi",
            "see the paper",
            "'see the paper' is not a DOI: one begins with 10. and has a slash",
        ),
        (
            "url",
            "see the paper",
            "'see the paper' is not an address: one begins with http:// or https:// and has a host",
        ),
    ],
)
def test_the_cell_is_reported(field: str, cell: str, message: str) -> None:
    data = build.judged(build.dataset({}, {field: cell}))
    assert build.hits("SCH206", data) == [(3, field, message)]


@pytest.mark.parametrize(
    ("field", "cell"),
    [
        ("patientid", "12b"),
        ("patientid", "case_1-2.b"),
        ("filename", "one.nii.gz"),
        ("filename", "Zoë 1.png"),
        ("doi", ""),
        ("url", ""),
        ("url", "http://example.org/a?b=c#d"),
        ("doi", "10.5555/(SICI)1-2<3:4>5;6-0"),
    ],
)
def test_what_is_right_or_another_rules_is_not(field: str, cell: str) -> None:
    assert build.hits("SCH206", build.judged(build.dataset({field: cell}))) == []


def test_a_table_without_the_column_has_none() -> None:
    data = build.judged(build.from_text("mine\n1\n"))
    assert build.hits("SCH206", data) == []
