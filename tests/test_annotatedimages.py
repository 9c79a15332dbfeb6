"""What annotation files say of an image, brought together on its own pixels."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests import build

from covidxr.annotatedimages import fits, gathered
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SEEN = {"file_name": "a.png", "width": 64, "height": 48}
BOX = {"bbox": [3, 4, 20, 30]}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("images", "annotations"):
        (tmp_path / folder).mkdir()
    Image.new("L", (64, 48), 9).save(tmp_path / "images" / "a.png")
    names = ({"filename": each} for each in ("a.png", "b.png"))
    (tmp_path / "metadata.csv").write_text(build.csv_text(build.rows(*names)))
    return tmp_path


def write(root: Path, name: str, image: dict[str, Any], *marks: dict[str, Any]) -> None:
    whole = {
        "categories": [{"id": 1, "name": "lung"}],
        "images": [{"id": 1, **image}],
        "annotations": [{"image_id": 1, "category_id": 1, **mark} for mark in marks],
    }
    (root / "annotations" / name).write_text(json.dumps(whole))


def test_images_come_in_the_order_of_their_rows(root: Path) -> None:
    write(root, "1.json", {"file_name": "b.png"}, BOX)
    write(root, "2.json", SEEN, BOX)
    found = gathered(root)
    assert [(each.name, each.size) for each in found.images] == [
        ("a.png", (64, 48)),
        ("b.png", None),
    ]
    assert [path for path, _ in found.images[0].regions] == ["annotations/2.json"]


def test_the_size_is_the_files_own_where_annotations_say_none(root: Path) -> None:
    (root / "annotations" / "boxes.csv").write_text(
        "filename,xmin,ymin,xmax,ymax,label\na.png,1,2,11,12,opacity\n"
    )
    [found] = gathered(root).images
    assert (found.size, len(found.regions)) == ((64, 48), 1)


def test_marks_of_a_picture_of_another_size_are_left_out(root: Path) -> None:
    write(root, "old.json", {**SEEN, "width": 80}, BOX)
    write(root, "today.json", SEEN, BOX)
    found = gathered(root)
    assert [path for path, _ in found.images[0].regions] == ["annotations/today.json"]
    assert found.left_out == [
        ("a.png", "annotations/old.json is of 80 x 48 pixels, the image has 64 x 48")
    ]


def test_without_the_image_the_first_size_that_is_said_holds(root: Path) -> None:
    write(root, "1.json", {**SEEN, "file_name": "b.png"}, BOX)
    write(root, "2.json", {**SEEN, "file_name": "b.png", "height": 50}, BOX)
    found = gathered(root)
    assert found.images[0].size == (64, 48)
    assert found.left_out == [
        ("b.png", "annotations/2.json is of 64 x 50 pixels, another annotation is of 64 x 48")
    ]


@pytest.mark.parametrize(
    ("mark", "why"),
    [
        ({"bbox": [None, None, None, None]}, "lung has no numbers"),
        ({"bbox": [9, 9, 0, 5]}, "lung has no area"),
        ({"bbox": [9, 9, -4, -5]}, "lung has no area"),
        ({"bbox": [1e308, 0, 1e308, 9]}, "lung lies farther away than any image reaches"),
        ({"bbox": [10**400, 0, 9, 9]}, "lung has no numbers"),
        (
            {"segmentation": [[-1e300, 6, 1e300, 7, 9, 14]]},
            "lung lies farther away than any image reaches",
        ),
        (
            {"segmentation": {"size": [9, 9], "counts": [40, 41]}},
            "annotations/1.json is of 9 x 9 pixels, the image has 64 x 48",
        ),
        (
            {"segmentation": {"size": [10**6, 10**6], "counts": [0, 10**12]}},
            "annotations/1.json has more than ",
        ),
    ],
)
def test_what_has_no_place_is_left_out_and_told(root: Path, mark: dict[str, Any], why: str) -> None:
    write(root, "1.json", SEEN, mark, BOX)
    found = gathered(root)
    assert (len(found.images[0].regions), found.images[0].masks) == (1, [])
    [(image, reason)] = found.left_out
    assert image == "a.png"
    assert reason.startswith(why)


def test_a_damaged_mask_is_left_out_and_told(root: Path) -> None:
    (root / "annotations" / "a_mask.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    [(image, why)] = gathered(root).left_out
    assert image == "a.png"
    assert why.startswith("annotations/a_mask.png cannot be read: ")


def test_files_are_chosen_by_the_end_of_their_path(root: Path) -> None:
    write(root, "boxes.json", SEEN, BOX)
    write(root, "more-boxes.json", SEEN, BOX)
    assert len(gathered(root).images[0].regions) == 2
    assert len(gathered(root, ["boxes.json"]).images[0].regions) == 1
    with pytest.raises(UsageError, match=r"no annotation file es\.json"):
        gathered(root, ["es.json"])


def test_a_path_fits_whole_or_by_its_last_parts() -> None:
    path = "annotations/lungs/a_mask.png"
    assert fits(path, [path])
    assert fits(path, ["lungs/a_mask.png"])
    assert not fits(path, ["ungs/a_mask.png"])
    assert not fits(path, ["lungs"])
    assert not fits("", ["a"])
