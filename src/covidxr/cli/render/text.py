"""A report for people at a terminal: a block for each problem, then the whole in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import (
    counted,
    cut,
    escaped,
    place,
    skipped_by_reason,
    totals,
    who,
)
from covidxr.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report

# SGR codes of ECMA-48: red, yellow and cyan, readable on light and dark; bold, faint.
_COLOURS = {Severity.ERROR: "31;1", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD, _FAINT = "1", "2"


class _Paint:
    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.wanted else text


def render(
    report: Report,
    rules: Mapping[str, Rule],
    *,
    version: str,  # noqa: ARG001 - all renderers take the same
    colour: bool = False,
) -> str:
    """Render a report as text for a terminal.

    Parameters
    ----------
    report : Report
        What was found.
    rules : mapping of str to Rule
        By code.
    version : str
        Of covidxr; not shown here.
    colour : bool
        Whether ANSI colours are wanted.

    Returns
    -------
    str
        Lines, the last one the totals. Data in it cannot reach the terminal as control characters.
    """
    paint = _Paint(wanted=colour)
    lines: list[str] = []
    before: tuple[str, int | None] | None = None
    for each in report.diagnostics:
        here = (each.file, each.line)
        if before is not None and (here != before or each.line is None):
            lines.append("")
        before = here
        lines += _block(each, paint)
    if lines:
        lines.append("")
    lines += _notes(report, rules, paint)
    lines.append(paint(totals(report), _BOLD))
    return "\n".join(lines) + "\n"


def _block(each: Diagnostic, paint: _Paint) -> Iterator[str]:
    row = who(each)
    mark = " [*]" if each.fixable else ""
    yield "  ".join(
        part
        for part in (
            paint(place(each), _BOLD),
            paint(each.severity.value, _COLOURS[each.severity]),
            f"{each.code} {each.name}{mark}",
            paint(f"({row})", _FAINT) if row else "",
        )
        if part
    )
    yield f"    {escaped(each.message)}"
    if each.suggestion:
        yield f"    → {escaped(each.suggestion)}"


def _notes(report: Report, rules: Mapping[str, Rule], paint: _Paint) -> Iterator[str]:
    hidden = cut(report)
    for code, count in hidden:
        name = f" {rules[code].name}" if code in rules else ""
        yield f"+{count:,} more like it: {code}{name}"
    if hidden:
        yield "    → --limit 0 shows all"
    for reason, codes in skipped_by_reason(report).items():
        yield paint(f"not checked, since {escaped(reason)}: {', '.join(codes)}", _FAINT)
    for line in report.stale:
        yield f"out of date: {escaped(line)}"
    if report.suppressed:
        words = counted(report.suppressed, "known problem")
        yield f"{words} not shown: accepted with a reason"
    if report.fixable:
        yield f"[*] {report.fixable:,} fixable with --fix"
    if report.diagnostics:
        yield f"`covidxr rule {report.diagnostics[0].code}` explains a rule"
