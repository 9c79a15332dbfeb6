"""Splits that an export is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests import exports

from covidxr import exportsplit
from covidxr.errors import CollectionError, UsageError

if TYPE_CHECKING:
    from pathlib import Path


def read(tmp_path: Path, text: str) -> dict[str, str]:
    (tmp_path / "split.csv").write_text(text, encoding="utf-8")
    return exportsplit.read(tmp_path / "split.csv", exports.dataset())


def test_names_and_paths_and_remarks_are_read(tmp_path: Path) -> None:
    text = "\ufeff# one\n## two: 3\npatientid,part,filename\n1,train,image-1.png\n"
    assert read(tmp_path, text + "2,test,images/image-2.png\n") == {
        "images/image-1.png": "train",
        "images/image-2.png": "test",
    }


def test_an_image_without_a_part_is_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, "filename,part\nimage-1.png,\nimage-2.png\n") == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("filename,fold\nimage-1.png,1\n", "has no column part"),
        ("", "has no column filename, part"),
        ("filename,part\nother.png,train\n", "names 'other.png', which is not in"),
        ("filename,part\nimage-1.png,a\nimage-1.png,b\n", "puts image-1.png into two parts"),
    ],
)
def test_what_is_no_split_of_these_images_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        read(tmp_path, text)


def test_a_split_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="cannot be read"):
        exportsplit.read(tmp_path / "none.csv", exports.dataset())
