"""`covidxr validate`: from arguments and settings to a report and an exit code."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image
from tests import build

from covidxr.cli.app import main
from covidxr.cli.validate import FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping

Capsys = pytest.CaptureFixture[str]
ONLY = ["--images", "none", "--select", "CSV,SCH2"]
BAD = {"age": "200"}
MENDABLE = {"sex": "male"}


def write(root: Path, *changes: Mapping[str, str]) -> list[str]:
    (root / "metadata.csv").write_text(build.csv_text(build.rows(*changes)))
    return ["validate", "--root", str(root), *ONLY]


def found(capsys: Capsys, *argv: str) -> list[dict[str, Any]]:
    main([*argv, "--format", "json"])
    report = json.loads(capsys.readouterr().out)
    diagnostics: list[dict[str, Any]] = report["diagnostics"]
    return diagnostics


@pytest.mark.parametrize(
    ("change", "fail_on", "code"),
    [
        ({}, "info", 0),
        (BAD, "error", 1),
        (BAD, "info", 1),
        ({"license": "CC BY-NC-SA"}, "error", 0),
    ],
)
def test_the_exit_code_is_what_fail_on_says(
    tmp_path: Path, change: dict[str, str], fail_on: str, code: int
) -> None:
    assert main([*write(tmp_path, change), "--fail-on", fail_on]) == code


@pytest.mark.parametrize("form", FORMATS.split("|"))
def test_how_a_report_is_shown_never_changes_the_exit_code(
    tmp_path: Path, form: str, capsys: Capsys
) -> None:
    argv = [*write(tmp_path, {}, *[BAD] * 30), "--format", form]
    for more in ([], ["--limit", "1"], ["--limit", "0"], ["-o", str(tmp_path / "report")]):
        assert main([*argv, *more]) == 1
        out, err = capsys.readouterr()
        assert bool(out) is ("-o" not in more)
        assert err == ""
    assert (tmp_path / "report").stat().st_size > 0


def test_the_form_for_people_shows_twenty_of_one_problem_and_counts_all(
    tmp_path: Path, capsys: Capsys
) -> None:
    argv = write(tmp_path, *[BAD] * 33)
    main([*argv, "--format", "json", "--limit", "20"])
    assert len(json.loads(capsys.readouterr().out)["diagnostics"]) == 20
    assert len(found(capsys, *argv)) == 33
    main(argv)
    assert "33" in capsys.readouterr().out


def test_select_and_ignore_take_commas_and_may_be_repeated(tmp_path: Path, capsys: Capsys) -> None:
    argv = write(tmp_path, {**BAD, "sex": "male", "view": "?"})[:-2]
    codes = {each["code"] for each in found(capsys, *argv, "--select", "sch202,SCH203")}
    assert codes == {"SCH202", "SCH203"}
    more = ["--select", "SCH202", "--select", "SCH20", "--ignore", "SCH203"]
    assert {each["code"] for each in found(capsys, *argv, *more)} == {"SCH202", "SCH205"}


def test_settings_of_the_collection_hold_and_the_command_line_wins(
    tmp_path: Path, capsys: Capsys
) -> None:
    argv = write(tmp_path, {**BAD, **MENDABLE})[:3]
    (tmp_path / "covidxr.toml").write_text(
        'select = ["SCH2"]\nimages = "none"\n\n[ignore]\nSCH203 = "known"\n'
    )
    assert [each["code"] for each in found(capsys, *argv)] == ["SCH205"]
    assert [each["code"] for each in found(capsys, *argv, "--select", "SCH203,CSV")] == []
    (tmp_path / "other.toml").write_text('select = ["SCH203"]\nimages = "none"\n')
    other = ["--config", str(tmp_path / "other.toml")]
    assert [each["code"] for each in found(capsys, *argv, *other)] == ["SCH203"]


def test_fixing_mends_tells_and_reports_what_is_left(tmp_path: Path, capsys: Capsys) -> None:
    argv = write(tmp_path, MENDABLE, BAD)
    assert main([*argv, "--fix", "--format", "json"]) == 1
    out, err = capsys.readouterr()
    assert [each["code"] for each in json.loads(out)["diagnostics"]] == ["SCH205"]
    assert err == "metadata.csv:2: sex: 'male' -> 'M'\nfixed 1 cells, renamed 0 files\n"
    assert (tmp_path / "metadata.csv").read_text() == build.csv_text(build.rows({"sex": "M"}, BAD))


def test_a_diff_writes_nothing_and_is_what_git_applies(tmp_path: Path, capsys: Capsys) -> None:
    argv = write(tmp_path, {}, MENDABLE, BAD, {"date": "Jan 22, 2020"})
    before = (tmp_path / "metadata.csv").read_bytes()
    assert main([*argv, "--diff"]) == 1
    patch = capsys.readouterr().out
    assert (tmp_path / "metadata.csv").read_bytes() == before
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    subprocess.run(
        ["git", "-C", str(tmp_path), "apply", "--unidiff-zero"], input=patch.encode(), check=True
    )
    applied = (tmp_path / "metadata.csv").read_bytes()
    assert applied != before
    assert main([*argv, "--diff"]) == 0
    assert capsys.readouterr().out == ""
    (tmp_path / "metadata.csv").write_bytes(before)
    main([*argv, "--fix"])
    assert (tmp_path / "metadata.csv").read_bytes() == applied


def test_a_baseline_needs_a_reason_and_then_hides_todays_problems(
    tmp_path: Path, capsys: Capsys
) -> None:
    argv = write(tmp_path, BAD)
    known = str(tmp_path / "known.json")
    assert main([*argv, "--write-baseline", known]) == 2
    assert "needs a reason" in capsys.readouterr().err
    assert main([*argv, "--write-baseline", known, "--reason", "asked"]) == 0
    assert capsys.readouterr().err == f"{known}: 1 known problems\n"
    assert main([*argv, "--baseline", known]) == 0
    (tmp_path / "covidxr.toml").write_text('baseline = "known.json"\n')
    assert main(argv) == 0


def test_the_table_may_be_of_an_earlier_day(tmp_path: Path, capsys: Capsys) -> None:
    root = tmp_path / "2020-02-01"
    root.mkdir()
    argv = [*write(root, {"date": "2020-03-04"})[:3], "--images", "none", "--select", "CLN105"]
    # A folder named after a day holds the table of that day.
    assert [each["line"] for each in found(capsys, *argv)] == [2]
    assert found(capsys, *argv, "--as-of", "2020-04-01") == []
    (root / "covidxr.toml").write_text("as-of = 2020-05-01\n")
    assert found(capsys, *argv) == []


def test_a_diff_of_a_table_that_is_not_utf_8_still_applies(tmp_path: Path) -> None:
    # In a process of its own, since only real bytes on standard output tell.
    raw = build.csv_text(build.rows({"view": "aps", "clinical_notes": "S~o Jos~"}))
    data = raw.encode().replace(b"~", b"\xe9")
    (tmp_path / "metadata.csv").write_bytes(data)
    command = [sys.executable, "-m", "covidxr", "validate", "--root", str(tmp_path), "--diff"]
    patch = subprocess.run(command, capture_output=True, check=False).stdout
    assert b"\xe9" in patch
    git = ["git", "-C", str(tmp_path), "apply", "--unidiff-zero"]
    subprocess.run(git, input=patch, check=True)
    fixed = data.replace(b"aps", b"AP Supine")
    assert (tmp_path / "metadata.csv").read_bytes() == fixed


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--diff", "--fix"], "leave out --fix"),
        (["--diff", "-o", "report"], "leave out --output"),
        (["--diff", "--format", "json"], "leave out --format"),
        (["--diff", "--summary", "report", "--fix"], "leave out --fix, --summary"),
        (["--diff", "--write-baseline", "report", "--reason", "r"], "leave out --write-baseline"),
        (["--write-baseline", "report", "--reason", "r", "--fix"], "leave out --fix"),
        (["--write-baseline", "report", "--reason", "r", "--format", "text"], "leave out --format"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_an_option_that_another_would_silence_is_refused_before_anything_is_done(
    tmp_path: Path,
    options: list[str],
    said: str,
    capsys: Capsys,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    argv = write(tmp_path, MENDABLE)
    monkeypatch.chdir(tmp_path)
    before = (tmp_path / "metadata.csv").read_bytes()
    assert main([*argv, *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert (tmp_path / "metadata.csv").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["metadata.csv"]


@pytest.mark.parametrize("form", ["concise", "jsonl", "github", "junit"])
def test_what_a_form_has_no_place_for_is_noted(form: str, tmp_path: Path, capsys: Capsys) -> None:
    argv = write(tmp_path, {})
    (tmp_path / "covidxr.toml").write_text('[ignore]\nLIC102 = "old rows"\n')
    main([*argv, "--images", "header", "--select", "LIC,IMG101", "--format", form])
    err = capsys.readouterr().err
    assert "not checked, since there is no images/ folder: IMG101" in err
    assert "the ignore of LIC102 (“old rows”) fits nothing any more" in err


def test_github_gets_paths_as_seen_from_the_working_directory(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "data" / "collection"
    root.mkdir(parents=True)
    write(root, BAD)
    monkeypatch.chdir(tmp_path)
    for given in (root, Path("data/collection/")):
        main(["validate", "--root", str(given), "--select", "SCH205", "--format", "github"])
        assert "file=data/collection/metadata.csv,line=2" in capsys.readouterr().out


def test_annotations_that_still_name_a_renamed_file_are_named(
    tmp_path: Path, capsys: Capsys
) -> None:
    argv = write(tmp_path, {"filename": "one.jpg"})
    (tmp_path / "images").mkdir()
    out = io.BytesIO()
    Image.new("L", (256, 256), 9).save(out, "PNG")
    (tmp_path / "images" / "one.jpg").write_bytes(out.getvalue())
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "scores.csv").write_text("filename,extent\none.jpg,3\n")
    main([*argv, "--images", "structure", "--select", "IMG106", "--fix"])
    assert "annotations/scores.csv still names one.jpg" in capsys.readouterr().err
