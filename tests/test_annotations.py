"""What annotations a collection carries, and pins on the bytes of their images."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from tests import build

from covidxr import annotations as workflow
from covidxr.annotations import Wanted
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SCORES = "annotations/scores.csv"
PINS = "annotations/pinned.csv"


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two images with scores, and scores of a third that no row names."""
    table = build.csv_text(build.rows({"filename": "a.png"}, {"filename": "b.png"}))
    (tmp_path / "metadata.csv").write_text(table)
    (tmp_path / "images").mkdir()
    (tmp_path / "annotations").mkdir()
    (tmp_path / "images" / "a.png").write_bytes(b"one")
    (tmp_path / "images" / "b.png").write_bytes(b"two")
    (tmp_path / SCORES).write_text("filename,opacity_mean\na.png,1\nb.png,2\ngone.png,3\n")
    return tmp_path


def pinned(root: Path) -> list[str]:
    return (root / PINS).read_text().splitlines()[1:]


def test_every_annotated_image_that_has_a_row_is_pinned(root: Path) -> None:
    pinning = workflow.pin(root, Wanted())
    assert [each.filename for each in pinning.made] == ["a.png", "b.png"]
    assert pinned(root) == [
        f"{SCORES},a.png,{sha256(b'one')}",
        f"{SCORES},b.png,{sha256(b'two')}",
    ]


def test_pinning_twice_changes_no_byte(root: Path) -> None:
    workflow.pin(root, Wanted())
    before = (root / PINS).read_bytes()
    again = workflow.pin(root, Wanted())
    assert (again.made, again.kept) == ((), 2)
    assert (root / PINS).read_bytes() == before


def test_a_dry_run_says_the_same_and_writes_nothing(root: Path) -> None:
    assert len(workflow.pin(root, Wanted(dry_run=True)).made) == 2
    assert not (root / PINS).exists()


def test_an_image_that_changed_keeps_its_pin_until_somebody_looked(root: Path) -> None:
    workflow.pin(root, Wanted())
    (root / "images" / "b.png").write_bytes(b"cropped")
    pinning = workflow.pin(root, Wanted())
    assert [each.filename for each in pinning.changed] == ["b.png"]
    assert pinned(root)[1] == f"{SCORES},b.png,{sha256(b'two')}"
    renewed = workflow.pin(root, Wanted(again=("images/b.png",)))
    assert [each.filename for each in renewed.renewed] == ["b.png"]
    assert pinned(root) == [
        f"{SCORES},a.png,{sha256(b'one')}",
        f"{SCORES},b.png,{sha256(b'cropped')}",
    ]


def test_pins_of_what_is_gone_go_when_asked(root: Path) -> None:
    workflow.pin(root, Wanted())
    (root / SCORES).write_text("filename,opacity_mean\na.png,1\n")
    assert workflow.pin(root, Wanted()).removed == ()
    removed = workflow.pin(root, Wanted(stale=True)).removed
    assert [each.filename for each in removed] == ["b.png"]
    assert len(pinned(root)) == 1


def test_an_image_without_a_file_is_told_and_not_pinned(root: Path) -> None:
    (root / "images" / "b.png").unlink()
    pinning = workflow.pin(root, Wanted())
    assert pinning.unread == ("images/b.png",)
    assert len(pinned(root)) == 1


def test_an_unknown_image_is_refused_with_names_that_are_near(root: Path) -> None:
    with pytest.raises(UsageError, match=r"no row names 'c\.png'; is it .*a\.png"):
        workflow.pin(root, Wanted(again=("c.png",)))
    assert not (root / PINS).exists()


def test_all_that_is_said_of_an_image_is_found_by_name_path_or_stem(root: Path) -> None:
    for name in ("b.png", "images/b.png", "b"):
        ((file, image),) = workflow.of_image(root, name)
        assert (file.path, image.line, image.scores[0].value) == (SCORES, 3, 2.0)


def test_several_images_are_told_under_their_own_names(root: Path) -> None:
    assert list(workflow.of_images(root, ["b", "a.png"])) == ["b.png", "a.png"]


def test_marks_are_counted_and_blank_ones_are_none(root: Path) -> None:
    (root / SCORES).write_text("filename,opacity_mean\na.png,\nb.png,2\n")
    (file,) = workflow.listed(root)
    assert workflow.marks(file.images) == {"boxes": 0, "outlines": 0, "masks": 0, "scores": 1}
    assert workflow.covered([file]) == 2
