"""`covidxr migrate`: what it prints, and when it ends with 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from covidxr.cli.app import main
from covidxr.columns import HEADER

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]

OLD = (
    "Patientid,offset,sex,age,finding,year, filename, url,shoe size,\n"
    "1,0,M,65,COVID-19,2020,a.png,,44,\n"
    "2,0,F,65,COVID-19,2020,b.png,,44,\n"
)
ADDED = ", ".join(
    name
    for name in HEADER
    if name not in "patientid offset sex age finding date filename url".split()  # noqa: SIM905
)
WORDS = f"""\
column 'Patientid' -> patientid
column 'year' -> date
column ' filename' -> filename
column ' url' -> url
added, blank: {ADDED}
dropped 1 unnamed column that held nothing
kept behind the others: 'shoe size', which today's schema does not know
finding: 'COVID-19' -> 'Pneumonia/Viral/COVID-19' in 2 rows (lines 2, 3)
2 cells changed, 0 lines left for you
"""


def write(root: Path, text: str) -> list[str]:
    (root / "metadata.csv").write_text(text)
    return ["migrate", "--root", str(root)]


def test_everything_that_changes_is_told(tmp_path: Path, capsys: Capsys) -> None:
    assert main(write(tmp_path, OLD)) == 0
    out, err = capsys.readouterr()
    assert (out, err) == (WORDS, "")
    header, first, _ = (tmp_path / "metadata.csv").read_text().splitlines()
    assert header == ",".join([*HEADER, "shoe size"])
    assert first.startswith("1,0,M,65,Pneumonia/Viral/COVID-19,,")
    assert first.endswith(",44")


def test_a_dry_run_tells_the_same_and_writes_nothing(tmp_path: Path, capsys: Capsys) -> None:
    assert main([*write(tmp_path, OLD), "--dry-run"]) == 0
    assert capsys.readouterr().out == WORDS
    assert (tmp_path / "metadata.csv").read_text() == OLD


def test_a_second_time_there_is_nothing_to_tell(tmp_path: Path, capsys: Capsys) -> None:
    argv = write(tmp_path, OLD)
    main(argv)
    capsys.readouterr()
    assert main(argv) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 cells changed, 0 lines left for you"


def test_what_is_left_for_a_person_is_listed_and_ends_with_1(
    tmp_path: Path, capsys: Capsys
) -> None:
    text = OLD.replace("2,0,F,65,COVID-19", "2,0,F,65,Covfefe") + "3,0\n"
    assert main(write(tmp_path, text)) == 1
    lines = capsys.readouterr().out.splitlines()
    left = [line for line in lines if ": left for you: " in line]
    assert [line.partition(": left")[0] for line in left] == ["metadata.csv:4", "metadata.csv:3"]
    assert "has 2 cells where the header has 10" in left[0]
    assert "'Covfefe'" in left[1]


def test_another_order_is_told(tmp_path: Path, capsys: Capsys) -> None:
    assert main(write(tmp_path, "finding,patientid\nSARS,1\n")) == 0
    assert "columns put in today's order" in capsys.readouterr().out


def test_a_long_list_of_lines_is_cut(tmp_path: Path, capsys: Capsys) -> None:
    row = "1,0,M,65,COVID-19,2020,a.png,,44,\n"
    assert main(write(tmp_path, OLD.splitlines(keepends=True)[0] + row * 20)) == 0
    out = capsys.readouterr().out
    assert "in 20 rows (lines 2, 3, 4, 5, 6, 7, 8, 9 and 12 more)" in out
    assert "20 cells changed" in out


def test_an_encoding_can_be_told(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "metadata.csv").write_bytes(OLD.replace("a.png", "Zü.png").encode("mac_roman"))
    assert main(["migrate", "--root", str(tmp_path), "--encoding", "mac_roman"]) == 0
    assert ",Zü.png," in (tmp_path / "metadata.csv").read_text(encoding="utf-8")
    assert "column 'year' -> date" in capsys.readouterr().out


def test_no_cell_reaches_the_terminal_as_a_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = "\x1b[31mred\n::warning::pwned\x9b"
    text = f'patientid,finding,"{bad}"\n1,"{bad}",x\n2,"COVID-19\n",x\n'
    (tmp_path / "metadata.csv").write_text(text)
    main(["migrate", "--root", str(tmp_path)])
    out = capsys.readouterr().out
    assert "pwned" in out
    assert not [letter for letter in out if not letter.isprintable() and letter != "\n"]
    assert not [line for line in out.splitlines() if line.lstrip().startswith("::")]
