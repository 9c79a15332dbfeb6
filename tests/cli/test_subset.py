"""``covidxr subset``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests import taken

from covidxr.cli.app import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Five rows of three patients."""
    return taken.collection(tmp_path / "whole")


def test_it_says_what_each_filter_leaves_and_what_goes_along(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "part"
    code = main(["subset", "--root", str(root), "--where", "patientid = 7", "--to", str(to)])
    assert code == 0
    assert capsys.readouterr().out == (
        "chosen by      rows  images  patients\n"
        "all rows          5       5         3\n"
        "patientid = 7     2       2         1\n"
        "\n"
        "With them: 2 files of images and volumes, 4 files of annotations.\n"
        "Cut out, since they are about other rows: 9 entries of annotations/boxes.json, "
        "3 entries of annotations/scores.csv.\n"
        "Left out: 3 files of annotations of other rows.\n"
        f"Written to {to}; `covidxr validate --root {to}` checks it.\n"
    )


def test_a_dry_run_needs_no_folder_and_writes_nothing(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["subset", "--root", str(root), "--license", "CC-BY-4.0,CC0-1.0", "--dry-run"]
    assert main(arguments) == 0
    assert "Nothing was written." in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_json_lists_the_files(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = str(tmp_path / "part")
    main(["subset", "--root", str(root), "--allows", "share,adapt", "--to", to, "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert [each["rows"] for each in told["steps"]] == [5, 5, 5]
    assert "metadata.csv" in told["files"]


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--where", "age > 1"], "where to?"),
        (["--dry-run"], "which rows?"),
        (["--where", "patientid = none", "--to", "part"], "no row is left"),
        (["--where", "agee > 1", "--dry-run"], "did you mean age?"),
        (["--allows", "fun", "--dry-run"], "'fun' is not"),
    ],
)
def test_what_makes_no_sense_ends_with_2(
    root: Path, arguments: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["subset", "--root", str(root), *arguments]) == 2
    assert why in capsys.readouterr().err


def test_a_file_that_cannot_go_along_is_named_and_ends_with_1(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "annotations" / "boxes.json").write_text('{"a-1.png": ')
    to = str(tmp_path / "part")
    assert main(["subset", "--root", str(root), "--where", "patientid = 8", "--to", to]) == 1
    assert "annotations/boxes.json: it cannot be read as JSON" in capsys.readouterr().out
