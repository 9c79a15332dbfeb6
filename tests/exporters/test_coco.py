"""COCO JSON of a collection, read by COCO's own library."""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pycocotools.coco import COCO
from tests import build, exports, marked

from covidxr.annotated import Region
from covidxr.export import exporters
from covidxr.imaging.maskread import runs_of

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.annotated import AnnotationFile
    from covidxr.dataset import Dataset

EXPORTER = exporters()["coco"]
# pycocotools 2.0 hands arrays over as NumPy 2 asks nobody to any more.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
OUTLINE = (10.0, 10.0, 110.0, 10.0, 110.0, 60.0, 10.0, 60.0)


def annotated(*files: AnnotationFile) -> Dataset:
    return exports.dataset({}, exports.CT, annotations=files)


def written(data: Dataset) -> dict[str, Any]:
    made = exports.contents(EXPORTER.artifacts(data))["instances.json"]
    return dict(json.loads(made or b""))


def read(data: Dataset, tmp_path: Path) -> COCO:
    path = tmp_path / "instances.json"
    path.write_bytes(exports.contents(EXPORTER.artifacts(data))["instances.json"] or b"")
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def test_cocos_library_finds_boxes_outlines_and_masks(tmp_path: Path) -> None:
    half = np.zeros((512, 512), bool)
    half[100:300, 50:200] = True
    image = marked.image(
        regions=(marked.box(1, 2, 30, 40), Region(label="opacity", outlines=(OUTLINE,))),
        masks=(marked.mask(label="lungs", runs=runs_of(half)),),
    )
    loaded = read(annotated(marked.file(image)), tmp_path)
    assert len(loaded.getImgIds()) == 2
    assert {each["name"] for each in loaded.loadCats(loaded.getCatIds())} == {
        "Left Lung",
        "opacity",
        "lungs",
    }
    by_label = {
        loaded.loadCats([each["category_id"]])[0]["name"]: each for each in loaded.anns.values()
    }
    assert by_label["Left Lung"]["bbox"] == [1, 2, 30, 40]
    assert loaded.annToMask(by_label["opacity"]).sum() == 100 * 50
    assert np.array_equal(loaded.annToMask(by_label["lungs"]).astype(bool), half)
    assert by_label["lungs"]["bbox"] == [50, 100, 150, 200]


def test_an_image_carries_its_labels_scores_part_and_licence() -> None:
    image = marked.image(scores=(marked.score("opacity_mean", "3.5"), marked.score("A", "")))
    data = exports.dataset(
        {}, exports.CT, annotations=(marked.file(image),), parts={"images/image-1.png": "test"}
    )
    made = written(data)
    [first, second] = made["images"]
    assert first["file_name"] == "images/image-1.png"
    assert first["attributes"]["labels"] == [
        "Pneumonia",
        "Pneumonia/Viral",
        "Pneumonia/Viral/COVID-19",
    ]
    assert first["attributes"]["opacity_mean"] == 3.5
    assert "A" not in first["attributes"]
    assert first["attributes"]["part"] == "test"
    assert "part" not in second["attributes"]
    names = {each["id"]: each["name"] for each in made["licenses"]}
    assert (names[first["license"]], names[second["license"]]) == ("CC-BY-4.0", "CC0-1.0")


def test_what_cannot_be_drawn_is_left_out_and_counted_with_the_reason() -> None:
    image = marked.image(
        regions=(marked.box(None, None, None, None), marked.box(1, 1, 5, 5)),
        masks=(marked.mask(values=(), runs=()), marked.mask(width=8, height=8, runs=(32, 32))),
    )
    made = written(annotated(marked.file(image)))
    assert len(made["annotations"]) == 1
    assert made["info"]["left_out"] == {
        "annotations: box of nulls": 1,
        "annotations: mask that cannot be read": 1,
        "annotations: mask of another size than its picture": 1,
    }


def test_outlines_hold_where_the_box_beside_them_does_not(tmp_path: Path) -> None:
    region = marked.box(None, 1, 5, 5, outlines=(OUTLINE,))
    loaded = read(annotated(marked.file(marked.image(regions=(region,)))), tmp_path)
    [only] = loaded.anns.values()
    assert only["bbox"] == [10, 10, 100, 50]
    assert loaded.annToMask(only).sum() == only["area"]


def test_the_area_is_that_of_the_outlines_not_of_the_box_around_them(tmp_path: Path) -> None:
    triangle = (0.0, 0.0, 100.0, 0.0, 0.0, 100.0)
    region = marked.box(0, 0, 100, 100, outlines=(triangle,))
    loaded = read(annotated(marked.file(marked.image(regions=(region,)))), tmp_path)
    [only] = loaded.anns.values()
    assert only["area"] == 5000
    assert loaded.annToMask(only).sum() == pytest.approx(5000, rel=0.02)


def test_images_are_found_by_what_is_marked_in_them(tmp_path: Path) -> None:
    image = marked.image(regions=(marked.box(1, 2, 30, 40),))
    loaded = read(annotated(marked.file(image)), tmp_path)
    assert loaded.getImgIds(catIds=loaded.getCatIds(catNms=["Left Lung"])) == [1]
    assert loaded.getCatIds(catNms=["Right Lung"]) == []


def test_scores_of_two_readers_are_both_kept() -> None:
    first, second = (
        marked.file(
            marked.image(scores=(marked.score("opacity_mean", text),)),
            path=f"annotations/{text}.csv",
        )
        for text in ("3", "4")
    )
    told = written(annotated(first, second))["images"][0]["attributes"]
    assert told["opacity_mean"] == 3
    assert told["opacity_mean (annotations/4.csv)"] == 4


def test_new_rows_at_the_end_change_no_number() -> None:
    short, long = exports.dataset({}, {}), exports.dataset({}, {}, {})
    assert written(short)["images"] == written(long)["images"][:2]


def test_a_file_that_comes_later_changes_no_number() -> None:
    both = exports.dataset({}, {})
    files = {"images/image-2.png": both.files["images/image-2.png"]}
    made = written(exports.dataset({}, {}, files=files))
    assert made["images"] == written(both)["images"][1:]
    assert made["info"]["left_out"] == {"rows: file not there": 1}


def test_volumes_and_second_rows_are_no_images_and_are_counted() -> None:
    files = {
        "images/a.png": build.png("images/a.png"),
        "volumes/b.nii.gz": build.png("volumes/b.nii.gz", format="NIFTI.GZ"),
    }
    rows = [{"filename": "a.png"}, {"filename": "a.png"}]
    rows.append({"filename": "b.nii.gz", "folder": "volumes"})
    made = written(exports.dataset(*rows, files=files))
    assert [each["file_name"] for each in made["images"]] == ["images/a.png"]
    assert made["info"]["left_out"] == {"rows: twice in the table": 1, "rows: volume": 1}


def test_annotations_without_a_row_are_nobodys() -> None:
    lost = marked.file(marked.image(row=None, regions=(marked.box(1, 1, 5, 5),)))
    assert written(annotated(lost))["annotations"] == []
