"""Tests of IMG125."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import build

from covidxr.filefacts import AlikePair, PairDecision
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

A, B, C = "images/a.png", "images/b.png", "images/c.png"


def data(*pairs: tuple[str, str], said: str = "") -> Dataset:
    """Three alike files, of which a.png has a row."""
    decision = PairDecision(
        first=A,
        second=C,
        first_sha256="a" * 64,
        second_sha256="c" * 64,
        decision=said,
        reason="",
    )
    return build.dataset(
        {"filename": "a.png"},
        files={path: build.png(path, sha256=path[7] * 64) for path in (A, B, C)},
        alike=tuple(AlikePair(first=one, second=other, kind="near") for one, other in pairs),
        decisions=(decision,) if said else (),
    )


def found(made: Dataset) -> list[tuple[str, str]]:
    return [(hit.file, hit.message) for hit in discover("covidxr.rules")["IMG125"].check(made)]


def test_a_good_table_has_none() -> None:
    assert found(build.dataset({})) == []


def test_a_file_without_a_row_names_the_one_that_has_one() -> None:
    words = "is in no row and shows the same image as"
    assert found(data((A, C))) == [(C, f"{C} {words} {A} in line 2")]
    assert found(data((B, C), (A, C))) == [
        (B, f"{B} {words} {C}, which has no row either"),
        (C, f"{C} {words} {A} in line 2"),
    ]


def test_files_that_rows_name_are_other_rules() -> None:
    made = build.dataset(
        {"filename": "a.png"},
        {"filename": "c.png"},
        alike=(AlikePair(first=A, second=C, kind="near"),),
    )
    assert found(made) == []


def test_a_pair_that_was_decided_on_is_settled() -> None:
    assert found(data((A, C), said="keep")) == []
    assert len(found(data((A, C), said="maybe"))) == 1
