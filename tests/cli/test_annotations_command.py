"""`covidxr annotations`, as a user types it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests import build

from covidxr.annotating import ADAPTERS, Adapter
from covidxr.cli.app import main
from covidxr.plugins import discover

if TYPE_CHECKING:
    from collections.abc import Callable

    Run = Callable[..., tuple[int, str, str]]

REAL = Path(__file__).parents[3] / "shared" / "real"
real = pytest.mark.skipif(not REAL.exists(), reason="needs the real collection in ../shared")
OWN = Path(__file__).parents[2]
BOXES = {
    "info": {"creator": "A. Reader"},
    "licenses": [{"name": "CC0-1.0"}],
    "categories": [{"id": 1, "name": "Left Lung"}],
    "images": [{"id": 1, "file_name": "a.png", "width": 4, "height": 3}],
    "annotations": [{"image_id": 1, "category_id": 1, "bbox": [0, 1, 2, 1.5]}],
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    table = build.csv_text(build.rows({"filename": "a.png"}, {"filename": "b.png"}))
    (tmp_path / "metadata.csv").write_text(table)
    for folder in ("images", "annotations/lungs"):
        (tmp_path / folder).mkdir(parents=True)
    for name in ("a", "b"):
        Image.new("L", (4, 3), 7).save(tmp_path / "images" / f"{name}.png")
    mask = Image.new("L", (4, 3))
    mask.putpixel((1, 1), 255)
    mask.save(tmp_path / "annotations" / "lungs" / "a_mask.png")
    note = "License: CC0-1.0\nCitation: A. Reader\n"
    (tmp_path / "annotations" / "lungs" / "README.md").write_text(note)
    (tmp_path / "annotations" / "boxes.json").write_text(json.dumps(BOXES, indent=1))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def typed(*argv: str) -> tuple[int, str, str]:
        assert root.is_dir()
        code = main(["annotations", *argv])
        out, err = capsys.readouterr()
        return code, out, err

    return typed


LISTED = """\
file                    format  images  without row  marks    licence
annotations/boxes.json  coco         1            0  1 boxes  CC0-1.0
annotations/lungs       masks        1            0  1 masks  CC0-1.0

1 of 2 rows are annotated.
"""
SAID = """\
a.png
  annotations/boxes.json, line 19:
    Left Lung: left 0, top 1, 2 x 1.5
  annotations/lungs/a_mask.png:
    mask: 4 x 3, 8% marked
