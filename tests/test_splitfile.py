"""Split files are the same bytes each time, and tell what somebody changed in them."""

from __future__ import annotations

import hashlib

import pytest

from covidxr import splitfile
from covidxr.errors import CollectionError
from covidxr.splitfile import Line, Plan, Split

LINES = (
    Line("a.png", "images", "1", "1", "train", 0),
    Line("b, b.png", "", "", "images/b, b.png", "test", 1),
    Line("c.nii.gz", "volumes", "2", "2", "val", 0),
)
SPLIT = Split(plan=Plan(seed=7, folds=2), lines=LINES, table_sha256="ab" * 32)


def test_what_is_written_is_read_again() -> None:
    again = splitfile.read(splitfile.write(SPLIT))
    assert (again.plan, again.lines, again.table_sha256) == (SPLIT.plan, LINES, "ab" * 32)
    assert again.edits == ()


def test_parts_and_folds_are_given_by_path() -> None:
    assert SPLIT.parts() == {
        "images/a.png": "train",
        "images/b, b.png": "test",
        "volumes/c.nii.gz": "val",
    }
    assert SPLIT.folds() == {"images/a.png": 0, "images/b, b.png": 1, "volumes/c.nii.gz": 0}


def test_the_sum_is_that_of_all_other_lines() -> None:
    lines = splitfile.write(SPLIT).splitlines(keepends=True)
    (said,) = [line for line in lines if line.startswith(b"## sha256: ")]
    others = b"".join(line for line in lines if line != said)
    assert said.split()[2].decode() == hashlib.sha256(others).hexdigest()


def test_other_line_ends_are_no_edit() -> None:
    data = splitfile.write(SPLIT).replace(b"\n", b"\r\n")
    assert splitfile.read(data).edits == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b"images,1,1,train", b"images,1,1,test", "line 13 was edited"),
        (b"val,0", b"val,1", "line 15 was edited"),
        (b"seed: 7", b"seed: 8", "its preamble was edited, or lines stand in another order"),
        (b"## sha256", b"## sum", "the line “## sha256: …” is gone"),
    ],
)
def test_an_edit_is_told_and_holds(old: bytes, new: bytes, told: str) -> None:
    data = splitfile.write(SPLIT)
    assert old in data
    assert splitfile.read(data.replace(old, new)).edits == (told,)


def test_a_line_that_is_gone_is_told() -> None:
    data = splitfile.write(SPLIT)
    shorter = b"".join(line for line in data.splitlines(keepends=True) if b"c.nii" not in line)
    assert splitfile.read(shorter).edits == ("it has 2 lines, and had 3",)


@pytest.mark.parametrize(
    "data",
    [
        b"filename,part\na.png,train\n",
        b"## covidxr split 1: x\n",
        splitfile.write(SPLIT).replace(b"parts: train=0.7", b"parts: train=7"),
        splitfile.write(SPLIT).replace(b"a.png,images,", b"a.png,"),
    ],
)
def test_what_is_no_split_is_refused(data: bytes) -> None:
    with pytest.raises(CollectionError):
        splitfile.read(data)


@pytest.mark.parametrize("text", ["train", "train=0.5", "a=0.5,a=0.5", "a=1.5,b=-0.5", "a=x"])
def test_parts_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words differ
        splitfile.parse_parts(text)
