"""`covidxr takedown`, as a user types it."""

from __future__ import annotations

import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from tests import candidates, taken
from tests.clock import FakeClock

from covidxr.cli import clock
from covidxr.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WHY = ("--reason", "the patient asked", "--by", "Ann")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(clock, "system", FakeClock())
    return taken.collection(tmp_path)


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def typed(*argv: str) -> tuple[int, str, str]:
        code = main(["takedown", *argv, "--root", str(root)])
        out, err = capsys.readouterr()
        return code, out, err

    return typed


class Terminal(io.StringIO):
    """What somebody types at a terminal."""

    def isatty(self) -> bool:
        return True


GONE = """\
removed 2 rows of 1 patient from metadata.csv
  line 2: patient 7, a-1.png
  line 3: patient 7, a-2.png
removed 2 files
  images/a-1.png
  images/a-2.png
removed 2 annotation files
  annotations/masks/a-1_mask.png
  annotations/masks/a-2_mask.png
removed 8 entries of other annotation files
  annotations/boxes.json: 6
  annotations/scores.csv: 2
wrote 2 lines to provenance.csv
copies remain in
  git's history and every clone of it: git filter-repo --invert-paths --path images/a-1.png \
--path images/a-2.png --path annotations/masks/a-1_mask.png --path \
annotations/masks/a-2_mask.png, which rewrites all commits
  earlier versions of metadata.csv and annotations/, in git's history, too
"""


def test_it_says_what_was_removed(root: Path, run: Any) -> None:
    assert run("7", *WHY, "--yes") == (0, GONE, "")
    assert not (root / "images" / "a-1.png").exists()
    assert "the patient asked,Ann,2026-01-02T03:04:05Z" in (root / "provenance.csv").read_text()


def test_a_dry_run_says_the_same_and_changes_nothing(root: Path, run: Any) -> None:
    before = taken.files(root)
    code, out, err = run("7", *WHY, "--dry-run")
    assert (code, err) == (0, "")
    assert out == GONE.replace("removed", "would remove").replace("wrote", "would write")
    assert taken.files(root) == before


def test_without_a_terminal_and_without_yes_nothing_goes(
    root: Path, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    before = taken.files(root)
    assert run("7", *WHY) == (
        2,
        "",
        "covidxr: this removes files for good: look at it with --dry-run, then say --yes\n",
    )
    assert taken.files(root) == before


@pytest.mark.parametrize("typed", ["n\n", "\n", "", "maybe\n"])
def test_on_a_terminal_it_shows_and_asks_and_takes_no_for_no(
    root: Path, run: Any, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(typed))
    before = taken.files(root)
    ended, out, err = run("7", *WHY)
    assert (ended, out) == (1, "")
    assert err.endswith("Remove all of this? [y/N] nothing was changed\n")
    assert "would remove 2 files\n  images/a-1.png\n" in err
    assert taken.files(root) == before


def test_on_a_terminal_yes_is_yes(root: Path, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    code, out, err = run("7", *WHY)
    assert (code, out) == (0, GONE)
    assert err.endswith("Remove all of this? [y/N] ")
    assert not (root / "images" / "a-1.png").exists()


def test_json_tells_the_same(root: Path, run: Any) -> None:
    (root / "README.md").write_text("<!-- covidxr stats: begin -->\nsee a-1.png\n")
    (root / ".covidxr").mkdir()
    (root / ".covidxr" / "http.sqlite").write_bytes(b"")
    candidates.keep(root, candidates.case(5))
    code, out, _ = run("7", "eurorad.org/case/5", *WHY, "--yes", "--format", "json")
    told = json.loads(out)
    assert code == 1
    assert told["rows"][0] == {"line": 2, "patientid": "7", "filename": "a-1.png"}
    assert told["files"] == ["images/a-1.png", "images/a-2.png"]
    assert told["annotation_entries"] == {"annotations/boxes.json": 6, "annotations/scores.csv": 2}
    assert told["candidates"] == ["eurorad/5"]
    assert told["look_at"] == [{"path": "README.md", "why": "it still names a-1.png"}]
    assert told["renew"] == ["covidxr stats --write README.md"]
    assert told["provenance_lines"] == 3
    assert told["removed"] is True
    assert "rm .covidxr/http.sqlite" in told["copies_remain"][-1]


def test_many_files_are_named_once_and_the_command_takes_them_from_a_file(run: Any) -> None:
    _, out, _ = run("7", "8", "9", *WHY, "--dry-run")
    assert "filter-repo --invert-paths --paths-from-file FILE" in out
    assert "would remove 5 rows of 3 patients" in out


def test_what_stays_is_named_and_ends_with_one(root: Path, run: Any) -> None:
    (root / "README.md").write_text("a-1.png \x1b[31m")
    code, out, _ = run("a-1.png", *WHY, "--yes")
    assert code == 1
    assert "look at\n  README.md: it still names a-1.png\n" in out


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (("7", "--yes"), "say so with --reason"),
        (("7", "--yes", "--reason", " "), "say so with --reason"),
        (("a-3.png", *WHY), "no page, paper, patient or file 'a-3.png'; did you mean"),
        (("7", *WHY, "--format", "xml"), "'xml' is not text or json"),
        ((*WHY,), "NAME"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused_and_writes_nothing(
    root: Path, run: Any, argv: tuple[str, ...], told: str
) -> None:
    before = taken.files(root)
    code, out, err = run(*argv)
    assert (code, out) == (2, "")
    assert told in err
    assert taken.files(root) == before


def test_names_in_the_data_cannot_write_to_the_terminal(tmp_path: Path, run: Any) -> None:
    table = tmp_path / "metadata.csv"
    table.write_text(table.read_text().replace("a-1.png", "a\x1b[31m.png"))
    _, out, _ = run("7", *WHY, "--dry-run")
    assert "\x1b" not in out
    assert r"a\x1b[31m.png" in out


def test_validate_says_nothing_new_after_it(
    root: Path, run: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    def said() -> list[str]:
        main(["validate", "--root", str(root), "--format", "concise"])
        told = (line.partition(": ")[2] for line in capsys.readouterr().out.splitlines())
        # Lines that stay move up when others go.
        return sorted(re.sub(r"line \d+", "line N", line) for line in told)

    before = said()
    run("7", *WHY, "--yes")
    assert set(said()) - {line for line in said() if "rows" in line} <= set(before)
