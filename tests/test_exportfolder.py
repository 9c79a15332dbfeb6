"""Folders that exports are written to."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests import exports

from covidxr import exportfolder
from covidxr.errors import CollectionError, UsageError
from covidxr.model import Artifact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = some.text(some.characters(codec="utf-8", exclude_characters="\0"), min_size=1)


@pytest.mark.parametrize(
    "path",
    ["../a", "a/../../b", "/etc/a", "", ".", "a//b", "./a", "C:/a", "C:a", "..\\a", "a\0b", "a/"],
)
def test_a_path_that_leads_out_is_refused(path: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no path inside"):
        exportfolder.build(tmp_path / "x", [Artifact(path=path, data=b"")], tmp_path)
    assert exports.tree(tmp_path) == {}


def test_a_copy_of_what_lies_outside_the_collection_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "images").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret")
    (root / "images" / "a.png").symlink_to(tmp_path / "secret")
    artifact = Artifact(path="images/a.png", copy_of="images/a.png")
    for link in (False, True):
        with pytest.raises(CollectionError, match="is a link that leads out"):
            exportfolder.build(tmp_path / f"{link}", [artifact], root, link=link)


def test_a_file_that_is_described_twice_is_refused(tmp_path: Path) -> None:
    twice = [Artifact(path="a", data=b""), Artifact(path="a", data=b"")]
    with pytest.raises(CollectionError, match="describes a twice"):
        exportfolder.build(tmp_path / "x", twice, tmp_path)


def test_pieces_are_written_one_after_the_other(tmp_path: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    made = exportfolder.build(tmp_path / "x", [Artifact(path="a/b", parts=pieces)], tmp_path)
    assert made == (1, 6)
    assert (tmp_path / "x" / "a" / "b").read_bytes() == b"onetwo"


def test_links_are_the_files_themselves_and_copies_are_not(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    artifact = Artifact(path="a.png", copy_of="a.png")
    numbers = {}
    for link in (False, True):
        assert exportfolder.build(tmp_path / f"{link}", [artifact], tmp_path, link=link) == (1, 7)
        numbers[link] = (tmp_path / f"{link}" / "a.png").stat().st_ino
    original = (tmp_path / "a.png").stat().st_ino
    assert numbers[True] == original != numbers[False]
    sums = [(tmp_path / f"{link}" / "SHA256SUMS").read_bytes() for link in (False, True)]
    assert sums[0] == sums[1]


def test_only_the_folders_that_were_made_go_when_nothing_came(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    with exportfolder.building(tmp_path / "there" / "a" / "b") as draft:
        assert draft.is_dir()
    assert list((tmp_path / "there").iterdir()) == []


def test_a_place_that_is_a_file_or_a_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link"):
        with pytest.raises(CollectionError):
            exportfolder.check_free(tmp_path / name, force=True)


@given(some.dictionaries(NAMES, some.text("0123456789abcdef", min_size=64, max_size=64)))
def test_sums_are_read_as_they_were_written(sums: dict[str, str]) -> None:
    assert exportfolder.read_sums(exportfolder.sums_text(sums)) == sums


def test_sha256sum_agrees(tmp_path: Path) -> None:
    names = ("a b.txt", "back\\slash.txt", "new\nline.txt", "é.txt")
    artifacts = [Artifact(path=name, data=name.encode()) for name in names]
    exportfolder.build(tmp_path / "x", artifacts, tmp_path)
    done = subprocess.run(
        ["sha256sum", "-c", "SHA256SUMS"],
        cwd=tmp_path / "x",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK") == len(names)


def test_a_file_that_is_not_what_the_export_speaks_of_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"picture")
    artifact = Artifact(path="a.png", copy_of="a.png")
    for link in (False, True):
        known = {"a.png": "0" * 64}
        with pytest.raises(CollectionError, match=r"a\.png was changed by someone else meanwhile"):
            exportfolder.build(tmp_path / f"{link}", [artifact], tmp_path, link=link, known=known)


@pytest.mark.parametrize("name", ["images", "images/x", "annotations/../volumes/x"])
def test_a_place_among_the_collections_files_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="is among the collection's own files"):
        exportfolder.check_outside(tmp_path / name, tmp_path)
    exportfolder.check_outside(tmp_path / "exports", tmp_path)
