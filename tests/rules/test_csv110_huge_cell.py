"""Tests of CSV110."""

from __future__ import annotations

from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV110", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV110", build.dataset()) == []


def test_a_cell_longer_than_a_spreadsheet_stores_is_reported() -> None:
    data = build.dataset({}, {"clinical_notes": "x" * 32_768})
    ((line, field, message),) = build.hits("CSV110", data)
    assert (line, field) == (3, "clinical_notes")
    assert message.startswith("the cell holds 32,768 characters; a spreadsheet stores 32,767")
    assert len(message) < 150


def test_a_cell_that_just_fits_is_fine() -> None:
    assert build.hits("CSV110", build.dataset({"clinical_notes": "x" * 32_767})) == []
