"""``covidxr facts`` as a user sees it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from PIL import Image
from tests import candidates

from covidxr.cli.app import main

SAMPLE = Path(__file__).parents[3] / "shared" / "real" / "sample"

SCREEN = """\
4 files, 0.1 MB
format   PNG 3, JPEG 1
mode     L 2, RGB 1, RGBA 1
bits     8 4
notable  blank 1, colour 1, transparent 1, turned by EXIF 1, words in its metadata 1

Files with something to tell:
  images/b.png: transparent
  images/blank.png: blank
  images/turned.jpg: turned by EXIF
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    images = tmp_path / "images"
    images.mkdir()
    (images / "a.png").write_bytes(candidates.picture(1))
    clear = Image.open(io.BytesIO(candidates.picture(2))).convert("RGBA")
    clear.putpixel((0, 0), (0, 0, 0, 0))
    clear.save(images / "b.png")
    Image.new("RGB", (50, 50), (200, 10, 10)).save(images / "blank.png")
    tags = Image.Exif()
    tags[0x0112], tags[0x013B] = 6, "Dora Doubtful"
    Image.open(io.BytesIO(candidates.picture(3))).save(images / "turned.jpg", exif=tags)
    return tmp_path


def test_people_get_counts_and_what_is_worth_a_look(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", "--root", str(root)]) == 0
    assert capsys.readouterr().out == SCREEN


def test_programs_get_every_fact(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "--root", str(root), "--format", "json"]) == 0
    facts = {each["path"]: each for each in json.loads(capsys.readouterr().out)}
    assert facts["images/turned.jpg"]["texts"] == [["EXIF Artist", "Dora Doubtful"]]
    assert facts["images/blank.png"]["pixels"]["hash"] == ""
    assert main(["facts", "--root", str(root), "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["path"] for row in rows] == sorted(facts)
    assert {row["path"]: row["pixels_digest"] for row in rows} == {
        path: each["pixels"]["digest"] for path, each in facts.items()
    }
    assert rows[3]["orientation"] == "6"


def test_a_look_that_is_not_so_close_leaves_pixels_out(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", "--root", str(root), "--images", "header", "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert {row["sha256"] + row["pixels_digest"] for row in rows} == {""}
    assert {row["width"] for row in rows} == {"320", "50"}


def test_no_folder_of_images_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "--root", str(tmp_path)]) == 2
    assert "has no folder images or volumes" in capsys.readouterr().err


def test_threads_and_processes_print_the_same(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = []
    for options in (["--jobs", "1"], ["--jobs", "2"], ["--jobs", "2", "--processes"]):
        assert main(["facts", "--root", str(root), "--format", "json", *options]) == 0
        given.append(capsys.readouterr().out)
    assert given[0] == given[1] == given[2]


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the real sample is not beside the repository")
def test_the_real_sample_holds_what_is_known_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    from covidxr.facts import Options, gather
    from covidxr.levels import ImageDepth

    facts = gather(Options(root=SAMPLE, depth=ImageDepth.STRUCTURE))
    assert len(facts) == 250
    lying = [each for each in facts if each.format == "PNG" and each.path.endswith(".jpg")]
    assert len(lying) == 17
    assert sum(each.mode == "P" for each in facts) == 3
    assert sum(each.mode == "RGBA" for each in facts) == 42
    assert any(entry.startswith("EXIF") for each in facts for entry, _ in each.texts)
    assert not any(each.problems for each in facts)
