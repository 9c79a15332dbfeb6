"""A report as SARIF 2.1.0, as GitHub wants it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.cli.render import reports
from tests.cli.render.reports import at_row, diagnostic, report

from covidxr.cli.render import sarif

LEVELS = {"none", "note", "warning", "error"}


def run_of(made: Any) -> dict[str, Any]:
    log = json.loads(sarif.render(made, reports.RULES, version="9.9").encode())
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    assert isinstance(run, dict)
    return run


def check_rule(rule: dict[str, Any]) -> None:
    assert rule["id"]
    assert len(rule["name"]) <= 255
    for key in ("shortDescription", "fullDescription", "help"):
        assert rule[key]["text"].strip()
    assert len(rule["fullDescription"]["text"]) <= 1024
    assert rule["helpUri"].startswith("https://")
    assert rule["defaultConfiguration"]["level"] in LEVELS


def check_result(result: dict[str, Any], rules: list[dict[str, Any]]) -> None:
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in LEVELS
    assert result["message"]["text"].strip()
    physical = result["locations"][0]["physicalLocation"]
    uri = physical["artifactLocation"]["uri"]
    assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
    assert not uri.startswith("/")
    assert uri.isascii()
    assert " " not in uri
    assert all(isinstance(number, int) and number > 0 for number in physical["region"].values())
    assert physical["region"]["startLine"]
    assert result["partialFingerprints"]["primaryLocationLineHash"]


@pytest.mark.parametrize("which", ["EMPTY", "SMALL", "HOSTILE"])
def test_a_run_has_what_code_scanning_asks_for(which: str) -> None:
    run = run_of(getattr(reports, which))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("covidxr", "9.9")
    assert run["automationDetails"]["id"].endswith("/")
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["invocations"][0]["executionSuccessful"] is True
    for rule in driver["rules"]:
        check_rule(rule)
    for result in run["results"]:
        check_result(result, driver["rules"])
    assert len(run["results"]) == len(getattr(reports, which).diagnostics)


def test_a_result_stands_at_its_cell() -> None:
    result = run_of(reports.SMALL)["results"][1]
    fingerprint = reports.SMALL.diagnostics[1].fingerprint
    assert result == {
        "ruleId": "SCH205",
        "ruleIndex": 3,
        "level": "error",
        "message": {
            "text": "pO2_saturation 165 % is outside 0 to 100\na pressure? 165 mmHg is a pO2"
        },
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "metadata.csv", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 3, "startColumn": 14, "endLine": 3, "endColumn": 17},
                }
            }
        ],
        "partialFingerprints": {
            "primaryLocationLineHash": f"{fingerprint}:1",
            "covidxrRow/v1": fingerprint,
        },
        "properties": {
            "row": "a.png",
            "patientid": "12",
            "field": "pO2_saturation",
            "fixable": False,
        },
    }


def test_a_rule_is_described_by_its_page() -> None:
    rule = run_of(reports.SMALL)["tool"]["driver"]["rules"][3]
    assert rule["shortDescription"]["text"] == "Report value out of range."
    assert rule["fullDescription"]["text"] == "That ``value-out-of-range`` is not there."
    assert rule["properties"] == {"tags": ["SCH"]}


def test_levels_are_those_of_the_format() -> None:
    levels = [result["level"] for result in run_of(reports.SMALL)["results"]]
    assert levels == ["warning", "error", "note", "warning"]


def test_a_file_without_a_line_stands_at_its_first() -> None:
    result = run_of(report(diagnostic("IMG102", file="images/a b é.png")))["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "images/a%20b%20%C3%A9.png"
    assert place["region"] == {"startLine": 1}


def test_two_equal_problems_have_two_fingerprints() -> None:
    run = run_of(report(at_row("SCH205", 3, 1), at_row("SCH205", 9, 1)))
    marks = {r["partialFingerprints"]["primaryLocationLineHash"] for r in run["results"]}
    assert len(marks) == 2


def test_beyond_the_limit_the_worst_are_kept_and_the_rest_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sarif, "MOST_RESULTS", 3)
    found = [at_row("LIC101", line, 1) for line in range(2, 8)] + [at_row("SCH205", 9, 1)]
    run = run_of(report(*found, more={"LIC101": 4}))
    assert [r["ruleId"] for r in run["results"]] == ["SCH205", "LIC101", "LIC101"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "8 more results are not in this file"


def test_the_limit_is_githubs() -> None:
    assert sarif.MOST_RESULTS == 25_000


def test_skipped_rules_are_told() -> None:
    notes = run_of(reports.SMALL)["invocations"][0]["toolExecutionNotifications"]
    texts = [note["message"]["text"] for note in notes]
    assert "VOL101 was not checked: there is no volumes/ folder" in texts
