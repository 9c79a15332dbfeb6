"""`covidxr duplicates`, as a user types it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from typing import TYPE_CHECKING

import fsspec
import pytest
from PIL import Image
from tests import alike, candidates
from tests.clock import FakeClock

from covidxr import duplicatebook
from covidxr.cli import clock
from covidxr.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(clock, "system", FakeClock())
    alike.leaking(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def typed(*argv: str) -> tuple[int, str, str]:
        assert root.is_dir()
        code = main(["duplicates", *argv])
        out, err = capsys.readouterr()
        return code, out, err

    return typed


FIRST = """\
1. different patients: 2 images
   images/a.png  line 2: patient 7, offset 3, date 2020-03-04, Pneumonia/Viral/COVID-19
   images/b.jpg  line 3: patient 8, offset 3, date 2020-03-04, Pneumonia/Viral/COVID-19
"""
NEXT = (
    "covidxr duplicates decide images/a.png images/b.jpg --as not-duplicate --reason '…'\n"
    "\n2. same patient, two offsets or dates: 3 images\n"
)
TOTAL = (
    "6 images compared: 4 pairs: 1 of different patients, 1 of one patient, 2 of a file in no row"
)
WHY = ("--reason", "looked at it", "--by", "Ann")


def test_clusters_are_shown_with_their_rows_and_what_to_type_next(run: Run) -> None:
    code, out, err = run()
    assert (code, err) == (1, "")
    assert out.startswith(FIRST)
    assert NEXT in out
    assert "images/c.png = images/d.bmp: the same pixels; same patient" in out
    assert "images/left.jpg  in no row" in out
    assert out.splitlines()[-1] == TOTAL


def test_what_is_to_be_typed_next_can_be_typed(run: Run) -> None:
    for _ in range(2):
        out = run()[1]
        line = next(line for line in out.splitlines() if "not-duplicate" in line)
        words = line.partition("covidxr duplicates ")[2].replace("'…'", "differs").split()
        assert run(*words)[0] == 0
    code, out, _ = run()
    assert (code, out) == (0, "6 images compared: no pair; 4 pairs settled before\n")


def test_decisions_are_written_listed_and_forgotten(run: Run, root: Path) -> None:
    code, out, _ = run("decide", "b.jpg", "a.png", "--as", "keep", *WHY)
    assert (code, out) == (0, "decided: images/a.png and images/b.jpg: keep\n")
    assert "2026-01-02T03:04:05Z" in (root / duplicatebook.NAME).read_text()
    assert "images/a.png" not in run()[1]
    shown = run("--all")[1]
    assert "decided: keep by Ann on 2026-01-02: looked at it" in shown
    code, out, _ = run("forget", "a.png")
    assert (code, out) == (0, "forgotten: images/a.png and images/b.jpg: keep\n")
    assert run()[1].startswith(FIRST)


def test_a_void_decision_is_told_with_the_pair_and_a_stale_one_with_its_line(
    run: Run, root: Path
) -> None:
    run("decide", "a.png", "b.jpg", "--as", "keep", *WHY)
    (root / "images/b.jpg").write_bytes(alike.recoded(alike.ONE))
    void = "decided before, but since then images/b.jpg changed: keep by Ann"
    assert void in run()[1]
    (root / "images/b.jpg").unlink()
    stale = (
        "duplicate-decisions.csv:2: images/a.png and images/b.jpg: images/b.jpg is not there any "
        "more; covidxr duplicates forget --stale\n"
    )
    assert stale in run()[1]
    assert run("forget", "--stale")[0] == 0
    assert stale not in run()[1]


def test_json_holds_rows_decisions_and_what_to_type(run: Run) -> None:
    run("decide", "a.png", "b.jpg", "--as", "same-patient", *WHY)
    code, out, _ = run("--format", "json")
    told = json.loads(out)
    assert code == 1
    first = told["clusters"][0]
    assert [each["rows"][0]["patientid"] for each in first["images"]] == ["7", "8"]
    [pair] = first["pairs"]
    assert (pair["sort"], pair["kind"], pair["settled"]) == ("different patients", "near", False)
    assert pair["decision"]["decision"] == "same-patient"
    assert pair["void"] == "their rows still have two patient ids"
    assert any("covidxr duplicates decide" in line for line in first["next"])


def test_csv_has_a_line_a_pair(run: Run) -> None:
    lines = list(csv.DictReader(io.StringIO(run("--format", "csv")[1])))
    assert [each["cluster"] for each in lines] == ["1", "2", "2", "2"]
    assert (lines[0]["first_patientid"], lines[0]["second_line"]) == ("7", "3")
    assert (lines[1]["kind"], lines[1]["distance"]) == ("pixels", "0")


def test_markdown_is_a_table(run: Run) -> None:
    lines = run("--format", "markdown")[1].splitlines()
    assert lines[0] == f"**{TOTAL}**"
    assert lines[4].startswith("| 1 | different patients | images/a.png")
    assert len(lines) == 8


def test_candidates_are_shown_with_the_command_that_rejects_them(run: Run, root: Path) -> None:
    [id_] = candidates.keep(root, candidates.case(1), [alike.smaller(candidates.picture(3))])
    out = run()[1]
    assert f"{id_}  candidate" in out
    assert f"covidxr reject {id_} --reason 'same image as images/other.png'" in out
    assert id_ not in run("--no-candidates")[1]


def test_the_sheet_is_written_and_said(run: Run, root: Path) -> None:
    _, _, err = run("--montage", "pairs.png")
    assert err == "pairs.png: 4 pairs\n"
    with Image.open(root / "pairs.png") as sheet:
        assert sheet.format == "PNG"


def test_another_folder_stands_in_the_commands(run: Run, root: Path, tmp_path: Path) -> None:
    (tmp_path / "else where").mkdir()
    alike.leaking(tmp_path / "else where")
    out = run("--root", "else where")[1]
    assert "covidxr duplicates decide images/a.png images/b.jpg --root 'else where' --as" in out
    assert root.is_dir()


def test_names_are_shown_so_that_no_terminal_obeys_them(run: Run, root: Path) -> None:
    (root / "images/left.jpg").rename(root / "images/le\x1b[31mft.jpg")
    for form in ("text", "json", "csv", "markdown"):
        assert "\x1b" not in run("--format", form)[1]


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (("a.png",), "'a.png'"),
        (("list", "a.png"), "name files with decide and forget alone"),
        (("decide", "a.png", "b.jpg", *WHY), "--as not-duplicate, same-patient, keep"),
        (("decide", "a.png", "b.jpg", "--as", "keep"), "--reason"),
        (("decide", "a.png", "gone.png", "--as", "keep", *WHY), "no file 'gone.png'"),
        (("forget",), "--stale"),
        (("forget", "a.png"), "no file 'a.png'"),
        (("--format", "xml"), "is not text, json, csv or markdown"),
        (("--root", "nowhere"), "there is no"),
    ],
)
def test_what_makes_no_sense_ends_2_with_words(run: Run, argv: tuple[str, ...], words: str) -> None:
    code, out, err = run(*argv)
    assert (code, out) == (2, "")
    assert words in err


def test_a_collection_that_lies_elsewhere_is_searched_with_its_decisions(
    run: Run, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "cache"))
    run("decide", "a.png", "b.jpg", "--as", "keep", *WHY)
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    for path in (root / "metadata.csv", root / duplicatebook.NAME, *(root / "images").iterdir()):
        memory.pipe_file(f"/bucket/{path.relative_to(root)}", path.read_bytes())
    there = ("--root", "memory://bucket")
    code, out, _ = run(*there, "--montage", "pairs.png", "--format", "csv")
    assert code == 1
    assert [line.split(",")[1] for line in out.splitlines()[1:]] == [
        "same patient",
        "file in no row",
        "file in no row",
    ]
    with Image.open(root / "pairs.png") as sheet:
        # Levels of the pictures themselves, not of empty fields alone.
        assert len(set(sheet.convert("L").crop((20, 20, 300, 300)).tobytes())) > 50
    code, _, err = run("decide", "c.png", "d.bmp", "--as", "keep", *WHY, *there)
    assert (code, "decisions are written on this machine" in err) == (2, True)
    memory.store.clear()


def test_processes_find_what_threads_find(run: Run, root: Path) -> None:
    candidates.keep(root, candidates.case(1), [alike.smaller(candidates.picture(3))])
    threads = run("--format", "csv")
    shutil.rmtree(root / ".covidxr/likeness")
    assert run("--format", "csv", "--processes", "--jobs", "1") == threads
