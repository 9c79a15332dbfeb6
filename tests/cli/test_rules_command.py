"""`covidxr rules` and `covidxr rule CODE`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from covidxr.cli.app import main
from covidxr.validate import rules

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]
KNOWN = rules()


def test_every_rule_has_its_line(capsys: Capsys) -> None:
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [line.split()[:3] for line in lines if line[:3].isupper()]
    assert listed == [[each.code, each.name, each.severity] for each in KNOWN.values()]


def test_the_list_is_to_be_had_for_programs(capsys: Capsys) -> None:
    assert main(["rules", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [each["code"] for each in data["rules"]] == list(KNOWN)


@pytest.mark.parametrize("code", KNOWN)
def test_a_rules_page_is_found_by_code_and_by_name(code: str, capsys: Capsys) -> None:
    assert main(["rule", code]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"{code} {KNOWN[code].name}")
    assert "How to fix" in page
    for other in (code.lower(), KNOWN[code].name, KNOWN[code].name.upper()):
        assert main(["rule", other]) == 0
        assert capsys.readouterr().out == page


def test_a_rule_that_is_not_there_is_2_and_says_where_the_list_is(capsys: Capsys) -> None:
    assert main(["rule", "XYZ101"]) == 2
    err = capsys.readouterr().err
    assert err == "covidxr: there is no rule 'XYZ101'; `covidxr rules` lists them\n"


def test_the_written_page_is_current_until_it_is_changed(tmp_path: Path, capsys: Capsys) -> None:
    page = tmp_path / "rules.md"
    assert main(["rules", "--check", str(page)]) == 1
    assert "is out of date" in capsys.readouterr().err
    assert main(["rules", "--write", str(page)]) == 0
    assert main(["rules", "--check", str(page)]) == 0
    assert capsys.readouterr().err == ""
    page.write_text(page.read_text() + "more\n")
    assert main(["rules", "--check", str(page)]) == 1


def test_the_page_has_every_rule_under_its_own_address(capsys: Capsys) -> None:
    assert main(["rules", "--format", "markdown"]) == 0
    page = capsys.readouterr().out
    for each in KNOWN.values():
        anchor = each.url.rpartition("#")[2]
        headings = [
            line.strip("# ").lower().replace(" ", "-")
            for line in page.splitlines()
            if line.startswith("#")
        ]
        assert headings.count(anchor) == 1 or f'id="{anchor}"' in page, each.code
