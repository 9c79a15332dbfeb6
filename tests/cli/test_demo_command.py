"""``covidxr demo`` from a newcomer's chair: what runs, what stays, what is never asked."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.counting import counted, of_readme, rows_of

from covidxr import demo, scrape
from covidxr.cli.app import COMMANDS, main
from covidxr.errors import CovidxrError
from covidxr.settings import parse_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

Capsys = pytest.CaptureFixture[str]
PAGE = (Path(__file__).parents[2] / "docs" / "demo.md").read_text(encoding="utf-8")
GROUPS = (("PA", "AP"), ("AP Supine",))
PROGRAM = "from covidxr.__main__ import entry; entry()"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One whole demonstration: its folder, its end, what it printed, whom it talked to."""

    folder: Path
    code: int
    text: str
    reached: tuple[Any, ...]

    @property
    def commands(self) -> list[str]:
        return [line[2:] for line in self.text.splitlines() if line.startswith("$ covidxr ")]


@contextlib.contextmanager
def watched() -> Iterator[list[Any]]:
    """Note every address that is connected to or looked up."""
    reached: list[Any] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def noting(self: socket.socket, address: Any) -> None:
        reached.append(address[0])
        connect(self, address)

    def asking(host: Any, *arguments: Any, **options: Any) -> Any:
        reached.append(host)
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", noting)
        patch.setattr(socket, "getaddrinfo", asking)
        yield reached


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """The demonstration, run once, without its small waits."""
    folder = tmp_path_factory.mktemp("demo") / "try-covidxr"
    screen = io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        watched() as reached,
        contextlib.redirect_stdout(screen),
        contextlib.redirect_stderr(screen),
    ):
        patch.setattr(demo, "_DELAY_SECONDS", 0)
        code = main(["demo", str(folder)])
    return Shown(folder=folder, code=code, text=screen.getvalue(), reached=tuple(reached))


def run(folder: Path, *more: str) -> subprocess.Popen[str]:
    """Start it as a program."""
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "demo", str(folder), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_whole_demonstration_ends_well(shown: Shown) -> None:
    assert shown.code == 0, shown.text
    assert "the demonstration ends here" not in shown.text


def test_nothing_leaves_the_machine(shown: Shown) -> None:
    assert set(shown.reached) == {"127.0.0.1"}
    assert "nothing leaves it" in shown.text


def test_each_printed_command_is_one_that_may_be_typed(shown: Shown, capsys: Capsys) -> None:
    known = set(COMMANDS)
    assert len(shown.commands) > 20
    for line in shown.commands:
        _, name, *arguments = shlex.split(line, comments=True)
        if name == "--help":
            continue
        assert name in known
        main([name, "--help"])
        page = capsys.readouterr().out
        for option in (each for each in arguments if each.startswith("-")):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", page), line


def test_every_step_is_run_in_order(shown: Shown) -> None:
    wanted = [step.command for step in demo.steps(set(COMMANDS))]
    assert shown.commands[: len(wanted)] == wanted


