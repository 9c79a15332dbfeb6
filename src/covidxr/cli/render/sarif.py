"""A report as SARIF 2.1.0, for GitHub code scanning and editors.

Sources: OASIS SARIF 2.1.0; GitHub, "SARIF support for code scanning" for the limits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from covidxr.cli.render.diagnostics import as_json, escaped, worst_first
from covidxr.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report

MOST_RESULTS = 25_000
"""Results of a run that GitHub takes; a file with more is refused whole."""

_LONGEST = 1024
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    version: str,
    colour: bool = False,  # noqa: ARG001 - all renderers take the same
) -> str:
    """Render a report as SARIF.

    Parameters
    ----------
    report : Report
        What was found.
    rules : mapping of str to Rule
        By code; those that found something are described.
    version : str
        Of covidxr.
    colour : bool
        Not used.

    Returns
    -------
    str
        A log of one run. Beyond 25,000 results the worst are kept, and the run says so.
    """
    shown: Sequence[Diagnostic] = report.diagnostics
    if len(shown) > MOST_RESULTS:
        shown = worst_first(shown, MOST_RESULTS)
    codes = sorted({each.code for each in shown})
    index = {code: number for number, code in enumerate(codes)}
    total = sum(report.counts.values())
    run = {
        "tool": {
            "driver": {
                "name": "covidxr",
                "version": version,
                "informationUri": "https://github.com/covidxr/covidxr",
                "rules": [_rule(rules[code]) for code in codes],
            }
        },
        "automationDetails": {"id": "covidxr-validate/"},
        # Columns of diagnostics count characters; the default of the format is UTF-16 units.
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report, total - len(shown))],
        "results": _results(shown, index),
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return as_json(log, indent=1) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    _, _, checks = rule.page.partition("\n\n")
    body = checks.split("\n\n")[0].split("\n", 2)[-1]
    what = " ".join(body.split()) or rule.summary
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary[:_LONGEST]},
        "fullDescription": {"text": what[:_LONGEST]},
        "help": {"text": rule.page},
        "helpUri": rule.url,
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.code[:3]]},
    }


def _invocation(report: Report, left_out: int) -> dict[str, Any]:
    notes = [f"{code} was not checked: {reason}" for code, reason in report.skipped]
    notes += [f"out of date: {line}" for line in report.stale]
    if left_out > 0:
        notes.append(f"{left_out:,} more results are not in this file")
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [
            {"level": "note", "message": {"text": escaped(note)}} for note in notes
        ],
    }


def _results(shown: Sequence[Diagnostic], index: Mapping[str, int]) -> list[dict[str, Any]]:
    seen: dict[str, int] = {}
    results = []
    for each in shown:
        fingerprint = each.fingerprint
        turn = seen[fingerprint] = seen.get(fingerprint, 0) + 1
        results.append(
            {
                "ruleId": each.code,
                "ruleIndex": index[each.code],
                "level": _LEVELS[each.severity],
                "message": {"text": _message(each)},
                "locations": [{"physicalLocation": _location(each)}],
                # GitHub tells alerts apart by the first; ours do not move with the lines.
                "partialFingerprints": {
                    "primaryLocationLineHash": f"{fingerprint}:{turn}",
                    "covidxrRow/v1": fingerprint,
                },
                "properties": _properties(each),
            }
        )
    return results


def _message(each: Diagnostic) -> str:
    # A line of its own: GitHub shows only the first in lists.
    message = escaped(each.message)
    return f"{message}\n{escaped(each.suggestion)}" if each.suggestion else message


def _properties(each: Diagnostic) -> dict[str, Any]:
    known = {"row": each.row, "patientid": each.patientid, "field": each.field}
    said: dict[str, Any] = {key: text for key, text in known.items() if text is not None}
    return {**said, "fixable": each.fixable}


def _location(each: Diagnostic) -> dict[str, Any]:
    uri = quote(each.file.encode("utf-8", "surrogatepass"))
    region = {
        "startLine": each.line or 1,
        "startColumn": each.column,
        "endLine": each.end_line,
        "endColumn": each.end_column,
    }
    return {
        "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
        "region": {key: number for key, number in region.items() if number is not None},
    }
