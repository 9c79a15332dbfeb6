"""Tests of PAT111."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build

from covidxr.filefacts import AlikePair, PairDecision

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

A, C = "images/a.png", "images/c.png"


def pair(kind: str = "near") -> AlikePair:
    return AlikePair(first=A, second=C, kind=kind, distance=10, likeness=0.9)


def data(kind: str = "near", *, one: str = "7", other: str = "31", said: str = "") -> Dataset:
    """A row of each file of a pair, and what was decided on it."""
    decision = PairDecision(
        first=A,
        second=C,
        first_sha256="a" * 64,
        second_sha256="c" * 64,
        decision=said,
        reason="",
    )
    return build.dataset(
        {"patientid": one, "filename": "a.png"},
        {"patientid": other, "filename": "c.png"},
        files={A: build.png(A, sha256="a" * 64), C: build.png(C, sha256="c" * 64)},
        alike=(pair(kind),),
        decisions=(decision,) if said else (),
    )


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT111", build.dataset({})) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT111", build.from_text("finding\ntodo\n", alike=(pair(),))) == []


def test_a_near_copy_is_reported_at_the_later_row() -> None:
    assert build.hits("PAT111", data()) == [
        (
            3,
            "filename",
            (
                "images/c.png of patient 31 shows the same image as images/a.png of patient 7 in "
                "line 2"
            ),
        )
    ]


def test_the_same_pixels_are_said() -> None:
    [(_, _, message)] = build.hits("PAT111", data("pixels"))
    assert "has the same pixels as images/a.png" in message


def test_the_same_bytes_are_another_rule() -> None:
    assert build.hits("PAT111", data("bytes")) == []


def test_copies_within_a_patient_are_another_rule() -> None:
    assert build.hits("PAT111", data(other="7")) == []


def test_without_a_patient_nothing_is_known() -> None:
    assert build.hits("PAT111", data(one="")) == []
    assert build.hits("PAT111", data(other="")) == []


def test_a_file_of_several_rows_clashes_by_the_one_of_another_patient() -> None:
    made = build.dataset(
        {"patientid": "7", "filename": "a.png"},
        {"patientid": "7", "filename": "c.png"},
        {"patientid": "8", "filename": "a.png"},
        alike=(pair(),),
    )
    [(line, _, message)] = build.hits("PAT111", made)
    assert (line, message.partition(" shows")[0]) == (4, "images/a.png of patient 8")


def test_a_pair_that_was_decided_on_is_settled_unless_it_is_one_person_under_two_ids() -> None:
    assert build.hits("PAT111", data(said="not-duplicate")) == []
    assert build.hits("PAT111", data(said="keep")) == []
    assert len(build.hits("PAT111", data(said="same-patient"))) == 1
    assert len(build.hits("PAT111", data(said="maybe"))) == 1
