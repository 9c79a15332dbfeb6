"""Writing down what is decided on files that look alike."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests import alike
from tests.clock import FakeClock

from covidxr import duplicatebook, pairdecisions, transaction
from covidxr.duplicatebook import Book
from covidxr.errors import CollectionError, UsageError
from covidxr.pairdecisions import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.filefacts import PairDecision


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return alike.leaking(tmp_path)


def verdict(decision: str = "keep", reason: str = "looked at it") -> Verdict:
    return Verdict(decision=decision, reason=reason, by=" Ann ", clock=FakeClock())


def decisions(root: Path) -> tuple[PairDecision, ...]:
    path = root / duplicatebook.NAME
    return Book(path.read_bytes() if path.exists() else None).decisions


def test_what_was_decided_stands_in_the_file_with_the_hashes_of_both(root: Path) -> None:
    pairdecisions.decide(root, ["b.jpg", "images/a.png"], verdict(reason="one\nimage"))
    [made] = decisions(root)
    assert (made.first, made.second) == ("images/a.png", "images/b.jpg")
    assert made.first_sha256 == alike.sha256(alike.ONE)
    assert made.second_sha256 == alike.sha256(alike.smaller(alike.ONE))
    assert (made.decision, made.reason) == ("keep", "one image")
    assert (made.decided_by, made.decided_at) == ("Ann", "2026-01-02T03:04:05Z")


def test_three_files_are_three_pairs(root: Path) -> None:
    pairdecisions.decide(root, ["c.png", "d.bmp", "left.jpg", "c.png"], verdict())
    assert [(each.first[7:], each.second[7:]) for each in decisions(root)] == [
        ("c.png", "d.bmp"),
        ("c.png", "left.jpg"),
        ("d.bmp", "left.jpg"),
    ]


@pytest.mark.parametrize(
    ("names", "said", "words"),
    [
        (["a.png"], verdict(), "name two or more"),
        (["a.png", "a.png"], verdict(), "name two or more"),
        (["a.png", "none.png"], verdict(), "no file 'none.png'"),
        (["a.png", "../metadata.csv"], verdict(), "no file"),
        (["a.png", "b.jpg"], verdict(reason="  "), "--reason"),
        (["a.png", "b.jpg"], verdict("maybe"), "none of not-duplicate"),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nothing_is_written(
    root: Path, names: list[str], said: Verdict, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        pairdecisions.decide(root, names, said)
    assert not (root / duplicatebook.NAME).exists()


def test_a_name_that_two_files_have_needs_its_folder(root: Path) -> None:
    (root / "volumes").mkdir()
    (root / "volumes/a.png").write_bytes(alike.ONE)
    with pytest.raises(UsageError, match=r"images/a\.png or volumes/a\.png"):
        pairdecisions.decide(root, ["a.png", "b.jpg"], verdict())
    pairdecisions.decide(root, ["images/a.png", "volumes/a.png"], verdict())
    assert len(decisions(root)) == 1


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_that_leads_out_of_the_collection_is_not_read(root: Path) -> None:
    (root / "images/link.png").symlink_to("/etc/hostname")
    with pytest.raises(UsageError, match=r"images/link\.png cannot be read"):
        pairdecisions.decide(root, ["a.png", "link.png"], verdict())


def test_a_file_of_decisions_that_is_none_stays_untouched(root: Path) -> None:
    (root / duplicatebook.NAME).write_text("a,b\n")
    with pytest.raises(CollectionError, match="has no column first"):
        pairdecisions.decide(root, ["a.png", "b.jpg"], verdict())
    assert (root / duplicatebook.NAME).read_text() == "a,b\n"


def test_nobody_else_writes_meanwhile(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "_PATIENCE_SECONDS", 0)
    with (
        transaction.holding(root),
        pytest.raises(CollectionError, match="another covidxr is writing"),
    ):
        pairdecisions.decide(root, ["a.png", "b.jpg"], verdict())


# -- forgetting ------------------------------------------------------------------------------------


@pytest.fixture
def decided(root: Path) -> Path:
    pairdecisions.decide(root, ["a.png", "b.jpg"], verdict())
    pairdecisions.decide(root, ["c.png", "d.bmp", "left.jpg"], verdict())
    return root


def left(root: Path) -> list[str]:
    return [f"{each.first[7:]} {each.second[7:]}" for each in decisions(root)]


def test_all_that_was_decided_on_one_file_is_forgotten(decided: Path) -> None:
    gone = pairdecisions.forget(decided, ["c.png"])
    assert [each.second for each in gone] == ["images/d.bmp", "images/left.jpg"]
    assert left(decided) == ["a.png b.jpg", "d.bmp left.jpg"]


def test_what_was_decided_on_a_pair_is_forgotten(decided: Path) -> None:
    pairdecisions.forget(decided, ["d.bmp", "c.png"])
    assert left(decided) == ["a.png b.jpg", "c.png left.jpg", "d.bmp left.jpg"]


def test_decisions_on_files_that_are_gone_can_be_named_or_forgotten_together(
    decided: Path,
) -> None:
    (decided / "images/b.jpg").unlink()
    (decided / "images/d.bmp").unlink()
    pairdecisions.forget(decided, ["b.jpg"])
    assert left(decided) == ["c.png d.bmp", "c.png left.jpg", "d.bmp left.jpg"]
    pairdecisions.forget(decided, [], stale=True)
    assert left(decided) == ["c.png left.jpg"]


def test_forgetting_nothing_is_refused(decided: Path) -> None:
    before = (decided / duplicatebook.NAME).read_bytes()
    for names in (["other.png"], ["a.png", "c.png"]):
        with pytest.raises(UsageError):
            pairdecisions.forget(decided, names)
    with pytest.raises(UsageError, match="nothing was decided"):
        pairdecisions.forget(decided, [], stale=True)
    assert (decided / duplicatebook.NAME).read_bytes() == before
