"""``covidxr schema``: printing the columns, writing and checking SCHEMA.md."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from covidxr import schemapage
from covidxr.cli.app import main
from covidxr.columns import COLUMNS, HEADER

if TYPE_CHECKING:
    from collections.abc import Callable

EMPTY = "".join(
    f"## {name}\n<!-- covidxr schema: begin {name} -->\n<!-- covidxr schema: end {name} -->\n"
    for name in ("columns", "values", "findings", "aliases")
)


@pytest.fixture
def page(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "SCHEMA.md"
        path.write_bytes(text.encode())
        return path

    return write


def test_the_columns_are_shown_as_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    shown = capsys.readouterr().out
    assert all(column.name in shown for column in COLUMNS)


def test_json_is_the_table_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--format", "json"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert [field["name"] for field in schema["fields"]] == list(HEADER)


def test_markdown_is_the_blocks_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--format", "markdown"]) == 0
    shown = capsys.readouterr().out
    assert all(block in shown for block in schemapage.blocks().values())


def test_writing_renews_the_tables_and_checking_is_then_content(
    page: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = page(EMPTY)
    root = str(path.parent)
    assert main(["schema", "--root", root, "--write"]) == 0
    assert path.read_text(encoding="utf-8") == schemapage.updated(EMPTY)
    assert "the tables are rewritten" in capsys.readouterr().err
    assert main(["schema", "--root", root, "--check"]) == 0
    assert capsys.readouterr().out == ""


def test_windows_line_ends_are_kept(page: Callable[[str], Path]) -> None:
    path = page(EMPTY.replace("\n", "\r\n"))
    assert main(["schema", "--root", str(path.parent), "--write"]) == 0
    data = path.read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n")


def test_a_page_that_is_up_to_date_is_not_touched(page: Callable[[str], Path]) -> None:
    path = page(schemapage.updated(EMPTY))
    before = path.stat().st_mtime_ns
    assert main(["schema", "--root", str(path.parent), "--write"]) == 0
    assert path.stat().st_mtime_ns == before


def test_checking_a_stale_page_shows_how_and_ends_with_1(
    page: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    text = schemapage.updated(EMPTY).replace("| `sex` | Sex", "| `sex` | The sex", 1)
    path = page(text)
    assert main(["schema", "--root", str(path.parent), "--check"]) == 1
    shown = capsys.readouterr()
    assert "\n-| `sex` | The sex" in shown.out
    assert "\n+| `sex` | Sex" in shown.out
    assert "covidxr schema --write" in shown.err
    assert path.read_text(encoding="utf-8") == text


WRONG = {
    "there is no page": (None, "SCHEMA.md cannot be read"),
    "it has no markers": ("# A page\n", "SCHEMA.md:1: no marker"),
    "a block is not closed": (EMPTY.replace("end values", "end value"), "'values' is not closed"),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("option", ["--write", "--check"])
def test_a_page_that_cannot_be_used_ends_with_2(
    case: str,
    option: str,
    page: Callable[[str], Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    text, message = WRONG[case]
    if text is not None:
        page(text)
    assert main(["schema", "--root", str(tmp_path), option]) == 2
    assert message in capsys.readouterr().err


def test_writing_and_checking_at_once_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--write", "--check"]) == 2
    assert "one of --write and --check" in capsys.readouterr().err


def test_the_schema_of_this_repository_is_up_to_date() -> None:
    assert main(["schema", "--root", str(Path(__file__).parents[2]), "--check"]) == 0
