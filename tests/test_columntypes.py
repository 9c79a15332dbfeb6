"""What columns can be promised to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests import build

from covidxr.columntypes import Kind, Typed, typed

if TYPE_CHECKING:
    from collections.abc import Sequence


def column(name: str, cells: Sequence[str]) -> Typed:
    table = build.dataset(*({name: cell} for cell in cells)).table
    return {each.name: each for each in typed(table)}[name]


@pytest.mark.parametrize(
    ("name", "cells", "kind"),
    [
        ("offset", ["3", "-1", ""], Kind.INTEGER),
        ("offset", ["3", "0.5"], Kind.NUMBER),
        ("offset", ["3", "day 5"], Kind.TEXT),
        ("age", ["54", ""], Kind.NUMBER),
        ("age", ["54", "60s"], Kind.TEXT),
        ("age", ["nan"], Kind.TEXT),
        ("age", ["1e999"], Kind.TEXT),
        ("age", ["٣"], Kind.TEXT),
        ("age", ["", ""], Kind.TEXT),
        ("date", ["2020-03-04", "2021-12-31"], Kind.DATE),
        ("date", ["2020-03-04", "2020-03"], Kind.TEXT),
        ("date", ["2020-02-30"], Kind.TEXT),
        ("date", ["January 22, 2020"], Kind.TEXT),
        # An id of digits stays a text: 007 is not 7.
        ("patientid", ["1", "007"], Kind.TEXT),
        ("clinical_notes", ["12"], Kind.TEXT),
    ],
)
def test_a_column_is_what_all_its_cells_are(name: str, cells: list[str], kind: Kind) -> None:
    assert column(name, cells).kind is kind


@given(some.lists(some.text(max_size=8), min_size=1, max_size=5))
def test_every_cell_of_a_column_can_be_read_as_its_kind(cells: list[str]) -> None:
    for name, read in (("offset", int), ("age", float)):
        table = build.dataset(*({name: cell.strip("\r\n")} for cell in cells)).table
        (found,) = (each for each in typed(table) if each.name == name)
        if found.kind in {Kind.INTEGER, Kind.NUMBER}:
            reading = float if found.kind is Kind.NUMBER else read
            assert all(reading(text) is not None for text in found.texts.known if text)


def test_choices_are_promised_only_where_all_cells_are_among_them() -> None:
    assert column("view", ["PA", ""]).choices[:2] == ("PA", "AP")
    assert column("view", ["PA", "sitting"]).choices == ()
    assert column("modality", ["X-ray", ""]).choices == ()


def test_what_no_two_rows_share_is_unique() -> None:
    assert column("filename", ["a.png", "b.png"]).unique
    assert not column("filename", ["a.png", "a.png"]).unique
    assert not column("filename", ["a.png", ""]).unique


def test_names_are_those_of_the_header() -> None:
    found = typed(build.from_text("Patient_ID,,extra,extra,age\n1,2,3,4,5\n").table)
    assert [(each.name, each.column.name if each.column else None) for each in found] == [
        ("Patient_ID", "patientid"),
        ("extra", None),
        ("age", "age"),
    ]
    assert "Unit: years." in found[2].meaning
    assert found[1].meaning == ""
