"""``covidxr candidates``: list, show, drop, and the schema of a record."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.scraping import Scraping, scraping

from covidxr import casefile
from covidxr.replica.radiopaedia import many

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ONE = "radiopaedia/synthetic-many-1"


@pytest.fixture
def scene(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scraping]:
    """Three candidates."""
    with scraping(tmp_path, capsys, monkeypatch, many(3)) as scene:
        assert scene.run("scrape", "radiopaedia", "x").code == 0
        yield scene


def test_the_list_has_a_line_a_candidate(scene: Scraping) -> None:
    said = scene.run("candidates")
    assert said.code == 0
    for number in (1, 2, 3):
        assert f"radiopaedia/synthetic-many-{number}" in said.out
    assert "CC-BY-NC-SA-3.0" in said.out
    assert scene.run("candidates", "list", "--source", "sirm").out == ""


def test_the_list_is_there_as_json(scene: Scraping) -> None:
    listed = scene.run("candidates", "--format", "json").json["candidates"]
    assert [each["path"] for each in listed] == [
        f"radiopaedia/synthetic-many-{number}" for number in (1, 2, 3)
    ]
    assert listed[0]["images"] == 1
    assert listed[0]["complete"] is True


@pytest.mark.parametrize(
    "name",
    [ONE, "synthetic-many-1", "https://radiopaedia.org/cases/synthetic-many-1"],
)
def test_one_is_shown_whole_by_any_of_its_names(name: str, scene: Scraping) -> None:
    said = scene.run("candidates", "show", name)
    assert said.code == 0, said.err
    assert "Synthetic pneumonia 1" in said.out
    assert "radiopaedia-synthetic-many-1-710001-1-1.png (PNG, 96 x 80)" in said.out
    assert "finding: todo" in said.out
    shown = scene.run("candidates", "show", name, "--format", "json").json["candidates"]
    assert shown == [scene.record(ONE)]


def test_dropped_candidates_are_gone_and_the_others_stay(scene: Scraping) -> None:
    said = scene.run("candidates", "drop", ONE)
    assert (said.code, said.out) == (0, f"dropped {ONE}\n")
    assert {path.split("/")[1] for path in scene.files()} == {
        "synthetic-many-2",
        "synthetic-many-3",
    }
    assert scene.run("candidates", "drop", "radiopaedia/*").code == 0
    assert scene.files() == {}
    assert "no candidates wait" in scene.run("candidates").err


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["show", "absent"], "there is no candidate 'absent'"),
        (["drop", "absent*"], "there is no candidate 'absent*'"),
        (["drop", "../../metadata.csv"], "there is no candidate"),
        (["drop"], "which candidates?"),
        (["show"], "which candidates?"),
        (["burn", "x"], "burn"),
        (["--format", "xml"], "is not table or json"),
    ],
)
def test_names_that_fit_none_are_2_and_nothing_goes(
    argv: list[str], words: str, scene: Scraping
) -> None:
    before = scene.files()
    said = scene.run("candidates", *argv)
    assert said.code == 2
    assert words in " ".join(said.err.replace("│", " ").split())
    assert scene.files() == before


def test_a_record_that_is_damaged_is_named_with_what_to_do(scene: Scraping) -> None:
    path = scene.root / ".covidxr" / "candidates" / ONE / "case.json"
    path.write_text(path.read_text()[:100])
    said = scene.run("candidates")
    assert said.code == 2
    assert f"{ONE}/case.json cannot be read" in said.err
    assert "scrape the case again" in said.err


def test_where_there_is_nothing_the_list_says_how_to_begin(tmp_path: Path, scene: Scraping) -> None:
    said = scene.run("candidates", "-o", str(tmp_path / "empty"))
    assert (said.code, said.out) == (0, "")
    assert "covidxr scrape" in said.err


def test_the_schema_is_printed_and_kept_current(tmp_path: Path, scene: Scraping) -> None:
    assert scene.run("candidates", "schema").json == json.loads(json.dumps(casefile.SCHEMA))
    page = tmp_path / "case.schema.json"
    assert scene.run("candidates", "schema", "--write", str(page)).code == 0
    assert scene.run("candidates", "schema", "--check", str(page)).code == 0
    page.write_text("{}")
    assert scene.run("candidates", "schema", "--check", str(page)).code == 1


def test_a_record_that_names_another_folder_touches_nothing_there(scene: Scraping) -> None:
    victim = scene.root / "victim"
    for name in (".part-mine", ".old-mine", "data"):
        (victim / name).mkdir(parents=True)
    path = scene.root / ".covidxr" / "candidates" / ONE / "case.json"
    path.write_text(path.read_text().replace('"source": "radiopaedia"', '"source": "../../victim"'))
    said = scene.run("candidates", "drop", "synthetic-many-1")
    assert said.code == 2
    assert "it says that it is of" in said.err
    assert {each.name for each in victim.iterdir()} == {".part-mine", ".old-mine", "data"}


@pytest.mark.parametrize(("name", "value"), [("patient", None), ("history", [1]), ("credit", 3)])
def test_a_record_with_odd_values_is_told_when_it_is_shown(
    name: str, value: object, scene: Scraping
) -> None:
    path = scene.root / ".covidxr" / "candidates" / ONE / "case.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {name: value}))
    said = scene.run("candidates", "show", ONE)
    assert said.code == 2
    assert f"{ONE}/case.json is damaged" in said.err


def test_what_else_stands_in_the_folder_stops_no_run(scene: Scraping) -> None:
    top = scene.root / ".covidxr" / "candidates" / "radiopaedia"
    (top / "other").mkdir()
    (top / ".part-file").write_text("x")
    assert scene.run("scrape", "radiopaedia", "x").code == 0
    said = scene.run("candidates")
    assert said.code == 2
    assert "other/case.json cannot be read" in said.err
