"""Two states of a collection against each other, table, files and annotations together."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from tests import build
from tests.gitrepo import committed

from covidxr import collectiondiff, tablediff
from covidxr.comparison import AnnotationDiff
from covidxr.csvread import parse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def write(root: Path, *changes: Mapping[str, str]) -> None:
    (root / "metadata.csv").write_text(build.csv_text(build.rows(*changes)))


def coco(root: Path, left: int) -> None:
    (root / "annotations").mkdir(exist_ok=True)
    record = {
        "images": [{"id": 1, "file_name": "image-1.png", "width": 9, "height": 9}],
        "categories": [{"id": 1, "name": "Lung"}],
        "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [left, 1, 2, 2]}],
    }
    (root / "annotations" / "boxes.json").write_text(json.dumps(record))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a collection of two rows, committed once."""
    write(tmp_path, {}, {})
    (tmp_path / "images").mkdir()
    for number in (1, 2):
        (tmp_path / "images" / f"image-{number}.png").write_bytes(bytes([number]))
    coco(tmp_path, 1)
    committed(tmp_path)
    return tmp_path


def test_right_after_a_commit_nothing_differs(root: Path) -> None:
    assert not collectiondiff.diff(root, "HEAD").differs


def test_a_file_that_was_renamed_with_its_row_is_one_change_of_each(root: Path) -> None:
    write(root, {}, {"filename": "better.png", "sex": "M"})
    (root / "images" / "image-2.png").rename(root / "images" / "better.png")
    found = collectiondiff.diff(root, "HEAD")
    assert found.files is not None
    assert found.files.renamed == (("images/image-2.png", "images/better.png"),)
    (row,) = found.table.changed
    assert (row.old_path, row.path, row.matched_by) == (
        "images/image-2.png",
        "images/better.png",
        "bytes",
    )


def test_an_image_that_was_drawn_anew_and_boxes_that_moved_are_named(root: Path) -> None:
    (root / "images" / "image-1.png").write_bytes(b"cropped")
    coco(root, 5)
    found = collectiondiff.diff(root, "HEAD")
    assert found.files is not None
    assert found.files.changed == ("annotations/boxes.json", "images/image-1.png")
    assert found.annotations == (
        AnnotationDiff(path="annotations/boxes.json", format="coco", changed=("image-1.png",)),
    )
    assert found.table.same_bytes


def test_two_revisions_differ_as_the_folders_of_them_do(root: Path, tmp_path: Path) -> None:
    older = tmp_path / ".older"
    shutil.copytree(root, older, ignore=shutil.ignore_patterns(".*"))
    write(root, {"license": "CC-BY-NC-4.0"}, {}, {})
    (root / "images" / "image-3.png").write_bytes(b"3")
    committed(root)
    by_git = collectiondiff.diff(root, "HEAD~1", "HEAD")
    by_folder = collectiondiff.diff(root, str(older), str(root))
    assert by_git.files == by_folder.files
    assert by_git.table == by_folder.table
    assert by_git.labels == by_folder.labels
    assert by_git.patients_added == ("3",)
    assert [each.stricter for each in by_git.licences] == [("commercial use",)]


def test_a_difference_between_revisions_makes_the_table_of_the_one_that_of_the_other(
    root: Path,
) -> None:
    old = (root / "metadata.csv").read_bytes()
    write(root, {"clinical_notes": 'a, "b"\nc'}, {"age": "3"}, {})
    found = collectiondiff.diff(root, "HEAD")
    assert tablediff.apply(parse(old), found.table.pieces) == (root / "metadata.csv").read_bytes()


def test_of_bare_tables_nothing_is_known_of_files(root: Path) -> None:
    path = str(root / "metadata.csv")
    found = collectiondiff.diff(root, path, path)
    assert found.files is None
    assert not found.differs
