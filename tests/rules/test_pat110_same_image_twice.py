"""Tests of PAT110."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests import build

from covidxr.filefacts import PairDecision

if TYPE_CHECKING:
    from covidxr.dataset import Dataset


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT110", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT110", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT110", build.from_text("finding\ntodo\n")) == []


def two_files(*rows: dict[str, str], sha256: str = "0" * 64) -> Dataset:
    """Rows of files that all have the same bytes."""
    paths = [f"images/{row['filename']}" for row in rows]
    return build.dataset(*rows, files={path: build.png(path, sha256=sha256) for path in paths})


def test_later_rows_name_the_first() -> None:
    data = two_files(
        {"patientid": "7", "filename": "a.png"},
        {"patientid": "31", "filename": "b.png"},
        {"patientid": "7", "filename": "c.png"},
    )
    assert build.hits("PAT110", data) == [
        (
            4,
            "filename",
            "images/c.png is the same file as images/a.png in line 2, also of patient 7",
        )
    ]


def test_two_offsets_are_said() -> None:
    data = two_files(
        {"patientid": "7", "filename": "a.png", "offset": "0"},
        {"patientid": "7", "filename": "b.png", "offset": "4"},
    )
    ((_, _, message),) = build.hits("PAT110", data)
    assert message.endswith("also of patient 7, under another offset")


def test_copies_of_two_patients_are_another_rule() -> None:
    data = two_files(
        {"patientid": "7", "filename": "a.png"}, {"patientid": "31", "filename": "b.png"}
    )
    assert build.hits("PAT110", data) == []


def test_one_file_in_two_rows_is_another_rule() -> None:
    data = two_files(
        {"patientid": "7", "filename": "a.png"}, {"patientid": "7", "filename": "a.png"}
    )
    assert build.hits("PAT110", data) == []


def decided(said: str, first: str = "0" * 64) -> Dataset:
    """Two copies of one patient, and what was decided on them."""
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
        {"patientid": "7", "filename": "b.png"},
    )
    return replace(made, decisions=(decision,))


def test_a_pair_that_was_decided_on_is_settled_as_long_as_its_files_are_the_same() -> None:
    assert build.hits("PAT110", decided("keep")) == []
    assert build.hits("PAT110", decided("not-duplicate")) == []
    assert len(build.hits("PAT110", decided("same-patient"))) == 0
    assert len(build.hits("PAT110", decided("maybe"))) == 1
    assert len(build.hits("PAT110", decided("keep", "1" * 64))) == 1
