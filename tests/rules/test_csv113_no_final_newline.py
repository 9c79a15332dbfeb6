"""Tests of CSV113."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV113", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV113", build.dataset()) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("patientid,sex\n1,F\n2,M", 3),
        ("patientid,sex", 1),
        ("patientid,sex\n1,F\n2", 3),
        ('patientid,sex\n1,"a\nb"', 2),
    ],
)
def test_the_last_record_is_named(text: str, line: int) -> None:
    assert build.hits("CSV113", build.from_text(text)) == [
        (line, None, "the file does not end with a line break")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_one(end: str) -> None:
    assert build.hits("CSV113", build.from_text(end.join(["patientid,sex", "1,F", ""]))) == []
