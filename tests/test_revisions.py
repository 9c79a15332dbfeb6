"""What git knows of a collection at an earlier revision, asked of a real repository."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from covidxr import revisions
from covidxr.errors import RevisionError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(root: Path, *words: str) -> None:
    options = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *options, *words], check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a collection below the top of a repository, committed once."""
    below = tmp_path / "data"
    (below / "images").mkdir(parents=True)
    (below / "metadata.csv").write_bytes(b"a,b\r\n1,\xe9\n")
    (below / "images" / "one.png").write_bytes(b"1")
    (below / "images" / "zwei ü.png").write_bytes(b"2")
    (tmp_path / "outside.txt").write_text("x")
    git(tmp_path, "init", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return below


def test_a_file_comes_back_byte_for_byte_as_the_revision_had_it(root: Path) -> None:
    (root / "metadata.csv").write_bytes(b"changed")
    git(root, "commit", "-am", "second")
    assert revisions.file_at(root, "HEAD~1", "metadata.csv") == b"a,b\r\n1,\xe9\n"
    assert revisions.file_at(root, "main", "metadata.csv") == b"changed"


def test_a_file_that_the_revision_had_not_is_none(root: Path) -> None:
    assert revisions.file_at(root, "HEAD", "absent.csv") is None


def test_nothing_differs_right_after_a_commit(root: Path) -> None:
    assert revisions.changed_files(root, "HEAD") == frozenset()


def test_changed_new_staged_and_deleted_files_differ_and_ignored_ones_do_not(root: Path) -> None:
    (root / ".gitignore").write_text("*.tmp\n")
    (root / "metadata.csv").write_bytes(b"changed")
    (root / "images" / "zwei ü.png").write_bytes(b"3")
    (root / "images" / "one.png").unlink()
    (root / "images" / "new.png").write_bytes(b"4")
    (root / "images" / "scrap.tmp").write_bytes(b"5")
    (root / "staged.md").write_text("6")
    git(root, "add", "staged.md")
    (root.parent / "outside.txt").write_text("y")
    assert revisions.changed_files(root, "HEAD") == {
        ".gitignore",
        "metadata.csv",
        "images/one.png",
        "images/zwei ü.png",
        "images/new.png",
        "staged.md",
    }


def test_a_renamed_file_differs_under_both_its_names(root: Path) -> None:
    git(root, "mv", "images/one.png", "images/two.png")
    assert revisions.changed_files(root, "HEAD") == {"images/one.png", "images/two.png"}


def test_a_tree_lists_sizes_and_ids_of_the_folders_that_are_asked_for(root: Path) -> None:
    (root / "images" / "copy.png").write_bytes(b"2")
    git(root, "add", ".")
    git(root, "commit", "-m", "second")
    found = revisions.tree(root, "HEAD", ["metadata.csv", "images", "volumes"])
    sizes = {path: blob.size for path, blob in found.items()}
    assert sizes == {
        "images/copy.png": 1,
        "images/one.png": 1,
        "images/zwei ü.png": 1,
        "metadata.csv": 9,
    }
    assert found["images/copy.png"].id == found["images/zwei ü.png"].id
    assert found["images/copy.png"].id != found["images/one.png"].id
    assert "images/copy.png" not in revisions.tree(root, "HEAD~1", ["images"])


def test_the_bytes_of_several_files_come_back_by_their_ids(root: Path) -> None:
    found = revisions.tree(root, "HEAD", ["."])
    read = revisions.blobs(root, [blob.id for blob in found.values()])
    assert read[found["metadata.csv"].id] == b"a,b\r\n1,\xe9\n"
    assert read[found["images/zwei ü.png"].id] == b"2"
    assert revisions.blobs(root, []) == {}


def test_a_file_that_git_does_not_hold_is_said_to_be_missing(root: Path) -> None:
    with pytest.raises(RevisionError, match=r"fetch the whole history"):
        revisions.blobs(root, ["0" * 40])


def test_tags_are_listed_and_a_folder_outside_git_has_none(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(root, "tag", "v1.0.0")
    git(root, "tag", "v0.9.0")
    assert revisions.tags(root) == ("v0.9.0", "v1.0.0")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    alone = tmp_path / "alone"
    alone.mkdir()
    monkeypatch.setenv("GIT_DIR", str(alone / "none"))
    assert revisions.tags(alone) == ()


@pytest.mark.parametrize("revision", ["no-such-branch", "HEAD~7", "", "deadbeef", "a b", "HEAD:x"])
def test_a_revision_that_git_does_not_know_is_named(root: Path, revision: str) -> None:
    with pytest.raises(RevisionError, match=r"git knows no revision"):
        revisions.file_at(root, revision, "metadata.csv")
    with pytest.raises(RevisionError, match=r"git knows no revision"):
        revisions.changed_files(root, revision)


@pytest.mark.parametrize("revision", ["--output=x", "-p"])
def test_a_revision_that_looks_like_an_option_never_reaches_git(root: Path, revision: str) -> None:
    with pytest.raises(RevisionError, match=r"is not a revision"):
        revisions.changed_files(root, revision)
    assert not (root / "x").exists()


def test_a_folder_outside_git_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(RevisionError, match=r"is not under git"):
        revisions.changed_files(tmp_path, "HEAD")


def test_a_repository_without_a_commit_knows_no_revision(tmp_path: Path) -> None:
    git(tmp_path, "init")
    with pytest.raises(RevisionError, match=r"git knows no revision 'HEAD'"):
        revisions.changed_files(tmp_path, "HEAD")


def test_without_git_the_message_says_what_it_is_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(root))
    with pytest.raises(RevisionError, match=r"git is not installed, and it is asked what changed"):
        revisions.changed_files(root, "HEAD")
