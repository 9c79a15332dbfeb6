"""Validating a collection: which rules run, what is reported, and what is held back."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from tests import build

from covidxr import validate as workflow
from covidxr.baseline import parse_baseline
from covidxr.errors import CollectionError, RuleFailedError, UsageError
from covidxr.model import Hit, ImageDepth, Severity
from covidxr.plugins import Rule, rule
from covidxr.validate import Options, update_baseline, validate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from covidxr.dataset import Dataset

TODAY = dt.date(2020, 6, 22)
BAD_SEX = {"sex": "male"}
BAD_VIEW = {"view": "HRCT"}


def write(root: Path, *changes: Mapping[str, str]) -> Path:
    text = build.csv_text(build.rows(*changes))
    (root / "metadata.csv").write_text(text, newline="")
    return root


def options(root: Path, **more: Any) -> Options:
    known: dict[str, Any] = {"today": TODAY, "depth": ImageDepth.NONE, "select": ("SCH2",)}
    return Options(root=root, **{**known, **more})


def said(root: Path, **more: Any) -> list[tuple[str, int | None]]:
    report = validate(options(root, **more)).report
    return [(each.code, each.line) for each in report.diagnostics]


def test_a_good_table_has_nothing_to_report(tmp_path: Path) -> None:
    report = validate(options(write(tmp_path, {}, {}), select=())).report
    assert report.diagnostics == ()
    assert (report.rows, report.files, report.suppressed, report.stale) == (2, 0, 0, ())
    assert not report.fails(Severity.INFO)


def test_each_bad_cell_is_reported_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, {}, BAD_SEX, BAD_VIEW)
    first, second = validate(options(tmp_path)).report.diagnostics
    assert (first.code, first.line, first.field, first.value) == ("SCH203", 3, "sex", "male")
    assert (second.code, second.line, second.row) == ("SCH202", 4, "image-3.png")


def test_select_and_ignore_choose_rules(tmp_path: Path) -> None:
    write(tmp_path, BAD_SEX, BAD_VIEW)
    assert said(tmp_path, select=("SCH202",)) == [("SCH202", 3)]
    assert said(tmp_path, ignore=("SCH202",)) == [("SCH203", 2)]
    assert said(tmp_path, select=("CSV",)) == []
    with pytest.raises(UsageError, match=r"begins with 'SCH9'"):
        said(tmp_path, ignore=("SCH9",))


def test_a_limit_shows_less_and_counts_all(tmp_path: Path) -> None:
    report = validate(options(write(tmp_path, *[BAD_SEX] * 5), limit=2)).report
    assert len(report.diagnostics) == 2
    assert report.by_code == {"SCH203": (2, 5)}
    assert report.counts[Severity.ERROR] + report.counts[Severity.WARNING] == 5
    assert report.fixable == 5


def test_without_a_key_column_only_the_file_and_its_columns_are_looked_at(tmp_path: Path) -> None:
    (tmp_path / "metadata.csv").write_text("patientid,sex\n1,male\n1,F\n")
    report = validate(options(tmp_path, select=(), ignore=("DOC",))).report
    families = {each.code[:3] for each in report.diagnostics}
    assert families <= {"CSV", "SCH"}
    assert "SCH" in families
    reasons = {code[:3]: why for code, why in report.skipped}
    assert {"LBL", "PAT", "IMG", "VOL", "CLN", "PRV", "LIC"} <= set(reasons)
    assert reasons["PAT"] == "the table has no column finding, filename"


def test_rules_about_files_say_why_they_did_not_run(tmp_path: Path) -> None:
    write(tmp_path, {})
    every: dict[str, Any] = {"select": ("IMG", "VOL")}
    reasons = {why for _, why in validate(options(tmp_path, **every)).report.skipped}
    # Rules on what files hold, wherever they lie, ask for a closer look alone.
    closer = {"it needs --images structure", "it needs --images full"}
    assert reasons - closer == {"there is no images/ folder", "there is no volumes/ folder"}
    (tmp_path / "images").mkdir()
    (tmp_path / "volumes").mkdir()
    report = validate(options(tmp_path, **every)).report
    assert dict(report.skipped)["IMG101"] == "it needs --images header"
    assert dict(report.skipped)["IMG104"] == "it needs --images structure"
    report = validate(options(tmp_path, **every, depth=ImageDepth.HEADER)).report
    assert "IMG101" not in dict(report.skipped)
    assert "IMG104" in dict(report.skipped)
    assert [each.code for each in report.diagnostics] == ["IMG101"]


def failing() -> Rule:
    @rule("TST101", severity=Severity.ERROR, since="0.1")
    def breaks(dataset: Dataset) -> Iterator[Hit]:
        """Break on purpose."""
        yield Hit(message="one")
        raise ZeroDivisionError(len(dataset.table))

    return breaks


def test_a_rule_that_raises_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workflow, "discover", lambda _package: {"TST101": failing()})
    with pytest.raises(RuleFailedError, match=r"TST101") as failed:
        validate(options(write(tmp_path, {}), select=()))
    assert failed.value.code == "TST101"
    assert isinstance(failed.value.__cause__, ZeroDivisionError)


def test_a_collection_that_cannot_be_read_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"there is no .*metadata\.csv"):
        validate(options(tmp_path))


# --- ignores and baseline ------------------------------------------------------------------------


def test_an_ignore_with_a_reason_hides_and_counts(tmp_path: Path) -> None:
    write(tmp_path, BAD_SEX, BAD_SEX, BAD_VIEW)
    report = validate(options(tmp_path, reasons={"SCH203": "being asked"})).report
    assert [each.code for each in report.diagnostics] == ["SCH202"]
    assert (report.suppressed, report.stale) == (2, ())


def test_an_ignore_that_fits_nothing_any_more_is_stale(tmp_path: Path) -> None:
    write(tmp_path, BAD_SEX)
    reasons = {"SCH203": "x", "SCH202": "mended", "SCH": "too"}
    (stale,) = [
        each for each in validate(options(tmp_path, reasons=reasons)).report.stale if "202" in each
    ]
    assert "the ignore of SCH202 (“mended”) fits nothing any more" in stale


@pytest.mark.parametrize("reasons", [{"LIC101": "x"}, {"IMG": "x"}, {"CSV1": "x"}])
def test_an_ignore_of_rules_that_did_not_run_is_not_called_stale(
    tmp_path: Path, reasons: dict[str, str]
) -> None:
    assert validate(options(write(tmp_path, {}), reasons=reasons)).report.stale == ()


def test_a_baseline_hides_what_it_knows_and_nothing_new(tmp_path: Path) -> None:
    write(tmp_path, BAD_SEX, BAD_VIEW)
    known = tmp_path / "known.json"
    assert update_baseline(options(tmp_path), known, "asked the author") == 2
    assert said(tmp_path, baseline=known) == []
    # Lines move, and a new row has the same mistake: only the new one is news.
    text = build.csv_text([*build.rows({}, BAD_SEX)[1:], *build.rows(BAD_SEX, BAD_VIEW)])
    (tmp_path / "metadata.csv").write_text(text)
    report = validate(options(tmp_path, baseline=known)).report
    assert [(each.code, each.line) for each in report.diagnostics] == [("SCH203", 2)]
    assert (report.suppressed, report.stale) == (2, ())


def test_an_entry_of_a_mended_problem_is_stale(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    update_baseline(options(write(tmp_path, BAD_SEX)), known, "r")
    write(tmp_path, {})
    (stale,) = validate(options(tmp_path, baseline=known)).report.stale
    assert stale.startswith("the baseline's SCH203 at metadata.csv image-1.png sex fits nothing")
    assert validate(options(tmp_path, baseline=known, select=("CSV",))).report.stale == ()


def test_an_entry_that_expired_counts_again_until_it_is_accepted_anew(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    update_baseline(options(write(tmp_path, BAD_SEX)), known, "r")
    text = known.read_text().replace('"added"', '"expires": "2020-06-22", "added"')
    known.write_text(text)
    before = dt.date(2020, 6, 21)
    assert said(tmp_path, baseline=known, today=before) == []
    report = validate(options(tmp_path, baseline=known)).report
    assert [each.code for each in report.diagnostics] == ["SCH203"]
    assert report.stale == (
        "the baseline's SCH203 at metadata.csv image-1.png sex expired on 2020-06-22",
    )
    update_baseline(options(tmp_path), known, "for good")
    assert said(tmp_path, baseline=known) == []


# --- since a revision ----------------------------------------------------------------------------

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(root: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(root), *who, *words], check=True, capture_output=True)


def commit(root: Path) -> None:
    git(root, "init")
    git(root, "add", ".")
    git(root, "commit", "-m", "base")


@needs_git
def test_since_a_revision_only_changed_rows_and_new_problems_count(tmp_path: Path) -> None:
    write(tmp_path, BAD_SEX, BAD_SEX, {})
    commit(tmp_path)
    assert said(tmp_path, since="HEAD") == []
    # A row put in front, another problem on the second, a word on the third.
    rows = build.rows(BAD_SEX, {**BAD_SEX, "location": "Springfield"}, {}, BAD_VIEW)
    text = build.csv_text([rows[3], *rows[:3]])
    (tmp_path / "metadata.csv").write_text(text)
    assert said(tmp_path, since="HEAD") == [("SCH202", 2), ("SCH203", 4)]
    assert said(tmp_path) == [("SCH202", 2), ("SCH203", 3), ("SCH203", 4)]


@needs_git
def test_since_a_revision_a_new_row_can_bring_a_problem_to_an_old_one(tmp_path: Path) -> None:
    write(tmp_path, {"patientid": "1"}, {})
    commit(tmp_path)
    write(tmp_path, {"patientid": "1"}, {}, {"patientid": "1", "sex": "M"})
    lines = {line for _, line in said(tmp_path, since="HEAD", select=("PAT101",))}
    assert lines
    assert lines <= {2, 4}


@needs_git
def test_since_a_revision_a_changed_file_counts_with_its_row(tmp_path: Path) -> None:
    write(tmp_path, {"filename": "a.png"}, {"filename": "b.png"})
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "images" / name).write_bytes(b"no picture")
    commit(tmp_path)
    files: dict[str, Any] = {"select": ("IMG103",), "depth": ImageDepth.STRUCTURE}
    assert len(said(tmp_path, **files)) == 2
    assert said(tmp_path, **files, since="HEAD") == []
    (tmp_path / "images" / "b.png").write_bytes(b"no picture either")
    report = validate(options(tmp_path, **files, since="HEAD")).report
    (each,) = report.diagnostics
    assert "b.png" in (each.file, each.row, each.file.rpartition("/")[2])


@needs_git
def test_since_a_revision_annotations_of_old_are_as_they_were(tmp_path: Path) -> None:
    write(tmp_path, {"filename": "a.png"}, {"filename": "b.png"})
    (tmp_path / "annotations").mkdir()
    header = "## License: CC0-1.0\n## Citation: A. Reader\nfilename,opacity_mean\n"
    for name in ("old", "new"):
        (tmp_path / "annotations" / f"{name}.csv").write_text(f"{header}a.png,7\n")
    commit(tmp_path)
    assert said(tmp_path, select=("ANN",)) == [("ANN110", 4), ("ANN110", 4)]
    assert said(tmp_path, since="HEAD", select=("ANN",)) == []
    # One file changes, and the row that both are about goes.
    (tmp_path / "annotations" / "new.csv").write_text(f"{header}a.png,8\n")
    assert said(tmp_path, since="HEAD", select=("ANN",)) == [("ANN110", 4)]
    write(tmp_path, {"filename": "b.png"})
    assert said(tmp_path, since="HEAD", select=("ANN103",)) == [("ANN103", 4), ("ANN103", 4)]


@needs_git
def test_since_a_revision_a_licence_that_was_taken_away_is_new(tmp_path: Path) -> None:
    write(tmp_path, {"filename": "a.png"})
    (tmp_path / "annotations").mkdir()
    (tmp_path / "annotations" / "a.csv").write_text("filename,opacity_mean\na.png,1\n")
    note = tmp_path / "annotations" / "README.md"
    note.write_text("License: CC0-1.0\nCitation: A. Reader\n")
    commit(tmp_path)
    note.unlink()
    codes = [code for code, _ in said(tmp_path, since="HEAD", select=("ANN",))]
    assert codes == ["ANN113", "ANN114"]


@needs_git
@pytest.mark.parametrize("move", [True, False], ids=["renamed", "deleted"])
def test_since_a_revision_a_file_that_its_row_has_lost_counts(tmp_path: Path, move: bool) -> None:  # noqa: FBT001
    write(tmp_path, {"filename": "a.png"}, {"filename": "b.png"}, {"filename": "never-there.png"})
    (tmp_path / "images").mkdir()
    for name in ("a.png", "b.png"):
        (tmp_path / "images" / name).write_bytes(b"x")
    commit(tmp_path)
    files: dict[str, Any] = {"select": ("IMG101",), "depth": ImageDepth.HEADER, "since": "HEAD"}
    assert said(tmp_path, **files) == []
    if move:
        git(tmp_path, "mv", "images/b.png", "images/c.png")
    else:
        (tmp_path / "images" / "b.png").unlink()
    assert said(tmp_path, **files) == [("IMG101", 3)]


@needs_git
def test_since_a_revision_a_document_that_is_gone_counts(tmp_path: Path) -> None:
    write(tmp_path, {"license": "LicenseRef-Mine"})
    (tmp_path / "LICENSES.md").write_text("LicenseRef-Mine: everybody may use it.\n")
    commit(tmp_path)
    select = ("LIC104",)
    assert said(tmp_path, select=select, since="HEAD") == []
    (tmp_path / "LICENSES.md").unlink()
    assert said(tmp_path, select=select, since="HEAD") == [("LIC104", 2)]


@needs_git
def test_since_a_revision_a_changed_file_without_a_row_counts(tmp_path: Path) -> None:
    write(tmp_path, {})
    (tmp_path / "images").mkdir()
    for name in ("old.png", "touched.png"):
        (tmp_path / "images" / name).write_bytes(b"x")
    commit(tmp_path)
    (tmp_path / "images" / "touched.png").write_bytes(b"y")
    report = validate(
        options(tmp_path, select=("IMG102",), depth=ImageDepth.HEADER, since="HEAD")
    ).report
    assert [each.file for each in report.diagnostics] == ["images/touched.png"]


@needs_git
def test_since_a_revision_without_the_table_all_of_it_is_new(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("x")
    commit(tmp_path)
    write(tmp_path, BAD_SEX)
    assert said(tmp_path, since="HEAD") == [("SCH203", 2)]


@needs_git
def test_since_a_revision_nothing_is_called_stale(tmp_path: Path) -> None:
    write(tmp_path, BAD_SEX)
    commit(tmp_path)
    report = validate(options(tmp_path, since="HEAD", reasons={"SCH202": "x"})).report
    assert report.stale == ()


def test_a_baseline_written_by_some_rules_keeps_what_others_had_said(tmp_path: Path) -> None:
    write(tmp_path, {"temperature": "300"}, {"license": ""})
    known = tmp_path / "known.json"
    every = options(tmp_path, select=("SCH", "LIC"))
    update_baseline(every, known, "old table")
    before = parse_baseline(known.read_text("utf-8"), where="known.json")
    assert {entry.code for entry in before} == {"SCH205", "LIC101"}
    update_baseline(replace(every, select=("SCH",)), known, "again")
    assert parse_baseline(known.read_text("utf-8"), where="known.json") == before


def test_a_baseline_of_a_row_without_a_file_hides_no_other_such_row(tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    chosen = options(tmp_path, select=("SCH201",))
    write(tmp_path, {}, {}, {"filename": ""})
    assert update_baseline(chosen, known, "not scanned yet") == 1
    write(tmp_path, {"filename": ""}, {"filename": ""}, {"filename": ""})
    assert said(tmp_path, select=("SCH201",), baseline=known) == [("SCH201", 2), ("SCH201", 3)]
    # A line above moves it, and it is known still.
    (tmp_path / "metadata.csv").write_text(
        build.csv_text([build.GOOD_ROW, *build.rows({}, {}, {"filename": ""})[::-1]])
    )
    assert said(tmp_path, select=("SCH201",), baseline=known) == []


def test_a_baseline_that_cannot_be_named_is_an_error_of_the_world(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match="File name too long"):
        update_baseline(options(write(tmp_path, BAD_SEX)), tmp_path / ("x" * 300), "r")
