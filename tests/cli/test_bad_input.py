"""Whatever stands in the table's place: clear words and an exit code, and nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from tests import build

from covidxr.cli.app import main

if TYPE_CHECKING:
    from collections.abc import Callable

Capsys = pytest.CaptureFixture[str]

GOOD = build.csv_text(build.rows({}, {"sex": "male"})).encode()
COMMANDS = [
    ["validate", "--images", "none"],
    ["validate", "--fix"],
    ["validate", "--diff"],
    ["stats"],
    ["migrate"],
]
every_command = pytest.mark.parametrize("command", COMMANDS, ids=" ".join)


def nothing(_path: Path) -> None:
    return


def a_folder(path: Path) -> None:
    path.mkdir()


def a_link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere.csv")


def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def holding(raw: bytes) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        path.write_bytes(raw)

    return make


NO_TABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "no table": (nothing, "there is no"),
    "an empty one": (holding(b""), "is empty"),
    "a folder": (a_folder, "is a folder"),
    "a broken link": (a_link_to_nowhere, "is a link to nowhere.csv, which is not there"),
    "a link to itself": (a_link_to_itself, "is a link to metadata.csv"),
    "a pipe": (a_pipe, "is a pipe or a device"),
    "UTF-16": (holding(GOOD.decode().encode("utf-16")), "UTF-16; save it as UTF-8"),
    "blank lines": (holding(b"\n\n\n"), "has no header"),
    "a million columns": (holding(b",".join([b"x"] * 1_000_000)), "1,000,000 columns"),
}


@every_command
@pytest.mark.parametrize(("make", "words"), NO_TABLE.values(), ids=NO_TABLE)
def test_what_is_no_table_is_one_clear_line_and_2(
    command: list[str],
    make: Callable[[Path], None],
    words: str,
    tmp_path: Path,
    capsys: Capsys,
) -> None:
    make(tmp_path / "metadata.csv")
    before = os.listdir(tmp_path)  # noqa: PTH208
    assert main([*command, "--root", str(tmp_path)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (line,) = err.splitlines()
    assert line.startswith(f"covidxr: {tmp_path}/metadata.csv") or words == "there is no"
    assert words in line
    assert os.listdir(tmp_path) == before  # noqa: PTH208


ODD_TABLES = {
    "a header alone": GOOD.splitlines(keepends=True)[0],
    "a header without a line end": GOOD.splitlines()[0],
    "NUL bytes": GOOD.replace(b"Springfield", b"Spring\0field"),
    "nothing but NUL": b"\0" * 1000,
    "no UTF-8": GOOD.replace(b"Springfield", b"Z\xfcrich"),
    "broken UTF-8": GOOD.replace(b"Springfield", b"\xed\xa0\x80\xc3"),
    "a byte order mark": b"\xef\xbb\xbf" + GOOD,
    "old Mac line ends": GOOD.replace(b"\n", b"\r"),
    "an open quote": GOOD + b'"1,2\n3',
    "one column": b"patientid\n1\n\n2\n",
    "names twice": b"sex,sex,patientid,patientid\nM,F,1,2\n",
    "other columns": b"a,b,c\n1,2,3\n",
    "one cell": b"x",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)),
    "a web page": b"<!DOCTYPE html>\n<html><body>Not, found</body></html>\n",
    "line separators": GOOD.replace(b"Springfield", "a\u2028b\u0085c\x0bd\x0ce".encode()),
    "a huge number": GOOD.replace(b",54,", b"," + b"9" * 5000 + b","),
    "other digits": GOOD.replace(b",54,", ",٥٤,".encode()),
}


@every_command
@pytest.mark.parametrize("raw", ODD_TABLES.values(), ids=ODD_TABLES)
def test_an_odd_table_is_reported_on_and_never_stumbled_over(
    command: list[str],
    raw: bytes,
    tmp_path: Path,
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    (tmp_path / "metadata.csv").write_bytes(raw)
    code = main([*command, "--root", str(tmp_path)])
    out, err = capsysbinary.readouterr()
    assert code in {0, 1, 2}, err
    assert b"Traceback" not in err
    assert out or err or "--diff" in command  # there is nothing to mend
    if command[0] != "migrate" and "--fix" not in command:
        assert (tmp_path / "metadata.csv").read_bytes() == raw
    assert [path.name for path in tmp_path.iterdir()] == ["metadata.csv"]


@pytest.mark.parametrize("name", ["NUL bytes", "no UTF-8", "a header alone", "other columns"])
def test_an_odd_table_has_diagnostics(name: str, tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "metadata.csv").write_bytes(ODD_TABLES[name])
    argv = ["validate", "--root", str(tmp_path), "--images", "none", "--format", "json"]
    assert main(argv) in {0, 1}
    found = json.loads(capsys.readouterr().out)["diagnostics"]
    expected = {"NUL bytes": "CSV109", "no UTF-8": "CSV101", "a header alone": "CSV114"}
    assert expected.get(name, "SCH101") in {each["code"] for each in found}


def test_a_cell_of_50_mb_is_a_diagnostic(tmp_path: Path, capsys: Capsys) -> None:
    raw = GOOD.replace(b"Case courtesy", b"x" * 50_000_000, 1)
    (tmp_path / "metadata.csv").write_bytes(raw)
    argv = ["validate", "--root", str(tmp_path), "--images", "none", "--format", "json", "--fix"]
    assert main(argv) in {0, 1}
    out, err = capsys.readouterr()
    assert "Traceback" not in err
    found = json.loads(out)["diagnostics"]
    assert ("CSV110", 2) in {(each["code"], each["line"]) for each in found}
    # Another cell was mended; the huge one is still there, and no report repeats it.
    assert (tmp_path / "metadata.csv").read_bytes() == raw.replace(b",male,", b",M,")
    assert len(out) < 1_000_000


# --- permission ----------------------------------------------------------------------------------
# Root may read and write everything, so the operating system's answer is put in its mouth.

DENIED = PermissionError(13, "Permission denied")


def denying(real: Callable[..., Any], name: str) -> Callable[..., Any]:
    def call(path: Path, *arguments: Any, **options: Any) -> Any:
        if path.name == name:
            raise DENIED
        return real(path, *arguments, **options)

    return call


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "metadata.csv").write_bytes(GOOD)
    return tmp_path


@every_command
@pytest.mark.parametrize("refused", ["open", "stat"])
def test_a_table_without_read_permission_is_one_line_and_2(
    command: list[str], refused: str, root: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = getattr(Path, refused)
    monkeypatch.setattr(Path, refused, denying(real, "metadata.csv"))
    assert main([*command, "--root", str(root)]) == 2
    monkeypatch.undo()
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"covidxr: {root}/metadata.csv cannot be read: Permission denied\n"
    assert (root / "metadata.csv").read_bytes() == GOOD


def test_a_folder_without_permission_to_look_into_is_one_line_and_2(
    root: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "stat", denying(Path.stat, "covidxr.toml"))
    assert main(["validate", "--root", str(root)]) == 2
    assert capsys.readouterr().err == f"covidxr: {root} cannot be read: Permission denied\n"


@pytest.mark.parametrize("command", [["validate", "--fix"], ["migrate"]], ids=" ".join)
def test_a_folder_that_may_not_be_written_to_is_one_line_and_2_and_nothing_changes(
    command: list[str], root: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = build.csv_text(build.rows({"sex": "male"})).replace("other_notes", "other notes")
    (root / "metadata.csv").write_text(old)

    def deny(*_arguments: Any, **_options: Any) -> NoReturn:
        raise DENIED

    monkeypatch.setattr("tempfile.mkstemp", deny)
    assert main([*command, "--root", str(root)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line == (
        f"covidxr: {root}/metadata.csv cannot be written: Permission denied (nothing was changed)"
    )
    assert (root / "metadata.csv").read_text() == old
    assert [path.name for path in root.iterdir()] == ["metadata.csv"]


@pytest.mark.parametrize("where", ["absent/report.json", "metadata.csv/x", "."])
def test_a_report_that_cannot_be_written_is_one_line_and_2(
    root: Path, where: str, capsys: Capsys
) -> None:
    argv = ["validate", "--root", str(root), "--images", "none", "-o", str(root / where)]
    assert main(argv) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "cannot be written" in err
    assert len(err.splitlines()) == 1
    assert [path.name for path in root.iterdir()] == ["metadata.csv"]


# --- what a stranger's pull request holds ---------------------------------------------------------

EVIL = "\x1b[31m\n::warning title=x::pwned\x9b\u202e"
IN_TOML = json.dumps(EVIL).replace("\\u009b", "\\u009B")


def only_safe_lines(text: str) -> None:
    assert not [letter for letter in text if not letter.isprintable() and letter != "\n"]
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]


@pytest.mark.parametrize(
    "settings",
    [
        f'[ignore]\n{IN_TOML} = ""\n',
        f"ignore = [{IN_TOML}]\n",
        f"{IN_TOML} = 1\n",
        f"images = {IN_TOML}\n",
        f"baseline = {IN_TOML}\n",
        f"select = [{IN_TOML}]\n",
        'baseline = "a\\u0000b"\n',
        'baseline = "/dev/zero"\n',
        "x = " + "[" * 100_000,
    ],
    ids=lambda text: text.replace("\n", " ")[:12],
)
def test_settings_that_cannot_be_used_are_one_safe_line_and_2(
    root: Path, settings: str, capsys: Capsys
) -> None:
    (root / "covidxr.toml").write_text(settings)
    assert main(["validate", "--root", str(root), "--images", "none"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    only_safe_lines(err)


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"version": 1, "entries": [{"fingerprint": EVIL, "code": EVIL, "reason": ""}]}),
        json.dumps({"version": EVIL, "entries": []}),
        json.dumps({"version": 1, "entries": [{"reason": "r", "added": EVIL}]}),
        "[" * 100_000,
    ],
    ids=["reason", "version", "day", "deep"],
)
def test_a_baseline_that_cannot_be_used_is_one_safe_line_and_2(
    root: Path, text: str, capsys: Capsys
) -> None:
    (root / "known.json").write_text(text)
    argv = ["validate", "--root", str(root), "--images", "none"]
    assert main([*argv, "--baseline", str(root / "known.json")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1
    only_safe_lines(err)


def test_a_folder_of_an_odd_name_is_one_safe_line(tmp_path: Path, capsys: Capsys) -> None:
    assert main(["validate", "--root", str(tmp_path / EVIL.replace("/", ""))]) == 2
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 1
    only_safe_lines(err)


def test_what_is_mended_is_told_safely(
    root: Path, capsys: Capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    from covidxr.cli import validate
    from covidxr.fix import Edit

    edit = Edit(row=0, column=0, line=2, name=EVIL, old=EVIL, new="", codes=(), rename=(EVIL, EVIL))
    plans = [(edit,), ()]
    monkeypatch.setattr("covidxr.fix.plan", lambda *_: plans.pop(0))
    monkeypatch.setattr("covidxr.fix.apply", lambda *_: None)
    assert validate._words(edit).count("\n")
    main(["validate", "--root", str(root), "--images", "none", "--fix", "-o", str(root / "report")])
    err = capsys.readouterr().err
    assert len(err.splitlines()) == 2
    only_safe_lines(err)


def test_a_name_of_300_letters_is_one_line_and_2(root: Path, capsys: Capsys) -> None:
    argv = ["validate", "--root", str(root), "--images", "none", "--reason", "r"]
    assert main([*argv, "--write-baseline", str(root / ("x" * 300))]) == 2
    assert "File name too long" in capsys.readouterr().err
