"""Fingerprints that were taken before."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from covidxr import likenessstore
from covidxr.imaging.likeness import BITS, SIDE, VERSION, Fingerprint
from covidxr.likenessstore import FILE, Seen, forget_others, keep, recall, recall_bytes

if TYPE_CHECKING:
    from pathlib import Path


def seen(letter: str) -> Seen:
    of = Fingerprint(bits=letter.encode() * (BITS // 8), thumbnail=letter.encode() * (SIDE * SIDE))
    return Seen(sha256=letter * 64, pixels=letter.upper() * 64, fingerprint=of)


def test_what_was_kept_is_recalled_while_the_file_is_the_same(tmp_path: Path) -> None:
    assert keep(tmp_path, {"images/a.png": ("1:2:3", seen("a")), "images/b.png": ("4", seen("b"))})
    assert recall(tmp_path, {"images/a.png": "1:2:3", "images/b.png": "5", "c": ""}) == {
        "images/a.png": seen("a")
    }


def test_the_same_bytes_under_another_name_are_recalled(tmp_path: Path) -> None:
    keep(tmp_path, {"images/a.png": ("1", seen("a"))})
    assert recall_bytes(tmp_path, "a" * 64) == seen("a")
    assert recall_bytes(tmp_path, "b" * 64) is None


def test_what_cannot_be_shown_is_remembered_and_what_cannot_be_read_is_not(tmp_path: Path) -> None:
    odd, blank = Seen(sha256="a" * 64), Seen(sha256="b" * 64, pixels="c" * 64)
    keep(tmp_path, {"odd": ("1", odd), "blank": ("1", blank), "gone": ("1", Seen(sha256=""))})
    assert recall(tmp_path, dict.fromkeys(("odd", "blank", "gone"), "1")) == {
        "odd": odd,
        "blank": blank,
    }


def test_what_is_there_no_more_leaves_no_thumbnail_behind(tmp_path: Path) -> None:
    keep(tmp_path, {"one": ("1", seen("x")), "same": ("1", seen("x")), "other": ("1", seen("y"))})
    assert forget_others(tmp_path, ["same"])
    assert recall(tmp_path, dict.fromkeys(("one", "same", "other"), "1")) == {"same": seen("x")}
    assert recall_bytes(tmp_path, "y" * 64) is None
    assert b"y" * 100 not in (tmp_path / FILE).read_bytes()


def test_asking_makes_no_file(tmp_path: Path) -> None:
    assert recall(tmp_path, {"a": "1"}) == {}
    assert forget_others(tmp_path, [])
    assert list(tmp_path.iterdir()) == []


def test_git_does_not_see_it(tmp_path: Path) -> None:
    keep(tmp_path, {"a": ("1", seen("a"))})
    assert (tmp_path / ".covidxr/.gitignore").read_text().endswith("*\n")


@pytest.mark.parametrize("damage", [b"not a database " * 300, b"SQLite format 3\0" + bytes(4000)])
def test_a_damaged_file_is_made_again(tmp_path: Path, damage: bytes) -> None:
    keep(tmp_path, {"a": ("1", seen("a"))})
    (tmp_path / FILE).write_bytes(damage)
    assert recall(tmp_path, {"a": "1"}) == {}
    assert keep(tmp_path, {"a": ("1", seen("a"))})
    assert recall(tmp_path, {"a": "1"}) == {"a": seen("a")}


def test_a_file_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    keep(tmp_path, {letter: ("1", seen(letter)) for letter in "abcdefgh"})
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2])
    recall(tmp_path, {"a": "1"})
    assert keep(tmp_path, {"a": ("1", seen("a"))})
    assert recall(tmp_path, {"a": "1"}) == {"a": seen("a")}


def test_what_another_version_took_is_void(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path, {"a": ("1", seen("a"))})
    monkeypatch.setattr(likenessstore, "VERSION", VERSION + 1)
    assert recall(tmp_path, {"a": "1"}) == {}
    assert keep(tmp_path, {"a": ("1", seen("b"))})
    assert recall(tmp_path, {"a": "1"}) == {"a": seen("b")}


def test_a_record_of_another_length_counts_as_none(tmp_path: Path) -> None:
    short = Seen(sha256="a" * 64, fingerprint=Fingerprint(bits=b"1", thumbnail=b"2"))
    keep(tmp_path, {"a": ("1", short)})
    assert recall(tmp_path, {"a": "1"}) == {}


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".covidxr").write_text("a file where the folder would be")
    assert not keep(tmp_path, {"a": ("1", seen("a"))})
    assert recall(tmp_path, {"a": "1"}) == {}


def test_while_another_process_writes_it_is_not_thrown_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, {"a": ("1", seen("a"))})
    monkeypatch.setattr(likenessstore, "_PATIENCE_SECONDS", 0.05)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not keep(tmp_path, {"b": ("1", seen("b"))})
    other.execute("ROLLBACK")
    other.close()
    assert recall(tmp_path, {"a": "1"}) == {"a": seen("a")}


def test_many_may_keep_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        kept = list(
            threads.map(lambda n: keep(tmp_path, {str(n): ("1", seen(chr(97 + n)))}), range(20))
        )
    assert all(kept)
    # Had two of them made the file, the later would have emptied it.
    assert len(recall(tmp_path, {str(n): "1" for n in range(20)})) == 20
