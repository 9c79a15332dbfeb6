"""``covidxr export`` as a curator types it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests import exports

from covidxr.cli.app import main
from covidxr.export import exporters

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return exports.collection(tmp_path / "collection")


def test_alone_it_lists_the_formats(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export"]) == 0
    listed = capsys.readouterr().out
    assert all(f"{key} " in listed for key in exporters())
    assert main(["export", "--format", "json"]) == 0
    assert [each["key"] for each in json.loads(capsys.readouterr().out)] == list(exporters())


def test_it_says_what_was_written(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = root.parent / "out"
    assert main(["export", "citation", "--root", str(root), "--to", str(to)]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"CITATION.cff 1.2.0: {to}/citation, 2 files, ")
    assert shown.err == ""


def test_json_says_the_same(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    to = root.parent / "out"
    argv = ["export", "citation", "--root", str(root), "--to", str(to), "--format", "json"]
    assert main(argv) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["format"] for each in found["written"]] == ["citation"]
    assert (found["problems"], found["notes"]) == ([], [])


def test_what_is_in_the_way_is_shown_with_its_place(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "images" / "image-2.png").unlink()
    argv = ["export", "citation", "--root", str(root), "--to", str(root.parent / "out")]
    assert main(argv) == 1
    shown = capsys.readouterr().out
    assert "Nothing was exported" in shown
    assert "metadata.csv:3: IMG101" in shown
    assert not (root.parent / "out").exists()
    assert main([*argv, "--anyway"]) == 1
    assert "CITATION.cff 1.2.0: " in capsys.readouterr().out
    assert (root.parent / "out" / "citation" / "CITATION.cff").is_file()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["nothing", "--to", "x"], "is no export format"),
        (["citation"], "name the folder"),
        (["citation", "--to", "x", "--version", "1"], "is no version"),
        (["citation", "--to", "x", "--format", "csv"], "is not text or json"),
    ],
)
def test_what_makes_no_sense_ends_with_2(
    root: Path, more: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", *more, "--root", str(root)]) == 2
    assert words in " ".join(capsys.readouterr().err.split())
