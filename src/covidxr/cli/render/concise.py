"""A report with one line for each problem, as compilers write it: for editors and ``grep``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import escaped, place

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """Render a report as ``file:line:column: CODE message (row name)``.

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
        One line each, empty where nothing was found.
    """
    return "".join(f"{_line(each)}\n" for each in report.diagnostics)


def _line(each: Diagnostic) -> str:
    mark = " [*]" if each.fixable else ""
    row = f" (row {escaped(each.row)})" if each.row else ""
    return f"{place(each)}: {each.code}{mark} {escaped(each.message)}{row}"
