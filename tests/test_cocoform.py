"""Records as COCO has them, loaded by COCO's own library."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO
from tests import marked

from covidxr import cocoform
from covidxr.annotated import Mask, Region
from covidxr.imaging.maskread import runs_of

if TYPE_CHECKING:
    from pathlib import Path

# pycocotools 2.0 hands arrays over as NumPy 2 asks nobody to any more.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
RING = np.pad(np.pad(np.zeros((3, 2), bool), 4, constant_values=True), 2)


def made() -> cocoform.Instances:
    made = cocoform.Instances(info={"description": "Müller"}, licenses=[{"id": 1, "name": "CC0"}])
    first = made.image("a.png", (40, 30), {"attributes": {"opacity_mean": 2}})
    second = made.image("b.png", (RING.shape[1], RING.shape[0]), {})
    made.region(first, marked.box(1.5, 2, 10, 20, label="lung"), {"license": 1})
    outline = Region(label="opacity", outlines=((1, 1, 5, 1, 5, 5, 1, 5),))
    made.region(first, outline)
    mask = Mask(path="", label="lung", width=14, height=15, runs=runs_of(RING))
    made.mask(second, mask)
    return made


def loaded(text: str, folder: Path) -> COCO:
    (folder / "all.json").write_text(text, encoding="utf-8")
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(folder / "all.json"))


def test_cocos_library_finds_images_labels_and_boxes(tmp_path: Path) -> None:
    coco = loaded(made().text, tmp_path)
    assert [each["file_name"] for each in coco.loadImgs([1, 2])] == ["a.png", "b.png"]
    assert coco.getAnnIds(imgIds=[1]) == [1, 2]
    assert [each["name"] for each in coco.loadCats(coco.getCatIds())] == ["lung", "opacity"]
    box, outline = coco.loadAnns([1, 2])
    assert (box["bbox"], box["area"]) == ([1.5, 2, 10, 20], 200)
    assert (outline["bbox"], outline["area"]) == ([1, 1, 4, 4], 16)


def test_a_mask_is_the_same_in_cocos_library_its_hole_too(tmp_path: Path) -> None:
    coco = loaded(made().text, tmp_path)
    [mask] = coco.loadAnns(coco.getAnnIds(imgIds=[2]))
    assert np.array_equal(coco.annToMask(mask) > 0, RING)
    assert (mask["area"], mask["bbox"]) == (int(RING.sum()), [2, 2, 10, 11])


def test_an_entry_is_a_line_so_that_differences_are_small() -> None:
    lines = made().text.splitlines()
    entries = [json.loads(line.rstrip(",")) for line in lines if line.startswith("  {")]
    assert len(entries) == 1 + 2 + 2 + 3
    assert made().text == made().text


def test_nothing_at_all_is_a_file_too(tmp_path: Path) -> None:
    assert loaded(cocoform.Instances(info={}).text, tmp_path).getImgIds() == []


@pytest.mark.parametrize(
    ("number", "written"),
    [(3.0, "3"), (3.25, "3.25"), (None, "null"), (-0.0, "0"), (1e999, "null")],
)
def test_whole_numbers_have_no_point(number: float | None, written: str) -> None:
    assert cocoform.dumps(cocoform.plain(number)) == written


@given(st.tuples(*[st.integers(-50, 50)] * 2), st.tuples(*[st.integers(1, 50)] * 2))
def test_an_outline_of_a_box_has_its_area_and_is_around_it(
    corner: tuple[int, int], size: tuple[int, int]
) -> None:
    (left, top), (width, height) = corner, size
    right, bottom = left + width, top + height
    outline = (left, top, right, top, right, bottom, left, bottom)
    assert abs(cocoform.area(outline)) == width * height
    assert cocoform.around([outline]) == (left, top, width, height)
