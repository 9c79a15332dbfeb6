"""What README shows is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.scraping import scraping

from covidxr import validate
from covidxr.cli.app import main
from covidxr.replica import eurorad, papers

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

# A fenced block that begins with a command, and what stands below it.
SHOWN = re.findall(r"^```\n\$ (covidxr [^\n]*)\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_readme_shows_commands_with_their_output() -> None:
    assert {command.split()[1] for command, _ in SHOWN} == {
        "sources",
        "scrape",
        "figures",
        "validate",
        "duplicates",
        "facts",
        "stats",
        "annotations",
        "tasks",
        "migrate",
    }


# What asks the network is run against the replica.
ASKING = ("covidxr scrape", "covidxr figures")
LOCAL = [each for each in SHOWN if not each[0].startswith(ASKING)]


@pytest.mark.parametrize(("command", "shown"), LOCAL, ids=[command for command, _ in LOCAL])
def test_a_command_prints_what_readme_shows(
    command: str, shown: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    main(shlex.split(command)[1:])
    assert capsys.readouterr().out.rstrip("\n") == shown.rstrip("\n")


def test_a_crawl_says_what_readme_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ((command, shown),) = [each for each in SHOWN if each[0].startswith("covidxr scrape")]
    with scraping(tmp_path, capsys, monkeypatch, eurorad.SITE) as scene:
        said = scene.run(*shlex.split(command)[1:])
    assert said.err + said.out == shown


def test_papers_become_what_readme_shows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ((command, shown),) = [each for each in SHOWN if each[0].startswith("covidxr figures")]
    with scraping(tmp_path, capsys, monkeypatch, papers.site()) as scene:
        said = scene.run(*shlex.split(command)[1:])
    assert said.out == shown


def test_readme_counts_rules_and_families_right() -> None:
    rules = validate.rules()
    families = {code[:3] for code in rules}
    words = re.search(r"(\d+) rules in (\w+) families", README)
    assert words is not None
    numbers = {"nine": 9, "ten": 10, "eleven": 11, "twelve": 12}
    assert (int(words[1]), numbers[words[2]]) == (len(rules), len(families))


def test_every_command_has_its_place_in_readme() -> None:
    from covidxr.cli import app

    for name in app.COMMANDS:
        assert f"covidxr {name}" in README, name


def test_every_option_that_readme_names_exists(capsys: pytest.CaptureFixture[str]) -> None:
    help_pages = ""
    for name in (
        "scrape",
        "figures",
        "discover",
        "dois",
        "candidates",
        "sources",
        "validate",
        "stats",
        "migrate",
        "schema",
        "rules",
        "ingest",
        "duplicates",
        "facts",
        "volume",
        "annotations",
        "tasks",
        "split",
        "licences",
        "subset",
        "attribution",
        "export",
        "diff",
        "release",
    ):
        main([name, "--help"])
        help_pages += capsys.readouterr().out
    # What benchmarks take is not covidxr's.
    about_covidxr = re.sub(r"`python benchmarks/[^`]*`", "", README)
    for option in set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", about_covidxr)):
        assert option in help_pages or option in {"--root", "--help"}, option


def test_links_to_files_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (ROOT / target).exists(), target
