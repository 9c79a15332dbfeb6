"""Tests of PAT108."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests import build

from covidxr.filefacts import PairDecision

if TYPE_CHECKING:
    from covidxr.dataset import Dataset


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT108", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT108", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT108", build.from_text("finding\ntodo\n")) == []


def two_files(*rows: dict[str, str], sha256: str = "0" * 64) -> Dataset:
    """Rows of files that all have the same bytes."""
    paths = [f"images/{row['filename']}" for row in rows]
    return build.dataset(*rows, files={path: build.png(path, sha256=sha256) for path in paths})


def test_later_rows_name_an_earlier_one_of_another_patient() -> None:
    data = two_files(
        {"patientid": "7", "filename": "a.png"},
        {"patientid": "7", "filename": "b.png"},
        {"patientid": "31", "filename": "c.png"},
    )
    assert build.hits("PAT108", data) == [
        (
            4,
            "filename",
            "images/c.png of patient 31 is the same file as images/a.png of patient 7 in line 2",
        )
    ]


def test_copies_within_a_patient_are_another_rule() -> None:
    data = two_files(
        {"patientid": "7", "filename": "a.png"}, {"patientid": "7", "filename": "b.png"}
    )
    assert build.hits("PAT108", data) == []


def test_one_file_in_two_rows_is_another_rule() -> None:
    data = two_files(
        {"patientid": "7", "filename": "a.png"}, {"patientid": "31", "filename": "a.png"}
    )
    assert build.hits("PAT108", data) == []


def test_without_a_sum_or_a_patient_nothing_is_known() -> None:
    one, other = {"patientid": "7", "filename": "a.png"}, {"filename": "b.png"}
    assert build.hits("PAT108", two_files(one, {**other, "patientid": "31"}, sha256="")) == []
    assert build.hits("PAT108", two_files(one, {**other, "patientid": ""})) == []


def decided(said: str, first: str = "0" * 64) -> Dataset:
    """Two copies of two patients, and what was decided on them."""
    decision = PairDecision(
        first="images/a.png",
        second="images/b.png",
        first_sha256=first,
        second_sha256="0" * 64,
        decision=said,
        reason="",
    )
    made = two_files(
        {"patientid": "7", "filename": "a.png"},
        {"patientid": "31", "filename": "b.png"},
    )
    return replace(made, decisions=(decision,))


def test_a_pair_that_was_decided_on_is_settled_as_long_as_its_files_are_the_same() -> None:
    assert build.hits("PAT108", decided("keep")) == []
    assert build.hits("PAT108", decided("not-duplicate")) == []
    assert len(build.hits("PAT108", decided("same-patient"))) == 1
    assert len(build.hits("PAT108", decided("maybe"))) == 1
    assert len(build.hits("PAT108", decided("keep", "1" * 64))) == 1
