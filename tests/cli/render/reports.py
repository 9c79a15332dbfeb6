"""Small reports for the tests of the renderers, described as data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from covidxr.model import Diagnostic, Fix, Severity
from covidxr.plugins import Need, Rule
from covidxr.report import Report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

VERSION = "9.9"
URL = "https://example.org/rules.md"


def _nothing(_dataset: Dataset) -> Iterator[Hit]:
    return iter(())


def rule(code: str, name: str, severity: Severity, **more: Any) -> Rule:
    page = (
        f"Report {name.replace('-', ' ')}.\n\nWhat it checks\n--------------\nThat ``{name}``\n"
        "is not there.\n\nHow to fix\n----------\nMend it."
    )
    known: dict[str, Any] = {"since": "0.1", "needs": frozenset(), "page": page, "check": _nothing}
    return Rule(code=code, name=name, severity=severity, **{**known, **more})


RULES = {
    each.code: each
    for each in (
        rule("IMG102", "file-unreferenced", Severity.WARNING, needs=frozenset({Need.IMAGES})),
        rule("LIC101", "licence-missing", Severity.WARNING),
        rule("SCH203", "other-spelling", Severity.INFO),
        rule("SCH205", "value-out-of-range", Severity.ERROR),
    )
}


def diagnostic(code: str, **more: Any) -> Diagnostic:
    known: dict[str, Any] = {
        "code": code,
        "name": RULES[code].name,
        "severity": RULES[code].severity,
        "message": "what is wrong",
        "url": RULES[code].url,
        "file": "metadata.csv",
    }
    return Diagnostic(**{**known, **more})


def at_row(code: str, line: int, column: int, **more: Any) -> Diagnostic:
    place = {"line": line, "column": column, "end_line": line, "end_column": column + 3}
    return diagnostic(code, **{**place, "row": "a.png", "patientid": "12", **more})


def report(*diagnostics: Diagnostic, more: dict[str, int] | None = None, **facts: Any) -> Report:
    """A report of these diagnostics, and of `more` of some codes that are not shown."""
    hidden = more or {}
    shown = Counter(each.code for each in diagnostics)
    total = shown + Counter(hidden)
    counts = dict.fromkeys(Severity, 0)
    for code, count in total.items():
        counts[RULES[code].severity] += count
    known: dict[str, Any] = {
        "diagnostics": diagnostics,
        "counts": counts,
        "by_code": {code: (shown[code], total[code]) for code in sorted(total)},
        "rows": 751,
        "files": 250,
        "fixable": sum(each.fixable for each in diagnostics),
    }
    return Report(**{**known, **facts})


EMPTY = report()

SMALL = report(
    diagnostic("IMG102", file="images/b.png", message="no row names b.png", suggestion="trace it"),
    at_row(
        "SCH205",
        3,
        14,
        field="pO2_saturation",
        value="165",
        message="pO2_saturation 165 % is outside 0 to 100",
        suggestion="a pressure? 165 mmHg is a pO2",
    ),
    at_row("SCH203", 3, 20, field="view", value="supino", fix=Fix(value="AP Supine")),
    at_row("LIC101", 9, 30, row="c.png", patientid=None, field="license", value=""),
    more={"LIC101": 219},
    skipped=(
        ("VOL101", "there is no volumes/ folder"),
        ("VOL102", "there is no volumes/ folder"),
    ),
    stale=("ignore of CSV104 fits nothing",),
    suppressed=2,
)

NASTY = "a\x1b[31m\r\n::error::x\x00\x9b\u202e\udce9\ufffe%|<b>`&\"',:"
"""Escapes, line ends, a command, controls, turned text, surrogates, what formats mean."""

HOSTILE = report(
    *(
        at_row(
            code,
            2,
            1,
            message=f"text {NASTY}",
            suggestion=NASTY,
            row=NASTY,
            patientid=NASTY,
            field=NASTY,
            value=NASTY,
            file=f"images/{NASTY}",
        )
        for code in RULES
    ),
    skipped=(("VOL101", NASTY),),
    stale=(NASTY,),
)
"""Data that tries to be something else than text, everywhere where data can stand."""
