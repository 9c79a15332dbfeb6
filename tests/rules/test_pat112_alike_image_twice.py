"""Tests of PAT112."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build

from covidxr.filefacts import AlikePair, PairDecision

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

A, C = "images/a.png", "images/c.png"


def data(kind: str = "near", *, said: str = "", **other: str) -> Dataset:
    """Two rows of a patient whose files are alike, and what was decided on them."""
    decision = PairDecision(
        first=A,
        second=C,
        first_sha256="a" * 64,
        second_sha256="c" * 64,
        decision=said,
        reason="",
    )
    return build.dataset(
        {"patientid": "7", "filename": "c.png", **other},
        {"patientid": "7", "filename": "a.png", "offset": "3"},
        files={A: build.png(A, sha256="a" * 64), C: build.png(C, sha256="c" * 64)},
        alike=(AlikePair(first=A, second=C, kind=kind, distance=10, likeness=0.9),),
        decisions=(decision,) if said else (),
    )


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT112", build.dataset({})) == []


def test_a_table_without_the_columns_has_none() -> None:
    alike = (AlikePair(first=A, second=C, kind="near"),)
    assert build.hits("PAT112", build.from_text("finding\ntodo\n", alike=alike)) == []


def test_a_near_copy_is_reported_at_the_later_row() -> None:
    assert build.hits("PAT112", data()) == [
        (
            3,
            "filename",
            "images/a.png shows the same image as images/c.png in line 2, also of patient 7",
        )
    ]


def test_another_offset_and_the_same_pixels_are_said() -> None:
    [(_, _, message)] = build.hits("PAT112", data("pixels", offset="0"))
    assert "has the same pixels as" in message
    assert message.endswith("also of patient 7, under another offset")


def test_the_same_bytes_and_two_patients_are_other_rules() -> None:
    assert build.hits("PAT112", data("bytes")) == []
    assert build.hits("PAT112", data(patientid="8")) == []


def test_without_a_patient_or_a_row_nothing_is_known() -> None:
    assert build.hits("PAT112", data(patientid="")) == []
    assert build.hits("PAT112", data(filename="d.png")) == []


def test_a_pair_that_was_decided_on_is_settled() -> None:
    for said in ("not-duplicate", "same-patient", "keep"):
        assert build.hits("PAT112", data(said=said)) == []
    assert len(build.hits("PAT112", data(said="maybe"))) == 1
