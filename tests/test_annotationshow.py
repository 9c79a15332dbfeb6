"""What annotations say of an image, drawn over it by the command."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests import exports

from covidxr.cli.app import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = exports.collection(tmp_path / "c")
    nulls = {
        "categories": [{"id": 1, "name": "lung"}],
        "images": [{"id": 1, "file_name": "image-1.png", "width": 90, "height": 90}],
        "annotations": [{"image_id": 1, "category_id": 1, "bbox": [None, None, None, None]}],
    }
    (root / "annotations" / "nulls.json").write_text(json.dumps(nulls))
    return root


def show(root: Path, *more: str) -> int:
    return main(["annotations", "show", "--root", str(root), *more])


def test_an_image_is_drawn_with_all_that_is_said_of_it(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "drawn.png"
    assert show(root, "image-1.png", "-o", str(target)) == 0
    said = capsys.readouterr()
    assert "annotations/boxes.json, annotations/nulls.json" in said.out
    assert "lung has no numbers and is not drawn" in said.err
    assert "it was made on 90 x 90 pixels" in said.err
    picture = Image.open(io.BytesIO(target.read_bytes()))
    assert picture.format == "PNG"
    assert picture.size[0] >= 900


def test_one_file_can_be_shown_alone(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show(root, "image-1.png", "--only", "boxes.json", "-o", str(tmp_path / "a.png"))
    assert "nulls" not in capsys.readouterr().out
    assert show(root, "image-1.png", "--only", "x.json", "-o", str(tmp_path / "b.png")) == 2
    assert "x.json says nothing of image-1.png" in capsys.readouterr().err


def test_what_reaches_beyond_the_image_is_told(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    boxes = json.loads((root / "annotations" / "boxes.json").read_text())
    boxes["annotations"][0]["bbox"] = [40, 2, 30, 40]
    (root / "annotations" / "boxes.json").write_text(json.dumps(boxes))
    assert show(root, "image-1.png", "--only", "boxes.json", "-o", str(tmp_path / "a.png")) == 0
    assert capsys.readouterr().err == (
        "annotations/boxes.json: lung reaches 6 pixels beyond its width of 64\n"
    )


def test_a_folder_of_masks_is_chosen_by_its_name(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "annotations" / "lungs").mkdir()
    Image.new("L", (64, 64), 255).save(root / "annotations" / "lungs" / "image-1_mask.png")
    for name in ("lungs", "annotations/lungs/", "image-1_mask.png"):
        assert show(root, "image-1.png", "--only", name, "-o", str(tmp_path / "a.png")) == 0
        assert capsys.readouterr().out.endswith(": annotations/lungs/image-1_mask.png\n")


def test_an_image_of_which_nothing_is_said_is_drawn_bare(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(root, "image-2.png", "-o", str(tmp_path / "a.png")) == 0
    assert "nothing is said of it" in capsys.readouterr().out


def test_a_name_that_no_row_has_is_answered_with_near_ones(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show(root, "image-11.png") == 2
    assert "is it image-1.png" in capsys.readouterr().err
    assert show(root) == 2
    assert "which image?" in capsys.readouterr().err


def test_an_image_that_is_not_there_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "images" / "image-1.png").unlink()
    assert show(root, "image-1.png") == 2
    assert "images/image-1.png is not there" in capsys.readouterr().err
