"""A report as GitHub workflow commands, which become annotations on the lines of a pull request.

Source: ``actions/toolkit``, ``packages/core/src/command.ts``. GitHub shows ten annotations a level
and step; what is printed beyond them is lost without a word, so it is counted here instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import WORDS, counted, escaped, totals, who, worst_first
from covidxr.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report

MOST = 10
"""Annotations of one level that GitHub shows of a step."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(
    report: Report,
    rules: Mapping[str, Rule],  # noqa: ARG001 - all renderers take the same
    *,
    version: str,  # noqa: ARG001
    colour: bool = False,  # noqa: ARG001
) -> str:
    """Render a report as workflow commands.

    Parameters
    ----------
    report : Report
        What was found.
    rules : mapping of str to Rule
        Not used.
    version : str
        Not used.
    colour : bool
        Not used.

    Returns
    -------
    str
        At most ten commands a level, errors first and every rule in turn, then how many more there
        are. No line begins with data, so that data cannot be a command.
    """
    chosen = _chosen(report, MOST)
    more = _more(report, chosen)
    if more:
        # Saying so takes one of the ten notices.
        chosen[Severity.INFO] = chosen[Severity.INFO][: MOST - 1]
        more = _more(report, chosen)
    lines = [_command(each) for found in chosen.values() for each in found]
    if more:
        words = f"{more} not shown as annotations; the job summary or the log has them"
        lines.append(f"::notice title=covidxr::{_data(words)}")
    lines.append(f"covidxr: {totals(report)}")
    return "\n".join(lines) + "\n"


def _chosen(report: Report, most: int) -> dict[Severity, list[Diagnostic]]:
    return {
        severity: worst_first((d for d in report.diagnostics if d.severity is severity), most)
        for severity in Severity
    }


def _more(report: Report, chosen: dict[Severity, list[Diagnostic]]) -> str:
    left = {level: report.counts.get(level, 0) - len(found) for level, found in chosen.items()}
    return ", ".join(f"{counted(n, 'more ' + WORDS[level])}" for level, n in left.items() if n > 0)


def _command(each: Diagnostic) -> str:
    row = who(each)
    lines = [escaped(each.message)]
    if each.suggestion:
        lines.append(escaped(each.suggestion))
    if row:
        lines.append(f"({row})")
    properties = ",".join(f"{key}={_property(text)}" for key, text in _properties(each).items())
    return f"::{_COMMANDS[each.severity]} {properties}::{_data(chr(10).join(lines))}"


def _properties(each: Diagnostic) -> dict[str, str]:
    known: dict[str, int | None] = {"line": each.line, "endLine": each.end_line}
    # GitHub misplaces columns that end on another line.
    if each.end_line is None or each.end_line == each.line:
        known |= {"col": each.column, "endColumn": each.end_column}
    return {
        "file": escaped(each.file),
        **{key: str(number) for key, number in known.items() if number is not None},
        "title": f"{each.code} {each.name}",
    }


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
