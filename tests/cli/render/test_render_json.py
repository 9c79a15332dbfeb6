"""A report as JSON, and as JSON Lines."""

from __future__ import annotations

import json

from tests.cli.render import reports

from covidxr.cli.render import json_, jsonl

KEYS = [
    *("code", "name", "severity", "message", "suggestion", "file", "line", "column"),
    *("end_line", "end_column", "row", "patientid", "field", "value", "fixable", "url"),
    "fingerprint",
]
FOUND = json.loads(json_.render(reports.SMALL, reports.RULES, version="9.9"))


def test_the_keys_are_those_that_were_promised() -> None:
    assert list(FOUND) == ["version", "tool", "summary", "diagnostics", "skipped", "stale"]
    assert FOUND["version"] == 1
    assert all(list(each) == KEYS for each in FOUND["diagnostics"])


def test_the_summary_counts_all_and_not_only_what_is_shown() -> None:
    assert FOUND["tool"] == {"name": "covidxr", "version": "9.9"}
    assert FOUND["summary"] == {
        "rows": 751,
        "files": 250,
        "error": 1,
        "warning": 221,
        "info": 1,
        "fixable": 1,
        "suppressed": 2,
        "rules": {
            "IMG102": {"shown": 1, "total": 1},
            "LIC101": {"shown": 1, "total": 220},
            "SCH203": {"shown": 1, "total": 1},
            "SCH205": {"shown": 1, "total": 1},
        },
    }


def test_a_diagnostic_says_all_that_is_known() -> None:
    assert FOUND["diagnostics"][1] == {
        "code": "SCH205",
        "name": "value-out-of-range",
        "severity": "error",
        "message": "pO2_saturation 165 % is outside 0 to 100",
        "suggestion": "a pressure? 165 mmHg is a pO2",
        "file": "metadata.csv",
        "line": 3,
        "column": 14,
        "end_line": 3,
        "end_column": 17,
        "row": "a.png",
        "patientid": "12",
        "field": "pO2_saturation",
        "value": "165",
        "fixable": False,
        "url": "https://github.com/covidxr/covidxr/blob/main/docs/rules.md#sch205-value-out-of-range",
        "fingerprint": reports.SMALL.diagnostics[1].fingerprint,
    }


def test_skipped_rules_carry_their_reason() -> None:
    assert FOUND["skipped"][0] == {"code": "VOL101", "reason": "there is no volumes/ folder"}


def test_bytes_that_were_not_utf_8_are_readable_json() -> None:
    text = json_.render(reports.HOSTILE, reports.RULES, version="9.9")
    value = json.loads(text.encode())["diagnostics"][0]["value"]
    assert value == reports.NASTY.replace("\udce9", r"\xe9")


def test_json_lines_are_the_same_diagnostics_one_a_line() -> None:
    lines = jsonl.render(reports.SMALL, reports.RULES, version="9.9").splitlines()
    assert [json.loads(line) for line in lines] == FOUND["diagnostics"]


def test_json_lines_of_nothing_are_nothing() -> None:
    assert jsonl.render(reports.EMPTY, reports.RULES, version="9.9") == ""


def test_data_does_not_break_a_json_line() -> None:
    text = jsonl.render(reports.HOSTILE, reports.RULES, version="9.9")
    assert text.count("\n") == len(reports.HOSTILE.diagnostics)
