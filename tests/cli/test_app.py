"""The error boundary: exit codes, and what a person sees of each kind of failure."""

from __future__ import annotations

import io
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from tests import build

import covidxr
from covidxr import validate as workflow
from covidxr.cli import output
from covidxr.cli.app import BUG, COMMANDS, FINE, INTERRUPTED, LOOK, UNABLE, main
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def root(tmp_path: Path) -> str:
    (tmp_path / "metadata.csv").write_text(build.csv_text(build.rows({})))
    return str(tmp_path)


@pytest.fixture(autouse=True)
def _display() -> Iterator[None]:
    """Give the next test the screen as it was."""
    yield
    output.display.colour, output.display.quiet = "auto", False


def failing_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def fail(*_arguments: Any, **_options: Any) -> NoReturn:
        raise error

    monkeypatch.setattr(workflow, "validate", fail)


def test_nothing_to_fix_is_0_and_something_to_look_at_is_1(root: str, capsys: Capsys) -> None:
    argv = ["validate", "--root", root, "--images", "none", "--select", "SCH"]
    assert main(argv) == FINE
    with open(f"{root}/metadata.csv", "a", encoding="utf-8") as file:  # noqa: PTH123
        file.write(build.csv_text(build.rows({"age": "200"})).splitlines()[1] + "\n")
    assert main(argv) == LOOK
    assert "200" in capsys.readouterr().out


