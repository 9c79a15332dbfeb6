"""A report as one JSON object. Its keys are a promise: they are added to and never renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covidxr.cli.render.diagnostics import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report

JSON_VERSION = 1
"""Raised when a key changes its meaning or goes."""

KEYS = (
    *("code", "name", "severity", "message", "suggestion", "file", "line", "column"),
    *("end_line", "end_column", "row", "patientid", "field", "value", "fixable", "url"),
    "fingerprint",
)
"""What is said of each diagnostic, in this order; null where it is not known."""


def render(
    report: Report,
    rules: Mapping[str, Rule],  # noqa: ARG001 - all renderers take the same
    *,
    version: str,
    colour: bool = False,  # noqa: ARG001
) -> str:
    r"""Render a report as JSON.

    Parameters
    ----------
    report : Report
        What was found.
    rules : mapping of str to Rule
        Not used.
    version : str
        Of covidxr.
    colour : bool
        Not used.

    Returns
    -------
    str
        One object on several lines. Bytes of the data that were not UTF-8 are written ``\\xNN``.
    """
    whole = {
        "version": JSON_VERSION,
        "tool": {"name": "covidxr", "version": version},
        "summary": {
            "rows": report.rows,
            "files": report.files,
            **{severity.value: count for severity, count in report.counts.items()},
            "fixable": report.fixable,
            "suppressed": report.suppressed,
            "rules": {
                code: {"shown": shown, "total": total}
                for code, (shown, total) in report.by_code.items()
            },
        },
        "diagnostics": [as_object(each) for each in report.diagnostics],
        "skipped": [{"code": code, "reason": reason} for code, reason in report.skipped],
        "stale": list(report.stale),
    }
    return as_json(whole, indent=2) + "\n"


def as_object(each: Diagnostic) -> dict[str, Any]:
    """Give one diagnostic as it stands in JSON."""
    return {key: getattr(each, key) for key in KEYS}