def test_what_is_left_validates_clean(
    shown: Shown, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(shown.folder)
    assert main(["validate", "--images", "full", "--fail-on", "info"]) == 0
    assert "10 rows, 10 files: no problems" in capsys.readouterr().out


def test_the_label_table_changes_by_what_was_accepted_and_nothing_else(shown: Shown) -> None:
    before = rows_of(dict(demo.files())["metadata.csv"].decode())
    after = rows_of((shown.folder / "metadata.csv").read_text())
    assert after[: len(before)] == before
    told = re.findall(r"^accepted: \S+ -> (\S+), patient (\d+)", shown.text, re.MULTILINE)
    assert [(row["filename"], row["patientid"]) for row in after[len(before) :]] == told
    assert of_readme((shown.folder / "README.md").read_text()) == counted(after, GROUPS)
    old, new = counted(before, GROUPS), counted(after, GROUPS)
    # A radiograph of COVID-19 and one of pneumonia; slices of a CT are in no group of views.
    grown = {key[1]: new[key][0] - old.get(key, (0, 0))[0] for key in new}
    assert {label: more for label, more in grown.items() if more} == {
        "Pneumonia": 2,
        "Pneumonia/Viral": 1,
        "Pneumonia/Viral/COVID-19": 1,
    }


def test_what_was_decided_is_in_the_books(shown: Shown) -> None:
    books = rows_of((shown.folder / "provenance.csv").read_text())
    told = [(each["decision"], each["decided_by"]) for each in books]
    assert told.count(("accept", "A. Curator")) == 6
    assert told.count(("reject", "A. Curator")) == 2
    assert all(each["sha256"] and each["page_url"] for each in books)


def test_what_is_left_is_listed_and_asks_no_real_site(
    shown: Shown, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = shown.text.partition(f"# In {shown.folder}:")[2]
    for path in shown.folder.iterdir():
        assert path.name in listed
    settings = parse_settings((shown.folder / "covidxr.toml").read_text(), where="covidxr.toml")
    assert settings is not None
    assert {route.base for route in settings.routes.values()} == {"http://127.0.0.1:9"}
    assert {route.delay_seconds for route in settings.routes.values()} == {None}


def test_the_page_shows_what_is_printed(shown: Shown) -> None:
    (block,) = re.findall(r"^```\n(\$ covidxr demo .*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    first, *lines = block.splitlines()
    assert first == "$ covidxr demo try-covidxr"
    text = shown.text.replace(str(shown.folder), "/home/ada/try-covidxr")
    at = 0
    for passage in "\n".join(lines).split("…\n"):
        assert passage in text[at:], passage
        at = text.index(passage, at) + len(passage)


# --- what may go otherwise -----------------------------------------------------------------------


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["demo", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "is not empty" in err
    assert "name a folder that is not there yet" in err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_interrupt_of_a_command_ends_the_whole_and_leaves_the_folder(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scrape, "scrape", interrupted)
    assert main(["demo", str(tmp_path / "new")]) == 130
    out, err = capsys.readouterr()
    assert out.count("$ covidxr scrape") == 1
    assert f"its folder stays: {(tmp_path / 'new').resolve()}" in err
    assert (tmp_path / "new" / "metadata.csv").is_file()


def test_ctrl_c_leaves_the_folder_and_ends_130(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    started = run(folder)
    assert started.stdout is not None
    for line in started.stdout:
        if line.startswith("$ covidxr scrape eurorad"):
            break
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=60)
    assert started.returncode == 130, err
    assert "Traceback" not in err
    assert f"its folder stays: {folder.resolve()}" in err
    assert (folder / "metadata.csv").is_file()
    assert "http://127.0.0.1:9" in (folder / "covidxr.toml").read_text()


def test_a_reader_that_goes_away_is_no_mistake(tmp_path: Path) -> None:
    with run(tmp_path / "new") as started:
        assert started.stdout is not None
        assert started.stderr is not None
        started.stdout.readline()
        started.stdout.close()
        err = started.stderr.read()
    assert "Traceback" not in err
    assert "a bug in covidxr" not in err
    assert started.returncode == 0


def test_a_step_that_ends_otherwise_is_named(
    tmp_path: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unable(*_arguments: object) -> None:
        raise CovidxrError("no such luck")

    monkeypatch.setattr(scrape, "scrape", unable)
    assert main(["demo", str(tmp_path / "new")]) == 1
    err = capsys.readouterr().err
    assert "`covidxr scrape eurorad pneumonia --limit 3` ended with 2, not 1" in err


def test_quiet_holds_for_what_it_runs(tmp_path: Path, capsys: Capsys) -> None:
    step = demo.Step(why="Says on standard error what it did.", argv=("schema", "--write"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "steps", lambda _commands: (step,))
        assert main(["--quiet", "demo", str(tmp_path / "new")]) == 0
    assert capsys.readouterr().err == ""
