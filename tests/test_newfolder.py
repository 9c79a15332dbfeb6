"""One folder gives way to another, and whatever happens one of the two is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from covidxr import newfolder


def made(path: Path, text: str) -> Path:
    path.mkdir()
    (path / "a.txt").write_text(text)
    return path


def test_the_new_one_takes_the_place_and_the_old_one_lies_aside(tmp_path: Path) -> None:
    new, place = made(tmp_path / "new", "new"), made(tmp_path / "place", "old")
    newfolder.put(new, place, tmp_path / "aside")
    assert (place / "a.txt").read_text() == "new"
    assert (tmp_path / "aside" / "a.txt").read_text() == "old"
    assert not new.exists()


def test_where_nothing_was_nothing_goes_aside(tmp_path: Path) -> None:
    newfolder.put(made(tmp_path / "new", "new"), tmp_path / "place", tmp_path / "aside")
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


@pytest.mark.parametrize("what", [OSError("full"), KeyboardInterrupt()])
def test_what_fails_half_way_brings_the_old_one_back(
    tmp_path: Path, what: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, place = made(tmp_path / "new", "new"), made(tmp_path / "place", "old")
    rename = Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self == new:
            raise what
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)
    with pytest.raises(type(what)):
        newfolder.put(new, place, tmp_path / "aside")
    assert (place / "a.txt").read_text() == "old"
    assert not (tmp_path / "aside").exists()


def test_a_link_of_a_link_is_one_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").symlink_to("a")
    assert newfolder.linked(tmp_path / "b", tmp_path / "c")
    assert (tmp_path / "c").samefile(tmp_path / "a")
    assert not (tmp_path / "c").is_symlink()


def test_a_disk_without_links_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    (tmp_path / "a").write_text("x")
    monkeypatch.setattr(os, "link", refuse)
    assert not newfolder.linked(tmp_path / "a", tmp_path / "c")
    assert not (tmp_path / "c").exists()
