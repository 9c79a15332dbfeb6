"""Tests of PAT113."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests import build

from covidxr.filefacts import PairDecision
from covidxr.plugins import discover

if TYPE_CHECKING:
    from covidxr.dataset import Dataset

A, C = "images/a.png", "images/c.png"


def data(said: str = "keep", first: str = "a" * 64, *files: str) -> Dataset:
    """A decision on two files, and the files that are there."""
    decision = PairDecision(
        first=A,
        second=C,
        first_sha256=first,
        second_sha256="c" * 64,
        decision=said,
        reason="",
        line=4,
    )
    there = {path: build.png(path, sha256=path[7] * 64) for path in files or (A, C)}
    return build.dataset({"filename": "a.png"}, files=there, decisions=(decision,))


def messages(made: Dataset) -> list[tuple[int, str]]:
    return [(line, message) for line, _, message in build.hits("PAT113", made)]


def test_a_good_table_has_none() -> None:
    assert messages(build.dataset({})) == []


def test_a_decision_on_two_files_as_they_are_is_fine() -> None:
    assert messages(data()) == []


def test_a_file_that_is_gone_is_told_at_the_decisions_line() -> None:
    words = "the decision on images/a.png and images/c.png says nothing: "
    made = data("keep", "a" * 64, A)
    assert messages(made) == [(4, f"{words}images/c.png is not there any more")]
    [hit] = discover("covidxr.rules")["PAT113"].check(made)
    assert hit.file == "duplicate-decisions.csv"


def test_a_file_that_changed_is_told() -> None:
    [(line, message)] = messages(data(first="b" * 64))
    assert line == 4
    assert message.endswith("images/a.png changed since")


def test_a_word_that_is_no_decision_is_told() -> None:
    [(_, message)] = messages(data("maybe"))
    assert message.endswith("'maybe' is none of not-duplicate, same-patient, keep")


def test_a_file_that_could_not_be_read_has_not_changed() -> None:
    made = data()
    unread = {**made.files, A: build.png(A, sha256="")}
    assert messages(replace(made, files=unread)) == []
