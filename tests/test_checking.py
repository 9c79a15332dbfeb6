"""The checks as a collection's settings ask for them, and the rows that they are about."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tests import build

from covidxr import checking
from covidxr.levels import ImageDepth
from covidxr.validate import validate

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2024, 5, 6)


def test_settings_choose_rules_and_a_dated_folder_is_a_table_of_that_day(tmp_path: Path) -> None:
    root = tmp_path / "2020-06-22"
    root.mkdir()
    (root / "covidxr.toml").write_text(
        'select = ["SCH"]\nimages = "none"\nbaseline = "known.json"\n'
    )
    asked = checking.as_set(root, TODAY)
    assert asked.select == ("SCH",)
    assert asked.as_of == dt.date(2020, 6, 22)
    assert asked.depth is ImageDepth.HEADER
    assert asked.baseline == root / "known.json"


def test_without_settings_files_are_looked_at_as_validate_does(tmp_path: Path) -> None:
    asked = checking.as_set(tmp_path, TODAY)
    assert (asked.depth, asked.as_of, asked.today) == (ImageDepth.STRUCTURE, None, TODAY)


def test_a_cell_below_its_record_s_first_line_belongs_to_that_record(tmp_path: Path) -> None:
    rows = build.rows({"clinical_notes": "one\ntwo"}, {"location": "a\nb", "license": "odd"})
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    validation = validate(checking.as_set(tmp_path, TODAY))
    found = checking.placed(validation.dataset.table, validation.report.diagnostics)
    rows_of = {each.diagnostic.code: each.row for each in found}
    assert rows_of["LIC103"] == 1
    lines = {each.diagnostic.line for each in found if each.diagnostic.code == "LIC103"}
    assert lines == {5}, "the record begins on line 4"


def test_what_is_about_the_file_is_about_no_row(tmp_path: Path) -> None:
    header = "patientid,finding,filename,oddity"
    (tmp_path / "metadata.csv").write_text(f"{header}\n1,No Finding,a.png,x\n")
    validation = validate(checking.as_set(tmp_path, TODAY))
    found = checking.placed(validation.dataset.table, validation.report.diagnostics)
    assert {each.row for each in found if each.diagnostic.code == "SCH102"} == {None}
