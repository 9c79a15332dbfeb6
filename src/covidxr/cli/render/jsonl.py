"""A report as JSON Lines: one diagnostic a line, with the keys of the JSON form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import as_json
from covidxr.cli.render.json_ import as_object

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.plugins import Rule
    from covidxr.report import Report


def render(
    report: Report,
    rules: Mapping[str, Rule],  # noqa: ARG001 - all renderers take the same
    *,
    version: str,  # noqa: ARG001
    colour: bool = False,  # noqa: ARG001
) -> str:
    """Render a report as JSON Lines.

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
        One object a line, empty where nothing was found.
    """
    return "".join(f"{as_json(as_object(each))}\n" for each in report.diagnostics)