"""


def test_alone_it_lists_files_and_how_much_of_the_collection_is_annotated(run: Run) -> None:
    assert run() == (0, LISTED, "")


def test_without_annotations_it_says_so(run: Run, root: Path) -> None:
    (root / "annotations").rename(root / "elsewhere")
    assert run() == (0, "No annotations: there is nothing below annotations/.\n", "")


def test_a_list_is_a_table_for_programs_too(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("list", "--format", "csv")[1])))
    assert [(row["file"], row["boxes"], row["masks"], row["license"]) for row in rows] == [
        ("annotations/boxes.json", "1", "0", "CC0-1.0"),
        ("annotations/lungs", "0", "1", "CC0-1.0"),
    ]
    files = json.loads(run("--format", "json")[1])
    assert files[0]["images"][0]["regions"][0]["box"] == [0, 1, 2, 1.5]


def test_an_image_is_told_with_all_that_is_said_of_it(run: Run) -> None:
    assert run("list", "a.png") == (0, SAID, "")
    assert run("list", "b") == (0, "Nothing is said of b.png.\n", "")


def test_several_images_are_one_json_document(run: Run) -> None:
    said = json.loads(run("list", "a.png", "b.png", "--format", "json")[1])
    assert [each["file"] for each in said] == [
        "annotations/boxes.json",
        "annotations/lungs/a_mask.png",
    ]


def test_check_is_clean_on_good_annotations_and_ends_1_on_bad_ones(run: Run, root: Path) -> None:
    assert run("check")[0] == 0
    text = (root / "annotations" / "boxes.json").read_text()
    (root / "annotations" / "boxes.json").write_text(text.replace('"width": 4', '"width": 9'))
    code, out, _ = run("check", "--format", "concise")
    assert code == 1
    assert out.startswith("annotations/boxes.json:19:4: ANN105 the annotation is of 9 x 3 pixels")


def test_a_mask_of_grey_values_is_found_by_check(run: Run, root: Path) -> None:
    Image.linear_gradient("L").resize((4, 3)).save(root / "annotations" / "lungs" / "a_mask.png")
    assert " ANN109 " in run("check", "--format", "concise")[1]


def test_a_pinned_image_that_is_cropped_is_found_and_pinned_again(run: Run, root: Path) -> None:
    assert run("pin", "--dry-run")[1] == "2 would be pinned, 0 hold as they are.\n"
    assert run("pin") == (0, "2 pinned, 0 hold as they are.\n", "")
    assert run("pin") == (0, "0 pinned, 2 hold as they are.\n", "")
    Image.new("L", (4, 3), 8).save(root / "images" / "a.png")
    code, out, _ = run("check", "--format", "concise")
    assert (code, out.count("ANN104 a.png changed since it was annotated")) == (1, 2)
    code, out, _ = run("pin")
    assert code == 1
    assert "2 left: the image changed since." in out
    assert "2 pinned again:" in run("pin", "--again", "a.png")[1]
    assert run("check")[0] == 0


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("list", "c.png"), "no row names 'c.png'"),
        (("pin", "a.png"), "with --again FILENAME"),
        (("pin", "--again"), "with --again FILENAME"),
        (("check", "a.png"), "leave the names out"),
        (("list", "--stale"), "--stale goes with `covidxr annotations pin`"),
        (("check", "--dry-run"), "--dry-run goes with `covidxr annotations pin`"),
        (("list", "--format", "xml"), "--format"),
        (("list", "a.png", "--format", "csv"), "--format"),
        (("pin", "--format", "json"), "--format"),
    ],
)
def test_what_cannot_be_done_is_said_and_ends_2(
    run: Run, argv: tuple[str, ...], words: str
) -> None:
    code, out, err = run(*argv)
    assert (code, out) == (2, "")
    assert words in err


# --- the collection of this repository, and the real one -----------------------------------------


def test_the_collections_own_annotations_are_clean_and_pinned(
    capsys: pytest.CaptureFixture[str],
) -> None:
    argv = ["validate", "--root", str(OWN), "--select", "ANN", "--images", "full"]
    assert main([*argv, "--fail-on", "info"]) == 0
    assert main(["annotations", "pin", "--dry-run", "--root", str(OWN)]) == 0
    out = capsys.readouterr().out
    assert "\n0 would be pinned, 134 hold as they are.\n" in out


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "list phantom-001-day00-pa.jpg",
        "show phantom-001-day00-pa.jpg -o drawn.png",
        "convert --to coco --only lung-masks --tolerance 1 -o lungs.json",
    ],
)
def test_the_page_shows_what_the_command_prints(
    typed: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    page = (OWN / "docs" / "annotations.md").read_text()
    main(["annotations", *typed.split(), "--root", str(OWN)])
    shown = f"$ covidxr annotations {typed}".rstrip()
    assert f"```console\n{shown}\n{capsys.readouterr().out}```\n" in page


def test_the_page_names_every_format() -> None:
    page = (OWN / "docs" / "annotations.md").read_text()
    assert [key for key in discover(ADAPTERS, Adapter) if f"| `{key}` |" not in page] == []


def checked(folder: str, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, int, str]]:
    """Rule, file, line and message of each problem."""
    main(["annotations", "check", "--root", str(REAL / folder), "--format", "json"])
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    return [
        (each["code"], each["file"].rpartition("/")[2], each["line"], each["message"])
        for each in found
    ]


@real
def test_the_published_annotations_have_their_known_faults(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = checked("2020-06-22", capsys)
    nulls = [(name, line) for code, name, line, _ in found if code == "ANN106"]
    assert nulls == [("imageannotation_ai_lung_bounding_boxes.json", at) for at in (12293, 12306)]
    copies = [words.partition(" of ")[0] for code, _, _, words in found if code == "ANN112"]
    assert {name: copies.count(name) for name in copies} == {
        "view": 11,
        "finding": 5,
        "location": 6,
        "offset": 5,
        "temperature": 1,
        "leukocyte_count": 1,
    }
    headers = [(name, line, words) for code, name, line, words in found if code == "ANN115"]
    assert headers == [
        (
            "covid-severity-scores.csv",
            6,
            "geographic_mean is called geographic_extent_mean everywhere else",
        )
    ]
    assert {code for code, *_ in found} == {"ANN106", "ANN112", "ANN115"}


@real
def test_the_samples_images_and_masks_have_their_known_faults(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = checked("sample", capsys)
    told = {code: [each for each in found if each[0] == code] for code, *_ in found}
    assert [words.partition(", ")[2] for *_, words in told["ANN105"]] == [
        "ciaa199.pdf-001-a.png has 359 x 345",
        "ciaa199.pdf-001-c.png has 352 x 334",
    ]
    assert [words.partition(" has ")[2].partition(",")[0] for *_, words in told["ANN109"]] == [
        "54 values",
        "40 values",
    ]
    missing = [name for _, name, *_ in told["ANN103"] if name.endswith(".png")]
    assert "gr1_lrg-b_mask.png" in missing
    assert len(missing) == 3
    assert [name for _, name, *_ in told["ANN113"] + told["ANN114"]] == ["lungVAE-masks"] * 2
