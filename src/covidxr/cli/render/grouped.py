"""A report by file and rule: for a curator who works through one kind of problem at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import cut, escaped, totals, who

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report


def render(
    report: Report,
    rules: Mapping[str, Rule],  # noqa: ARG001 - all renderers take the same
    *,
    version: str,  # noqa: ARG001
    colour: bool = False,  # noqa: ARG001
) -> str:
    """Render a report grouped by file, then by rule.

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
        A heading for each file and rule, a line for each problem, then the totals.
    """
    groups: dict[str, dict[str, list[Diagnostic]]] = {}
    for each in report.diagnostics:
        groups.setdefault(each.file, {}).setdefault(each.code, []).append(each)
    more = dict(cut(report))
    lines: list[str] = []
    for file, by_code in sorted(groups.items()):
        lines.append(escaped(file))
        for code in sorted(by_code):
            lines += _group(by_code[code])
        lines.append("")
    lines += [f"+{count:,} more {code}; --limit 0 shows all" for code, count in more.items()]
    lines.append(totals(report))
    return "\n".join(lines) + "\n"


def _group(found: list[Diagnostic]) -> Iterator[str]:
    first = found[0]
    yield f"  {first.code} {first.name} ({first.severity}, {len(found):,})"
    for each in found:
        at = ":".join(str(n) for n in (each.line, each.column) if n is not None)
        row = who(each)
        parts = (
            at,
            escaped(each.message) + (" [*]" if each.fixable else ""),
            f"→ {escaped(each.suggestion)}" if each.suggestion else "",
            f"({row})" if row else "",
        )
        yield "    " + "  ".join(part for part in parts if part)
