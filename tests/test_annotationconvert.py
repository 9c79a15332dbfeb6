"""Annotations turned into COCO JSON, masks and one table, and back."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from tests import build

from covidxr.annotationconvert import Target, Wanted, convert, summed
from covidxr.cli.app import main
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SHAPE = (48, 64)


def mask(hole: bool = False) -> bytes:  # noqa: FBT001, FBT002 - a test's own
    marked = np.zeros(SHAPE, np.uint8)
    marked[5:40, 6:20] = 255
    marked[8:30, 40:55] = 255
    if hole:
        marked[15:20, 10:14] = 0
    out = io.BytesIO()
    Image.fromarray(marked).save(out, "PNG")
    return out.getvalue()


def box(image: int, *numbers: float | None, label: int = 1) -> dict[str, Any]:
    return {"image_id": image, "category_id": label, "bbox": list(numbers)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "collection"
    (root / "annotations" / "lungs").mkdir(parents=True)
    (root / "metadata.csv").write_text(
        build.csv_text(build.rows({"filename": "a.png"}, {"filename": "b.jpg"}))
    )
    coco = {
        "categories": [{"id": 1, "name": "Left Lung"}, {"id": 2, "name": "Right Lung"}],
        "images": [
            {"id": 1, "file_name": "a.png", "width": 64, "height": 48},
            {"id": 2, "file_name": "gone.png", "width": 64, "height": 48},
        ],
        "annotations": [
            box(1, 3, 4, 20, 30),
            box(1, None, None, None, None, label=2),
            box(2, 1, 1, 5, 5),
        ],
    }
    (root / "annotations" / "boxes.json").write_text(json.dumps(coco))
    (root / "annotations" / "lungs" / "a_mask.png").write_bytes(mask())
    (root / "annotations" / "scores.csv").write_text(
        "filename,geographic_extent_mean,opacity_mean\na.png,3,\nb.jpg,1.5,2\n"
    )
    return root


def made(root: Path, to: Target, **more: Any) -> Any:
    return convert(root, Wanted(to=to, **more))


def test_a_table_has_a_line_for_each_mark_and_score(root: Path) -> None:
    found = made(root, Target.CSV)
    rows = list(csv.DictReader(io.StringIO(found.files[""].decode())))
    told = [(each["filename"], each["kind"], each["label"], each["value"]) for each in rows]
    assert told == [
        ("a.png", "box", "Left Lung", ""),
        ("a.png", "mask", "", ""),
        ("a.png", "mask", "", ""),
        ("a.png", "score", "geographic_extent_mean", "3"),
        ("b.jpg", "score", "geographic_extent_mean", "1.5"),
        ("b.jpg", "score", "opacity_mean", "2"),
    ]
    boxes = [[each[side] for side in ("left", "top", "width", "height")] for each in rows[:3]]
    assert boxes == [["3", "4", "20", "30"], ["6", "5", "14", "35"], ["40", "8", "15", "22"]]


@pytest.mark.parametrize("number", [10.123456789, 1.0 / 3, 40.0, 0.1 + 0.2])
def test_a_table_has_every_digit_of_a_box(root: Path, number: float) -> None:
    boxes(root, number, 5, number, 10, width=4096)
    [row] = csv.DictReader(io.StringIO(made(root, Target.CSV).files[""].decode()))
    assert (float(row["left"]), float(row["width"])) == (number, number)
    assert (row["top"], row["height"]) == ("5", "10")


def test_a_large_coordinate_is_written_out(root: Path) -> None:
    boxes(root, 1_234_567, 5, 4096.125, 10, width=2_000_000)
    [row] = csv.DictReader(io.StringIO(made(root, Target.CSV).files[""].decode()))
    assert (row["left"], row["width"]) == ("1234567", "4096.125")


def test_what_cannot_be_converted_is_named(root: Path) -> None:
    for to in Target:
        left = made(root, to).left_out
        assert ("gone.png", "no row names it") in left
        assert ("a.png", "Right Lung has no numbers") in left


def test_masks_come_back_from_coco_as_they_were(root: Path, tmp_path: Path) -> None:
    for tolerance in (None, 0.0):
        found = made(root, Target.COCO, tolerance=tolerance)
        again = tmp_path / f"again-{tolerance}"
        (again / "annotations").mkdir(parents=True)
        (again / "metadata.csv").write_bytes((root / "metadata.csv").read_bytes())
        (again / "annotations" / "all.json").write_bytes(found.files[""])
        back = made(again, Target.MASKS)
        drawn = np.asarray(Image.open(io.BytesIO(back.files["a_mask_marked.png"])))
        assert np.array_equal(drawn > 0, np.asarray(Image.open(io.BytesIO(mask()))) > 0)


def test_what_each_step_loses_is_measured(root: Path) -> None:
    exact = summed(made(root, Target.COCO, tolerance=0.0).steps)
    assert [(each["step"], each["worst_overlap"]) for each in exact] == [
        ("mask to outline and back", 1.0)
    ]
    [boxed] = summed(made(root, Target.CSV).steps)
    # Both parts are boxes themselves, so that their boxes lose nothing.
    assert (boxed["step"], boxed["worst_pixels"]) == ("mask to boxes and back", 0)
    (root / "annotations" / "lungs" / "a_mask.png").write_bytes(mask(hole=True))
    [boxed] = summed(made(root, Target.CSV).steps)
    assert boxed["worst_pixels"] == 5 * 4


def test_a_hole_stays_open(root: Path) -> None:
    (root / "annotations" / "lungs" / "a_mask.png").write_bytes(mask(hole=True))
    found = made(root, Target.COCO, tolerance=0.0)
    kept = json.loads(found.files[""])["annotations"]
    assert sum(isinstance(each["segmentation"], dict) for each in kept) == 1
    assert found.notes == [("a.png", "its mask has a hole: written as runs")]
    assert not any("hole" in why for _, why in found.left_out)


def test_labels_are_masks_of_their_own(root: Path) -> None:
    found = made(root, Target.MASKS)
    assert sorted(found.files) == ["a_mask.png", "a_mask_left-lung.png"]
    lung = np.asarray(Image.open(io.BytesIO(found.files["a_mask_left-lung.png"])))
    assert lung.shape == SHAPE
    assert np.argwhere(lung).tolist()[0] == [4, 3]
    assert (lung > 0).sum() == 20 * 30


def boxes(root: Path, *numbers: float, labels: tuple[str, ...] = ("lung",), **more: Any) -> None:
    """One file of a box for each label, and nothing else."""
    (root / "annotations" / "lungs" / "a_mask.png").unlink()
    (root / "annotations" / "scores.csv").unlink()
    coco = {
        "categories": [{"id": at, "name": each} for at, each in enumerate(labels)],
        "images": [{"id": 1, "file_name": "a.png", "width": 64, "height": 48, **more}],
        "annotations": [box(1, *numbers, label=at) for at, _ in enumerate(labels)],
    }
    (root / "annotations" / "boxes.json").write_text(json.dumps(coco))


def test_parts_of_pixels_that_a_mask_cannot_hold_are_measured(root: Path) -> None:
    boxes(root, 10.25, 5, 20, 10)
    [lost] = summed(made(root, Target.MASKS).steps)
    # A quarter of a column is gone on one side and too much on the other: 5 of 205.
    assert lost["step"] == "box to mask and back"
    assert (lost["worst_pixels"], lost["greatest_distance"]) == (5, 0.25)
    assert lost["worst_overlap"] == pytest.approx(197.5 / 202.5, abs=1e-4)


def test_what_is_cut_at_the_edge_of_an_image_is_measured(root: Path) -> None:
    boxes(root, 54, 0, 20, 48)
    [lost] = summed(made(root, Target.MASKS).steps)
    assert (lost["worst_overlap"], lost["greatest_distance"]) == (0.5, 10)


def test_a_mark_outside_of_the_image_has_no_mask(root: Path) -> None:
    boxes(root, 100, 100, 20, 48)
    found = made(root, Target.MASKS)
    assert (found.files, found.steps) == ({}, ())
    assert found.left_out == [("a.png", "lung holds the middle of no pixel")]


def test_labels_that_differ_in_capitals_alone_are_one_mask(root: Path) -> None:
    boxes(root, 1, 1, 20, 20, labels=("Left lung", "left-Lung"))
    assert list(made(root, Target.MASKS).files) == ["a_mask_left-lung.png"]


def test_a_long_label_has_a_short_name(root: Path) -> None:
    boxes(root, 1, 1, 20, 20, labels=("opacity " * 40,))
    assert max(map(len, made(root, Target.MASKS).files)) < 50


def test_two_images_of_one_name_do_not_share_a_mask(root: Path) -> None:
    (root / "metadata.csv").write_text(
        build.csv_text(build.rows({"filename": "a.png"}, {"filename": "a.jpg"}))
    )
    boxes(root, 1, 1, 20, 20)
    coco = json.loads((root / "annotations" / "boxes.json").read_text())
    coco["images"].append({"id": 2, "file_name": "a.jpg", "width": 64, "height": 48})
    coco["annotations"].append(box(2, 30, 30, 5, 5, label=0))
    (root / "annotations" / "boxes.json").write_text(json.dumps(coco))
    found = made(root, Target.MASKS)
    assert found.left_out == [("a.jpg", "a_mask_lung.png is the mask of a.png")]
    assert np.asarray(Image.open(io.BytesIO(found.files["a_mask_lung.png"])))[35, 35] == 0


def test_a_box_of_a_picture_of_another_size_is_not_converted(root: Path) -> None:
    boxes(root, 1, 1, 20, 20, width=99)
    (root / "images").mkdir()
    (root / "images" / "a.png").write_bytes(mask())
    for to in Target:
        found = made(root, to)
        assert found.left_out == [
            ("a.png", "annotations/boxes.json is of 99 x 48 pixels, the image has 64 x 48")
        ]
        assert found.marks == 0


def test_what_has_no_size_is_named_or_needs_none(root: Path) -> None:
    assert ("b.jpg", "nothing says its size, and its file is not there") in made(
        root, Target.COCO
    ).left_out
    assert not any(name == "b.jpg" for name, _ in made(root, Target.CSV).left_out)


def test_a_common_reason_is_told_once(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    boxes(root, 1, 1, 20, 20)
    coco = json.loads((root / "annotations" / "boxes.json").read_text())
    coco["images"] += [{"id": at, "file_name": f"gone-{at}.png"} for at in range(2, 8)]
    (root / "annotations" / "boxes.json").write_text(json.dumps(coco))
    assert main(["annotations", "convert", "--root", str(root), "--to", "csv"]) == 1
    assert capsys.readouterr().err == (
        "1 marks and scores in 1 file\n6 left out:\n"
        "  no row names it: gone-2.png, gone-3.png, gone-4.png and 3 more\n"
    )


def test_files_are_chosen_by_their_end(root: Path) -> None:
    assert list(made(root, Target.MASKS, only=("lungs",)).files) == ["a_mask.png"]
    with pytest.raises(UsageError, match=r"no annotation file x\.json"):
        made(root, Target.CSV, only=("x.json",))


def test_the_same_annotations_give_the_same_bytes(root: Path) -> None:
    for to in Target:
        assert made(root, to).files == made(root, to).files


def test_the_command_writes_a_file_or_a_folder_and_replaces_none(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["annotations", "convert", "--root", str(root)]
    target, folder = tmp_path / "all.json", tmp_path / "masks"
    assert main([*words, "--to", "coco", "-o", str(target)]) == 1
    assert main([*words, "--to", "masks", "-o", str(folder)]) == 1
    assert "Right Lung has no numbers" in capsys.readouterr().out
    before = target.read_bytes()
    assert main([*words, "--to", "coco", "-o", str(target)]) == 2
    assert main([*words, "--to", "masks", "-o", str(folder)]) == 2
    assert "--force" in capsys.readouterr().err
    assert target.read_bytes() == before
    assert main([*words, "--to", "masks", "-o", str(folder), "--force"]) == 1
    assert (folder / "a_mask.png").is_file()
    capsys.readouterr()
    assert main([*words, "--to", "csv", "--only", "scores.csv"]) == 0
    assert capsys.readouterr().out.startswith("filename,file,kind,")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "--to coco, masks or csv"),
        (["--to", "yolo"], "yolo"),
        (["--to", "masks"], "-o"),
        (["a.png", "--to", "csv"], "--only"),
    ],
)
def test_a_wrong_question_is_answered(
    root: Path, more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["annotations", "convert", "--root", str(root), *more]) == 2
    assert words in capsys.readouterr().err
