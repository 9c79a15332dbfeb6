"""``covidxr split`` as a user sees it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from tests import build

from covidxr.cli.app import main

SAMPLE = Path(__file__).parents[3] / "shared" / "real" / "sample"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    people = ("1", "2", "2", "3")
    rows = build.rows(*({"patientid": who} for who in people))
    rows[3]["finding"] = "No Finding"
    (tmp_path / "metadata.csv").write_text(build.csv_text(rows), encoding="utf-8")
    return tmp_path


def test_a_split_is_written_and_kept(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = root / "split.csv"
    arguments = ["split", "--out", str(out), "--root", str(root)]
    assert main([*arguments, "--parts", "train=0.5,test=0.5"]) == 0
    first = out.read_bytes()
    assert "4 images in 3 groups, seed 0, balanced by finding, view, source" in (
        capsys.readouterr().out
    )
    assert main(arguments) == 0
    assert out.read_bytes() == first
    assert "4 images kept, 0 new, 0 no longer in the table." in capsys.readouterr().out
    assert main(["split", "--check", str(out), "--root", str(root)]) == 0
    assert "No patient is in two parts." in capsys.readouterr().out


def test_a_leak_ends_with_1_and_says_who(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for part, names in (("train", (1, 2)), ("test", (3, 4))):
        lines = "".join(f"images/image-{name}.png\n" for name in names)
        (root / f"{part}.txt").write_text(lines, encoding="utf-8")
    files = [str(root / "train.txt"), str(root / "test.txt")]
    assert main(["split", "--check", *files, "--root", str(root)]) == 1
    printed = capsys.readouterr().out
    assert "LEAK: 1 patient in several parts:\n  patient 2: train 1, test 1\n" in printed
    assert "test        2  50.0 %         2             1 (50.0 %)" in printed


def test_json_has_all(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["split", "--folds", "3", "--format", "json", "--root", str(root)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert sorted(part["images"] for part in found["parts"]) == [1, 1, 2]
    assert (found["out"], found["groups"], found["images_compared"]) == ("", 3, False)


def test_what_is_now_joined_ends_with_1_until_it_is_mended(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = root / "split.csv"
    arguments = ["split", "--out", str(out), "--root", str(root)]
    assert main([*arguments, "--parts", "train=0.5,test=0.5"]) == 0
    rows = build.rows(*({"patientid": "1"},) * 4)
    (root / "metadata.csv").write_text(build.csv_text(rows), encoding="utf-8")
    capsys.readouterr()
    assert main(arguments) == 1
    assert "Nothing was moved; --mend" in capsys.readouterr().out
    assert main([*arguments, "--mend"]) == 0
    assert "was brought together" in capsys.readouterr().out
    assert main(["split", "--check", str(out), "--root", str(root)]) == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--parts", "train=2"], "above 0"),
        (["split.csv"], "--check FILE"),
        (["--check"], "which split?"),
        (["--stratify", "cough"], "nothing is balanced by 'cough'"),
        (["--check", "not-there.csv"], "not-there.csv"),
        (["--keep", "not-there.csv"], "not-there.csv"),
    ],
)
def test_what_makes_no_sense_is_refused(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["split", *arguments, "--root", str(root)]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="shared/real is not here")
def test_known_copies_of_the_real_sample_never_straddle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (SAMPLE / "duplicates.csv").open(encoding="utf-8") as file:
        pairs = [(row["file_a"], row["file_b"]) for row in csv.DictReader(file)]
    (tmp_path / "images").mkdir()
    for name in {name for pair in pairs for name in pair}:
        shutil.copyfile(SAMPLE / "images" / name, tmp_path / "images" / name)
    shutil.copyfile(SAMPLE / "metadata.csv", tmp_path / "metadata.csv")
    out = tmp_path / "split.csv"
    # With as many parts as this, copies that were not kept together would part.
    parts = ",".join(f"part{at}=0.1" for at in range(10))
    written = ["--out", str(out), "--parts", parts, "--root", str(tmp_path)]
    assert main(["split", *written]) == 0
    written_lines = out.read_text(encoding="utf-8").splitlines()
    lines = csv.DictReader(line for line in written_lines if line[0] != "#")
    part = {line["filename"]: line["part"] for line in lines}
    listed = [pair for pair in pairs if {*pair} <= {*part}]
    assert {part[one] == part[other] for one, other in listed} == {True}
    sides = {name: "train" for pair in listed for name in pair} | {
        other: "test" for _, other in listed
    }
    apart = tmp_path / "apart.csv"
    rows = "".join(f"{name},{side}\n" for name, side in sides.items())
    apart.write_text(f"filename,split\n{rows}", encoding="utf-8")
    capsys.readouterr()
    assert main(["split", "--check", str(apart), "--format", "json", "--root", str(tmp_path)]) == 1
    found = {frozenset(each) for each in json.loads(capsys.readouterr().out)["pictures_in_several"]}
    torn = [pair for pair in listed if sides[pair[0]] != sides[pair[1]]]
    assert len(torn) > 5
    assert {frozenset(f"images/{name}" for name in pair) for pair in torn} <= found
