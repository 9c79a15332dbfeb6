"""Images and patients looked up by name."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests import build, candidates

from covidxr import provenance
from covidxr.errors import UsageError
from covidxr.showing import Change, Options, course, find, picture

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.showing import Showing

TODAY = dt.date(2024, 5, 6)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "images").mkdir()
    rows = build.rows(
        {"patientid": "7", "offset": "5", "in_icu": "Y", "temperature": "39"},
        {"patientid": "7", "offset": "1", "in_icu": "N", "temperature": "38"},
        {"patientid": "7", "offset": "9", "in_icu": "", "temperature": "38"},
        {"patientid": "9", "age": "200"},
    )
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows))
    (tmp_path / "images" / "image-1.png").write_bytes(candidates.picture(1))
    return tmp_path


def found(root: Path, name: str) -> Showing:
    return find(Options(root=root, name=name, today=TODAY))


def test_a_file_is_found_by_name_and_by_path(root: Path) -> None:
    for name in ("image-1.png", "images/image-1.png", "some/where/images/image-1.png"):
        shown = found(root, name)
        assert [each.row.line for each in shown.rows] == [2], name
        assert not shown.is_patient
        assert [each.patientid for each in shown.courses] == ["7"]


def test_a_file_of_another_folder_is_not_taken_for_one_of_the_collection_s(root: Path) -> None:
    with pytest.raises(UsageError, match=r"did you mean image-1\.png"):
        found(root, "elsewhere/image-1.png")


def test_a_patient_is_found_by_id_without_rows_in_full(root: Path) -> None:
    shown = found(root, "7")
    assert (shown.rows, shown.is_patient) == ((), True)
    assert [len(each.steps) for each in shown.courses] == [3]


def test_a_name_of_both_shows_both(root: Path) -> None:
    rows = build.rows({"patientid": "image-2.png"}, {"patientid": "5"})
    (root / "metadata.csv").write_text(build.csv_text(rows))
    shown = found(root, "image-2.png")
    assert shown.is_patient
    assert [each.row["patientid"] for each in shown.rows] == ["5"]
    assert [each.patientid for each in shown.courses] == ["5", "image-2.png"]


def test_a_course_runs_by_offset_and_tells_what_changed(root: Path) -> None:
    steps = found(root, "7").courses[0].steps
    assert [each.row["offset"] for each in steps] == ["1", "5", "9"]
    assert [each.changes for each in steps] == [
        (),
        (
            Change(name="in_icu", before="N", now="Y"),
            Change(name="temperature", before="38", now="39"),
        ),
        (Change(name="temperature", before="39", now="38"),),
    ]


def test_without_an_offset_the_date_counts_and_what_has_neither_comes_last() -> None:
    same = {"patientid": "1", "offset": ""}
    data = build.dataset(
        {**same, "date": ""},
        {**same, "date": "2020-04-02"},
        {**same, "date": "2020-03"},
        {**same, "date": "2021", "offset": "3"},
        {**same, "date": "2020-05-01", "offset": "soon"},
    )
    assert [each.row.index for each in course(data, "1").steps] == [3, 2, 1, 4, 0]


def test_diagnostics_are_those_of_the_rows_that_are_shown(root: Path) -> None:
    assert "SCH205" in {each.code for each in found(root, "9").diagnostics}
    assert "SCH205" not in {each.code for each in found(root, "7").diagnostics}
    assert {each.line for each in found(root, "7").diagnostics} <= {2, 3, 4}


def test_the_line_of_provenance_is_found(root: Path) -> None:
    assert found(root, "image-1.png").rows[0].origin is None
    line = replace(provenance.BLANK, filename="image-1.png", decision="accept", source="sirm")
    (root / "provenance.csv").write_bytes(provenance.Ledger(None).with_line(line))
    origin = found(root, "image-1.png").rows[0].origin
    assert origin is not None
    assert origin.source == "sirm"


def test_the_picture_is_decoded_or_the_reason_is_said(root: Path) -> None:
    shown = found(root, "image-1.png")
    seen = picture(root, shown, shown.rows[0].row)
    assert seen.pixels is not None
    assert seen.pixels.shape == (300, 320)
    shown = found(root, "image-2.png")
    assert picture(root, shown, shown.rows[0].row).why == "the file is not there"


def test_a_name_that_is_nobody_s_is_refused_with_names_like_it(root: Path) -> None:
    with pytest.raises(UsageError, match=r"called 'imagee-1\.png'; did you mean image-1\.png"):
        found(root, "imagee-1.png")
    with pytest.raises(UsageError, match=r"called 'zzz'$"):
        found(root, "zzz")
    with pytest.raises(UsageError):
        found(root, "")
