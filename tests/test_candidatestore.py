"""Candidates on the disk: whole or not there, one run at a time, in order after a crash."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from typing import TYPE_CHECKING

import pytest
from tests.test_casefile import KEPT, PAGE
from tests.test_drafts import CASE

from covidxr import casefile
from covidxr.candidatestore import Candidates, candidates_of
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from pathlib import Path

RECORD = casefile.case_text(CASE, [KEPT], [PAGE]).encode()


@pytest.fixture
def candidates(tmp_path: Path) -> Candidates:
    return candidates_of(tmp_path, None)


def put(candidates: Candidates, case: str = "7", picture: bytes = b"png") -> None:
    with (
        candidates.working_on("eurorad"),
        candidates.filling("eurorad", case) as filling,
    ):
        filling.write("eurorad-7-1a.png", picture)
        filling.write(casefile.NAME, RECORD)


def names(candidates: Candidates) -> set[str]:
    top = candidates.folder
    return {path.relative_to(top).as_posix() for path in top.rglob("*") if path.is_file()}


WHOLE = {"eurorad/7/case.json", "eurorad/7/eurorad-7-1a.png"}


def test_a_case_appears_whole_with_the_usual_modes(candidates: Candidates) -> None:
    put(candidates)
    assert names(candidates) == WHOLE
    (case,) = candidates.cases()
    assert (case.path, case.id) == ("eurorad/7", "7")
    folder = candidates.folder / "eurorad"
    assert stat.S_IMODE((folder / "7").stat().st_mode) == stat.S_IMODE(folder.stat().st_mode)


def test_a_case_that_is_replaced_leaves_nothing_of_the_old_one(candidates: Candidates) -> None:
    put(candidates)
    with candidates.working_on("eurorad"), candidates.filling("eurorad", "7") as filling:
        filling.write("other.png", b"x")
        filling.write(casefile.NAME, RECORD)
    assert names(candidates) == {"eurorad/7/case.json", "eurorad/7/other.png"}


def fill_and_fail(candidates: Candidates, error: BaseException) -> None:
    with candidates.working_on("eurorad"), candidates.filling("eurorad", "7") as filling:
        filling.write("half.png", b"x")
        raise error


@pytest.mark.parametrize("error", [ValueError("bad"), KeyboardInterrupt()])
def test_a_case_that_fails_on_the_way_leaves_the_old_one(
    error: BaseException, candidates: Candidates
) -> None:
    put(candidates)
    with pytest.raises(type(error)):
        fill_and_fail(candidates, error)
    assert names(candidates) == WHOLE
    assert (candidates.folder / "eurorad/7/eurorad-7-1a.png").read_bytes() == b"png"


def test_a_disk_that_refuses_is_told_and_leaves_the_old_case(
    candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(candidates)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with candidates.working_on("eurorad"):
        monkeypatch.setattr(os, "fsync", full)
        with (
            pytest.raises(CollectionError, match=r"No space left on device \(nothing half-done"),
            candidates.filling("eurorad", "7") as filling,
        ):
            filling.write("half.png", b"x")
    assert names(candidates) == WHOLE


def test_what_a_killed_run_left_behind_is_put_in_order(candidates: Candidates) -> None:
    put(candidates)
    top = candidates.folder / "eurorad"
    # Killed while a folder was filled; between the two renames; behind the second one.
    shutil.copytree(top / "7", top / ".part-abc")
    (top / "7").rename(top / ".old-7")
    shutil.copytree(top / ".old-7", top / "8")
    shutil.copytree(top / ".old-7", top / ".old-8")
    (top / "8" / "eurorad-7-1a.png").write_bytes(b"new")
    assert [case.path for case in candidates.cases()] == ["eurorad/8"]
    with candidates.working_on("eurorad"):
        pass
    assert {path.name for path in top.iterdir()} == {"7", "8"}
    assert (top / "8" / "eurorad-7-1a.png").read_bytes() == b"new"


def test_one_run_at_a_time_works_on_a_source_and_others_on_others(candidates: Candidates) -> None:
    with candidates.working_on("eurorad"):
        with (
            pytest.raises(CollectionError, match=r"another covidxr is working on eurorad here"),
            candidates.working_on("eurorad"),
        ):
            pytest.fail("two at once")
        with candidates.working_on("sirm"):
            pass
    with candidates.working_on("eurorad"):
        pass


def test_a_dropped_case_is_gone_at_once_even_where_its_files_stay_a_while(
    candidates: Candidates, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(candidates)

    def interrupted(_path: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        candidates.drop("eurorad/7")
    assert list(candidates.cases()) == []
    monkeypatch.undo()
    with candidates.working_on("eurorad"):
        pass
    assert names(candidates) == set()


def test_names_of_any_letters_stay_inside_the_folder(candidates: Candidates) -> None:
    for case in ("../../x", "a/b", "con", "x" * 300, "é\0", ""):
        put(candidates, case)
    folders = list((candidates.folder / "eurorad").iterdir())
    assert len(folders) == 6
    assert all(path.parent == candidates.folder / "eurorad" for path in folders)
    assert {path.name for path in candidates.folder.parent.parent.iterdir()} == {".covidxr"}


def test_pages_that_could_not_be_read_are_kept_and_git_does_not_see_them(
    candidates: Candidates,
) -> None:
    kept = candidates.keep_unread("eurorad", "eurorad-x.html", b"<html>")
    assert kept.read_bytes() == b"<html>"
    assert "*\n" in (candidates.work / ".gitignore").read_text()
    assert list(candidates.cases()) == []


def test_candidates_may_stand_in_another_folder(tmp_path: Path) -> None:
    elsewhere = candidates_of(tmp_path, tmp_path / "out")
    put(elsewhere)
    assert (tmp_path / "out" / "eurorad" / "7" / "case.json").is_file()
    assert [case.path for case in elsewhere.cases()] == ["eurorad/7"]
