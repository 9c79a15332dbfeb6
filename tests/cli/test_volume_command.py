"""``covidxr volume`` as a user sees it."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING

import nibabel as nib
import numpy as np
import pytest
from PIL import Image
from tests.dicomslices import CORONAL, Made, chest, scan, volume

from covidxr.cli.app import main

if TYPE_CHECKING:
    from pathlib import Path

SERIES = chest(Made(count=12, rows=16, columns=16))

SCREEN = """\
000.dcm  (DICOM, CT, 12 slices, in 12 files)
  size     16 × 16 × 12 voxels
  spacing  0.5 × 0.75 × 2.5 mm
  axes     LPS (to the patient's left, back, head)
  stored   uint16
  values   -1000 to 1660, can be Hounsfield units
"""


@pytest.fixture
def series(tmp_path: Path) -> Path:
    return written(tmp_path / "series", SERIES.files())


def written(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def test_a_sound_series_is_told_and_ends_with_0(
    series: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["volume", str(series)]) == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == (SCREEN, "")


def test_several_are_numbered_and_problems_end_with_1(
    series: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (series / "notes.txt").write_text("words")
    (series / "z.nii.gz").write_bytes(volume(scan(), units=None))
    assert main(["volume", str(series)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "1. z.nii.gz  (NIfTI in gzip)"
    assert "  spacing  1 × 1 × 1 (no unit is given)" in lines
    assert "  axes     not placed in the patient" in lines
    assert "  ! its header does not say how it lies in the patient" in lines
    assert "2. 000.dcm  (DICOM, CT, 12 slices, in 12 files)" in lines
    assert lines[-1] == "1 file without a picture left out"


def test_json_tells_the_same(series: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["volume", str(series), "--format", "json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    (told,) = whole["volumes"]
    assert (told["name"], told["files"], told["problems"]) == ("000.dcm", 12, [])
    assert told["facts"]["shape"] == [16, 16, 12]
    assert told["facts"]["hounsfield"] is True
    assert (whole["unreadable"], whole["others"]) == ([], 0)


@pytest.mark.parametrize("form", ["text", "json"])
def test_nothing_that_names_the_patient_is_printed(
    series: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    main(["volume", str(series), "--format", form])
    said = capsys.readouterr().out
    assert not [word for word in ("Doe", "secret", "1.2.3") if word in said]


def test_a_series_is_converted_and_drawn(
    series: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, picture = tmp_path / "ct.nii.gz", tmp_path / "ct.png"
    assert main(["volume", str(series), "-o", str(out), "--montage", str(picture)]) == 0
    image = nib.Nifti1Image.from_bytes(gzip.decompress(out.read_bytes()))
    assert np.array_equal(image.get_fdata(), SERIES.values())
    assert Image.open(io.BytesIO(picture.read_bytes())).size == (4 * 171, 3 * 256)
    said = capsys.readouterr()
    assert said.out == SCREEN
    assert said.err == f"wrote {picture}\nwrote {out}: 0.0 MB\n"


def test_gaps_are_not_converted_unless_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series = written(tmp_path / "gaps", SERIES.files(*range(11), 14))
    out = tmp_path / "ct.nii.gz"
    assert main(["volume", str(series), "-o", str(out)]) == 1
    said = capsys.readouterr()
    assert "the series is not converted: slices are missing" in said.err
    assert not out.exists()
    assert main(["volume", str(series), "-o", str(out), "--anyway"]) == 1
    assert out.exists()


def test_a_stack_of_a_mixed_series_is_converted_once_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Made(count=11, orientation=CORONAL, rows=16, columns=16).files()
    files = SERIES.files() | {f"c{name}": data for name, data in other.items()}
    series, out = written(tmp_path / "mixed", files), tmp_path / "ct.nii.gz"
    assert main(["volume", str(series), "-o", str(out), "--anyway"]) == 2
    assert "choose one with --number" in capsys.readouterr().err
    assert main(["volume", str(series), "-o", str(out), "--number", "2"]) == 1
    assert nib.Nifti1Image.from_bytes(gzip.decompress(out.read_bytes())).shape == (16, 16, 11)


def test_what_cannot_be_drawn_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    colours = np.zeros((12, 12, 12), [("R", "u1"), ("G", "u1"), ("B", "u1")])
    path, picture = tmp_path / "a.nii.gz", tmp_path / "a.png"
    path.write_bytes(volume(colours, np.eye(4)))
    assert main(["volume", str(path), "--montage", str(picture)]) == 1
    assert "a.nii.gz cannot be shown" in capsys.readouterr().err
    assert not picture.exists()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--output", "ct.nii"], "does not end with .nii.gz"),
        (["--montage", "ct.jpg"], "does not end with .png"),
        (["--format", "xml"], "is not text or json"),
        (["--number", "4", "--montage", "a.png"], "there is no volume 4"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    series: Path,
    options: list[str],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["volume", str(series), *options]) == 2
    said = " ".join(capsys.readouterr().err.replace("│", " ").split())
    assert words in said


def test_a_folder_without_volumes_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["volume", str(tmp_path)]) == 2
    assert "holds neither NIfTI nor DICOM" in capsys.readouterr().err


def test_names_of_files_cannot_command_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    series = written(tmp_path / "odd", {"a\x1b[31m.nii.gz": volume(scan(), np.eye(4))})
    assert main(["volume", str(series)]) == 0
    assert "\x1b" not in capsys.readouterr().out
