"""A report as Markdown, for the summary of a GitHub job.

GitHub drops a summary above 1 MiB whole, so it is cut here and says by how much.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import (
    counted,
    escaped,
    place,
    skipped_by_reason,
    totals,
    who,
    worst_first,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report

MOST_BYTES = 900_000
"""Size that a summary is kept below; GitHub's limit is 1,048,576."""

# Kept free for the lines below the table.
_RESERVE = 2_000
_SPECIAL = re.compile(r"([\\`*_\[\]|~#$])")


def render(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    version: str,
    colour: bool = False,  # noqa: ARG001 - all renderers take the same
) -> str:
    """Render a report as Markdown.

    Parameters
    ----------
    report : Report
        What was found.
    rules : mapping of str to Rule
        By code.
    version : str
        Of covidxr.
    colour : bool
        Not used.

    Returns
    -------
    str
        A table of rules and one of problems, the worst first, below `MOST_BYTES` bytes.
    """
    lines = ["# covidxr validate", "", f"**{totals(report)}**", ""]
    lines += _by_rule(report, rules)
    notes = _shortened([*_notes(report), f"covidxr {escaped(version)}"])
    size = sum(_size(line) for line in [*lines, *notes])
    shown = 0
    if report.diagnostics:
        lines += ["| Where | Rule | What | Row |", "| --- | --- | --- | --- |"]
    for each in worst_first(report.diagnostics, len(report.diagnostics)):
        line = _problem(each)
        size += _size(line)
        if size > MOST_BYTES - _RESERVE:
            break
        lines.append(line)
        shown += 1
    left_out = sum(report.counts.values()) - shown
    if left_out > 0:
        lines += ["", f"{counted(left_out, 'more problem')} not shown here."]
    return "\n".join([*lines, "", *notes]) + "\n"


def _size(line: str) -> int:
    return len(line.encode()) + 1


def _shortened(notes: list[str]) -> list[str]:
    """Keep the notes that fit into a tenth of the page."""
    kept: list[str] = []
    for note in notes:
        if sum(map(_size, [*kept, note])) > MOST_BYTES // 10:
            return [*kept, f"… and {counted(len(notes) - len(kept), 'more note')}"]
        kept += [note, ""]
    return kept


def _text(text: str) -> str:
    """Make text that Markdown and HTML show as it is."""
    plain = escaped(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", plain)


def _by_rule(report: Report, rules: Mapping[str, Rule]) -> Iterator[str]:
    if not report.by_code:
        return
    yield "| Rule | Severity | Problems | About |"
    yield "| --- | --- | --: | --- |"
    known = [rules[code] for code in report.by_code if code in rules]
    for rule in sorted(known, key=lambda rule: (rule.severity.rank, rule.code)):
        total = report.by_code[rule.code][1]
        link = f"[{rule.code} {rule.name}]({rule.url})"
        yield f"| {link} | {rule.severity} | {total:,} | {rule.summary} |"
    yield ""


def _problem(each: Diagnostic) -> str:
    words = _text(each.message)
    if each.suggestion:
        words += f"<br>→ {_text(each.suggestion)}"
    rule = f"{each.severity} {each.code}"
    return f"| {_text(place(each))} | {rule} | {words} | {_text(who(each))} |"


def _notes(report: Report) -> Iterator[str]:
    if report.fixable:
        yield f"{report.fixable:,} fixable with `covidxr validate --fix`."
    for reason, codes in skipped_by_reason(report).items():
        yield f"Not checked, since {_text(reason)}: {', '.join(codes)}."
    for line in report.stale:
        yield f"Out of date: {_text(line)}"
    if report.suppressed:
        yield f"{counted(report.suppressed, 'known problem')} not shown: accepted with a reason."