@pytest.mark.parametrize(
    "argv",
    [
        ["--no-such-option"],
        ["no-such-command"],
        ["validate", "--no-such-option"],
        ["validate", "--format", "pdf"],
        ["validate", "--select", "XYZ"],
        ["validate", "--ignore", "IMG999"],
        ["validate", "--images", "deep"],
        ["validate", "--fail-on", "fatal"],
        ["validate", "--limit", "-1"],
        ["validate", "--limit", "many"],
        ["validate", "--jobs", "0"],
        ["validate", "--as-of", "tomorrow"],
        ["validate", "--config", "absent.toml"],
        ["validate", "--baseline", "absent.json"],
        ["validate", "--since", "no-such-revision"],
        ["rule", "XYZ999"],
        ["rule"],
        ["rules", "--format", "pdf"],
        ["migrate", "--encoding", "martian"],
        ["stats", "--format", "pdf"],
        ["--color", "blue", "rules"],
        ["--color", "", "rules"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_2_with_words_and_no_traceback(
    root: str, argv: list[str], capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The table is there and good: the arguments are at fault.
    monkeypatch.chdir(root)
    assert main(argv) == UNABLE
    out, err = capsys.readouterr()
    assert out == ""
    assert err
    assert "Traceback" not in err


@pytest.mark.parametrize("argv", [["--help"], ["-h"], ["validate", "-h"], ["migrate", "--help"]])
def test_help_is_0(argv: list[str], capsys: Capsys) -> None:
    assert main(argv) == FINE
    out, err = capsys.readouterr()
    assert "Usage" in out
    assert err == ""


def test_the_list_of_commands_is_the_same_whether_or_not_they_could_be_run(
    capsys: Capsys,
) -> None:
    pages = []
    for argv in (["--help"], ["-h"], [], ["--color", "never", "--help"]):
        main(argv)
        pages.append("".join(capsys.readouterr()).strip())
    assert pages == pages[:1] * 4
    assert all(f" {name} " in pages[0] for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_commands_help_says_what_its_author_wrote_line_breaks_aside(
    name: str, capsys: Capsys
) -> None:
    assert main([name, "--help"]) == 0
    page = " ".join(capsys.readouterr().out.split())
    assert " ".join((COMMANDS[name].__doc__ or "").split()) in page


def test_a_paragraph_of_help_is_broken_where_the_screen_ends(capsys: Capsys) -> None:
    main(["export", "--help"])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    start = next(number for number, line in enumerate(lines) if line.startswith("It is validated"))
    paragraph = lines[start : lines.index("", start)]
    assert len(paragraph) > 2
    assert all(len(line) > 60 for line in paragraph[:-1])


def test_a_command_that_is_not_there_is_2_and_one_like_it_is_named(capsys: Capsys) -> None:
    assert main(["validte"]) == 2
    assert "Did you mean 'validate'?" in capsys.readouterr().err


def test_options_in_front_of_a_command_reach_it(root: str, capsys: Capsys) -> None:
    main(["validate", "--root", root])
    plain = capsys.readouterr().out
    main(["--color", "always", "validate", "--root", root])
    coloured = capsys.readouterr().out
    assert "\x1b[" in coloured
    assert "\x1b[" not in plain


def test_the_version_is_printed_alone(capsys: Capsys) -> None:
    assert main(["--version"]) == FINE
    assert capsys.readouterr().out == f"covidxr {covidxr.__version__}\n"


def test_ctrl_c_is_130_with_one_line(
    root: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(monkeypatch, KeyboardInterrupt())
    assert main(["validate", "--root", root]) == INTERRUPTED
    assert capsys.readouterr().err == "covidxr: interrupted; what was done so far is kept\n"


def test_a_bug_is_3_and_says_where_to_report_it(
    root: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(monkeypatch, ZeroDivisionError("by zero"))
    assert main(["validate", "--root", root]) == BUG
    err = capsys.readouterr().err
    assert f"a bug in covidxr {covidxr.__version__}" in err
    assert "ZeroDivisionError('by zero')" in err
    assert "issues/new" in err
    assert "Traceback" not in err


def test_a_bugs_traceback_is_there_for_the_asking(
    root: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(monkeypatch, ZeroDivisionError("by zero"))
    assert main(["--debug", "validate", "--root", root]) == BUG
    assert "Traceback (most recent call last)" in capsys.readouterr().err


def test_a_rule_that_raises_is_3_and_is_named(
    root: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    @rule("TST101", severity=Severity.ERROR, since="0.1")
    def breaks(dataset: Dataset) -> Iterator[Hit]:
        """Break on purpose."""
        raise ZeroDivisionError(len(dataset.table))

    monkeypatch.setattr(workflow, "discover", lambda _package: {"TST101": breaks})
    assert main(["validate", "--root", root, "--images", "none"]) == BUG
    assert "rule TST101: ZeroDivisionError(1)" in capsys.readouterr().err


def test_a_reader_that_went_away_is_no_error(root: str, monkeypatch: pytest.MonkeyPatch) -> None:
    failing_with(monkeypatch, BrokenPipeError())
    before = sys.stdout
    try:
        assert main(["validate", "--root", root]) == FINE
    finally:
        sys.stdout = before


# --- the screen ----------------------------------------------------------------------------------

ESCAPE = "\x1b["


@pytest.mark.parametrize(
    ("argv", "environment", "coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colours_are_there_when_they_are_wanted(
    root: str,
    argv: list[str],
    environment: dict[str, str],
    capsys: Capsys,
    monkeypatch: pytest.MonkeyPatch,
    *,
    coloured: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    main([*argv, "validate", "--root", root, "--select", "LIC,SCH,IMG", "--images", "none"])
    assert (ESCAPE in capsys.readouterr().out) is coloured


def test_quiet_leaves_the_result_alone(root: str, capsys: Capsys) -> None:
    argv = ["validate", "--root", root, "--images", "none", "--fix"]
    main(argv)
    assert "fixed 0 cells" in capsys.readouterr().err
    main(["--quiet", *argv])
    assert capsys.readouterr().err == ""


def test_characters_that_the_screen_lacks_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    output.write("10³/µL \udce9")
    assert raw.getvalue() == rb"10\xb3/\xb5L \udce9" + b"\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_standard_output_is_told_and_ends_with_2() -> None:
    command = [sys.executable, "-m", "covidxr", "rules"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "standard output cannot be written" in done.stderr


def test_a_reader_that_goes_away_is_no_mistake() -> None:
    command = f"{shlex.quote(sys.executable)} -m covidxr rules | head -n 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("ANN101")
    assert done.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize(
    "argv",
    [["stats"], ["schema"], ["--help"], ["stats", "--help"], ["--version"], ["completion", "bash"]],
    ids=" ".join,
)
def test_a_full_disk_is_told_whoever_writes(root: str, argv: list[str]) -> None:
    command = [sys.executable, "-m", "covidxr", *argv]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, cwd=root, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 2
    assert done.stderr == "covidxr: standard output cannot be written: No space left on device\n"


def test_a_table_is_printed_on_a_screen_that_lacks_characters(root: str) -> None:
    command = [sys.executable, "-m", "covidxr", "stats", "--by", "source"]
    environment = {"PYTHONIOENCODING": "ascii", "PATH": ""}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "COVID-19" in done.stdout


def test_a_bugs_message_is_no_line_of_its_own(
    root: str, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_with(monkeypatch, ValueError("x\n::warning::pwned\x1b[31m"))
    assert main(["--debug", "validate", "--root", root]) == BUG
    err = capsys.readouterr().err
    assert ESCAPE not in err
    assert not [line for line in err.splitlines() if line.lstrip().startswith("::")]
