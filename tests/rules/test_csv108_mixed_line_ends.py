"""Tests of CSV108."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr import csvread
from covidxr.dataset import Dataset
from covidxr.table import Table

if TYPE_CHECKING:
    from pathlib import Path


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV108", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV108", build.dataset()) == []


def test_the_first_line_with_the_rarer_end_is_named() -> None:
    data = build.from_text("patientid,sex\n1,F\n2,M\r\n3,F\n4,F\r\n")
    ((line, _, message),) = build.hits("CSV108", data)
    assert line == 3
    assert message == (
        "records end in different ways: 3 with LF, 2 with CRLF; the first with CRLF begins here"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_one_kind_of_line_end_is_fine(end: str) -> None:
    assert (
        build.hits("CSV108", build.from_text(end.join(["patientid,sex", "1,F", "2,M", ""]))) == []
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_last_line_without_an_end_is_no_other_kind(end: str) -> None:
    assert build.hits("CSV108", build.from_text(end.join(["patientid,sex", "1,F", "2,M"]))) == []


def test_line_breaks_inside_cells_do_not_count() -> None:
    data = build.from_text('patientid,other_notes\r\n1,"a\nb"\r\n2,c\r\n')
    assert build.hits("CSV108", data) == []


def test_ragged_records_and_empty_lines_count() -> None:
    data = build.from_text("patientid,sex\n1,F\n2\r\n3,F\n")
    assert [line for line, _, _ in build.hits("CSV108", data)] == [3]


def test_a_file_that_is_mapped_into_memory_can_be_closed_afterwards(tmp_path: Path) -> None:
    file = tmp_path / "metadata.csv"
    file.write_bytes(b"patientid,sex\n1,F\r\n")
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        assert len(build.hits("CSV108", Dataset(table=Table(csvread.parse(data))))) == 1
