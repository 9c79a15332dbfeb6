"""A collection as it stands in a folder, and as a git revision has it."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

import pytest
from tests.gitrepo import committed, git

from covidxr import snapshots
from covidxr.errors import CovidxrError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a collection below the top of a repository, committed once."""
    below = tmp_path / "data"
    for folder in ("images", "volumes", "annotations"):
        (below / folder).mkdir(parents=True)
    (below / "metadata.csv").write_text("filename\na.png\n")
    (below / "images" / "a ü.png").write_bytes(b"1")
    (below / "images" / ".hidden").write_bytes(b"2")
    (below / "annotations" / "s.csv").write_bytes(b"3")
    (below / "README.md").write_text("no file of the collection's folders")
    committed(tmp_path)
    return below


def test_a_folder_and_the_revision_of_it_list_the_same_files(root: Path) -> None:
    folder, revision = snapshots.of_folder(root), snapshots.of_revision(root, "HEAD")
    assert folder.files == revision.files
    assert set(folder.files or ()) == {"images/a ü.png", "annotations/s.csv"}
    assert folder.table.text.data == revision.table.text.data


def test_files_are_read_from_a_folder_and_from_a_revision(root: Path) -> None:
    (root / "annotations" / "s.csv").write_bytes(b"9")
    wanted = ["annotations/s.csv"]
    folder, revision = snapshots.of_folder(root), snapshots.of_revision(root, "HEAD")
    assert folder.read is not None
    assert folder.read(wanted) == {"annotations/s.csv": b"9"}
    assert revision.read is not None
    assert revision.read(wanted) == {"annotations/s.csv": b"3"}


def test_what_git_takes_for_unchanged_is_so_whatever_its_bytes_are(root: Path) -> None:
    # As git-lfs does: what is committed is another text than what lies in the folder.
    git(root, "config", "filter.up.clean", "tr a-z A-Z")
    git(root, "config", "filter.up.smudge", "tr A-Z a-z")
    (root / ".gitattributes").write_text("*.jpg filter=up\n")
    (root / "images" / "b.jpg").write_bytes(b"picture")
    committed(root.parent)
    before, after = snapshots.pair(root, "HEAD", None)
    assert before.files == after.files
    (root / "images" / "b.jpg").write_bytes(b"other")
    before, after = snapshots.pair(root, "HEAD", None)
    assert before.files != after.files


def test_what_git_ignores_is_no_file_of_the_working_tree_beside_a_revision(root: Path) -> None:
    (root / ".gitignore").write_text("*.tmp\n")
    (root / "images" / "x.tmp").write_bytes(b"5")
    (root / "images" / "new.png").write_bytes(b"6")
    (root / "images" / "a ü.png").unlink()
    after = snapshots.pair(root, "HEAD", None)[1]
    assert set(after.files or ()) == {"images/new.png", "annotations/s.csv"}


def test_a_link_is_the_text_of_its_target_as_git_has_it(root: Path) -> None:
    (root / "images" / "link.png").symlink_to("a ü.png")
    committed(root.parent)
    assert snapshots.of_folder(root).files == snapshots.of_revision(root, "HEAD").files


def test_a_bare_table_has_no_files(root: Path) -> None:
    found = snapshots.of(root, str(root / "metadata.csv"))
    assert found.files is None
    assert len(found.table) == 1


def test_a_hash_can_be_of_the_bytes_alone(root: Path) -> None:
    state = snapshots.state_of(root, "images/a ü.png", kind="sha256")
    assert state == snapshots.FileState(id=hashlib.sha256(b"1").hexdigest(), size=1)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no-such-branch", "git knows no revision"),
        ("./nowhere", "git knows no revision"),
        ("first", "has no metadata.csv"),
    ],
)
def test_what_cannot_be_read_is_named(root: Path, name: str, words: str) -> None:
    git(root, "checkout", "--orphan", "first")
    git(root, "rm", "-rf", "--cached", ".")
    git(root, "commit", "--allow-empty", "-m", "nothing yet")
    with pytest.raises(CovidxrError, match=words):
        snapshots.of(root, name)


def test_a_folder_without_a_table_is_no_revision(root: Path) -> None:
    with pytest.raises(CovidxrError, match=r"there is no .*images.metadata\.csv"):
        snapshots.of(root, str(root / "images"))
