"""Tests of CSV101."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

TABLE = Path(__file__).parents[3] / "shared" / "real" / "history" / "059-0e2819d.csv"


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV101", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV101", build.dataset()) == []


def latin(*changes: dict[str, str]) -> Dataset:
    return build.from_text(build.csv_text(build.rows(*changes)).encode("latin-1"))


def test_a_latin_1_letter_is_named_with_its_byte_and_its_place() -> None:
    data = latin({}, {"location": "Bad Gnöm, Phantasia"})
    place = bytes(data.table.text.data).index(b"\xf6")
    assert build.hits("CSV101", data) == [
        (3, "location", f"0xF6 is not UTF-8 (byte {place:,} of the file, from 0)")
    ]


def test_one_cell_with_many_bytes_is_one_hit() -> None:
    ((_, _, message),) = build.hits("CSV101", latin({"other_notes": "Ä, Ö and Ü"}))
    assert message.startswith("0xC4 is not UTF-8")
    assert message.endswith("and 2 more in this cell")


def test_rows_with_the_same_cell_are_one_hit_that_gives_the_first_place() -> None:
    data = latin({"location": "Gnöm"}, {"location": "Gnöm"})
    found = build.hits("CSV101", data)
    assert [line for line, _, _ in found] == [2, 3]
    assert all("(first at byte" in message for _, _, message in found)


def test_the_place_is_right_behind_quotes_and_letters_of_two_bytes() -> None:
    data = build.from_text(b'patientid,location\n\xc3\xa9,"a ""b"", c\xff"\n')
    place = bytes(data.table.text.data).index(b"\xff")
    ((line, field, message),) = build.hits("CSV101", data)
    assert (line, field) == (2, "location")
    assert f"0xFF is not UTF-8 (byte {place} of" in message


def test_a_bad_byte_in_the_header_is_found() -> None:
    data = build.from_text(b"patientid,stra\xdfe\n1,x\n")
    (hit,) = discover("covidxr.rules")["CSV101"].check(data)
    assert (hit.line, hit.column) == (1, 15)
    assert hit.message.startswith("0xDF")


def test_a_bad_byte_in_a_ragged_record_is_found() -> None:
    data = build.from_text(b"patientid,sex\n1,F,\xe9\n")
    (hit,) = discover("covidxr.rules")["CSV101"].check(data)
    assert (hit.line, hit.column) == (2, 5)


def test_letters_of_every_script_in_utf_8_are_right() -> None:
    assert build.hits("CSV101", build.dataset({"location": "Gnöm 幽霊 \U0001fac1 \ufffd"})) == []


@pytest.mark.skipif(not TABLE.exists(), reason="the published tables are not at hand")
def test_the_one_cell_of_a_published_table_is_found() -> None:
    ((line, field, message),) = build.hits("CSV101", build.from_text(TABLE.read_bytes()))
    assert (line, field) == (135, "clinical_notes")
    assert message.startswith("0xA1 is not UTF-8 (byte 69,699 of the file")
    assert TABLE.read_bytes()[69_699] == 0xA1


def test_two_cells_outside_the_rows_can_be_told_apart() -> None:
    data = build.from_text(b"patientid,sex\n1,F,\xe9 one\n2,F,\xe9 two,\xe9\n")
    values = [hit.value for hit in discover("covidxr.rules")["CSV101"].check(data)]
    assert len(set(values)) == len(values) == 3
    assert all("\udce9" in (value or "") for value in values)
