"""The folder of a subset: put there whole, over nothing of anybody's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from covidxr import subsetfolder
from covidxr.errors import CollectionError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def older(to: Path, *files: str) -> Path:
    """An older subset that lists these files and has them."""
    to.mkdir()
    record = {"version": subsetfolder.VERSION, "files": list(files)}
    (to / subsetfolder.RECORD).write_text(json.dumps(record))
    for name in files:
        (to / name).write_text("old")
    return to


def test_a_failure_leaves_the_older_subset_as_it_was(tmp_path: Path) -> None:
    to = older(tmp_path / "part", "a.txt")
    with pytest.raises(CollectionError, match="nothing was changed"):
        subsetfolder.build(tmp_path, to, {"b.txt": b"new"}, ["images/not-there.png"])
    assert (to / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["part"]


def test_what_was_there_is_gone_when_the_new_one_stands(tmp_path: Path) -> None:
    to = older(tmp_path / "part", "a.txt")
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "x.png").write_bytes(b"pixels")
    subsetfolder.build(tmp_path, to, {"b.txt": b"new"}, ["images/x.png"])
    assert sorted(path.name for path in to.iterdir()) == ["b.txt", "images"]
    assert (to / "images" / "x.png").read_bytes() == b"pixels"


@pytest.mark.parametrize(
    ("added", "refused"),
    [
        (".covidxr/http.sqlite", False),
        (".covidxr/candidates/sirm/1/case.json", True),
        (".covidxr/review/decisions.jsonl", True),
        (".git/HEAD", True),
        ("images/mine.png", True),
    ],
)
def test_caches_may_go_and_nothing_else_that_was_added(
    tmp_path: Path, added: str, *, refused: bool
) -> None:
    to = older(tmp_path / "part", "a.txt")
    (to / added).parent.mkdir(parents=True)
    (to / added).write_text("mine")
    (tmp_path / "whole").mkdir()
    if not refused:
        subsetfolder.refuse(tmp_path / "whole", to, force=True)
        return
    with pytest.raises(UsageError, match="would be lost"):
        subsetfolder.refuse(tmp_path / "whole", to, force=True)


@pytest.mark.parametrize("record", ["", "[]", '{"version": 99, "files": []}', '{"version": 1}'])
def test_a_folder_whose_record_is_none_is_no_subset(tmp_path: Path, record: str) -> None:
    to = tmp_path / "part"
    to.mkdir()
    (to / subsetfolder.RECORD).write_text(record)
    (tmp_path / "whole").mkdir()
    with pytest.raises(UsageError, match="not empty"):
        subsetfolder.refuse(tmp_path / "whole", to, force=True)
