"""What a validation says of files that are alike, and of what was decided on them."""

from __future__ import annotations

import datetime as dt
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests import alike
from tests.clock import FakeClock

from covidxr import alikefiles, duplicatebook, pairdecisions
from covidxr.levels import ImageDepth
from covidxr.pairdecisions import Verdict
from covidxr.validate import Options, validate

if TYPE_CHECKING:
    from pathlib import Path

CODES = ("PAT108", "PAT110", "PAT111", "PAT112", "PAT113", "IMG125")


def codes(root: Path, depth: ImageDepth = ImageDepth.FULL, since: str | None = None) -> list[str]:
    options = Options(root=root, today=dt.date(2026, 1, 2), select=CODES, depth=depth, since=since)
    return [each.code for each in validate(options).report.diagnostics]


def decide(root: Path, *names: str, decision: str = "keep") -> None:
    verdict = Verdict(decision=decision, reason="looked at it", by="Ann", clock=FakeClock())
    pairdecisions.decide(root, names, verdict)


def test_pairs_are_reported_when_pixels_are_looked_at(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    assert sorted(codes(tmp_path)) == ["IMG125", "PAT111", "PAT112"]


def test_decisions_are_respected_until_a_file_changes(tmp_path: Path) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "a.png", "b.jpg")
    decide(tmp_path, "c.png", "d.bmp", "left.jpg")
    assert codes(tmp_path) == []
    (tmp_path / "images/b.jpg").write_bytes(alike.recoded(alike.ONE))
    assert sorted(codes(tmp_path)) == ["PAT111", "PAT113"]


@pytest.mark.parametrize("depth", [ImageDepth.NONE, ImageDepth.HEADER, ImageDepth.STRUCTURE])
def test_no_picture_is_read_where_pixels_are_not_looked_at(
    depth: ImageDepth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike.leaking(tmp_path)
    monkeypatch.delattr(alikefiles, "alike")
    assert codes(tmp_path, depth) == []


def test_copies_that_were_decided_on_are_settled_without_looking_at_pixels(tmp_path: Path) -> None:
    files = {"a.png": alike.ONE, "b.png": alike.ONE}
    alike.collection(tmp_path, files, {"filename": "a.png"}, {"filename": "b.png"})
    assert codes(tmp_path, ImageDepth.STRUCTURE) == ["PAT108"]
    decide(tmp_path, "a.png", "b.png")
    assert codes(tmp_path, ImageDepth.STRUCTURE) == []


def git(root: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def test_since_a_revision_only_new_pairs_and_decisions_that_went_stale_are_reported(
    tmp_path: Path,
) -> None:
    alike.leaking(tmp_path)
    decide(tmp_path, "c.png", "d.bmp", "left.jpg")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "metadata.csv", "images", duplicatebook.NAME)
    git(tmp_path, "commit", "-qm", "all of it")
    assert codes(tmp_path) == ["PAT111"]
    assert codes(tmp_path, since="HEAD") == []
    (tmp_path / "images/other.png").write_bytes(alike.recoded(alike.ONE))
    assert codes(tmp_path, since="HEAD") == ["PAT111", "PAT111"]
    (tmp_path / "images/d.bmp").unlink()
    assert "PAT113" in codes(tmp_path, since="HEAD")
