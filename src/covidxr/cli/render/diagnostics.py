"""What all forms of a report share: safe text, words for counts, and the list of forms.

A renderer is ``render(report, rules, *, version, colour=False) -> str``, one file a form. It
prints nothing, and reads no clock. Each is imported only when it is asked for.
"""

from __future__ import annotations

import importlib
import json
import re
from typing import TYPE_CHECKING, Protocol, cast

from covidxr.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report

RENDERERS = {
    "text": "text",
    "concise": "concise",
    "grouped": "grouped",
    "json": "json_",
    "jsonl": "jsonl",
    "github": "github",
    "sarif": "sarif",
    "junit": "junit",
    "markdown": "markdown",
}
"""Names of the forms, and the modules of this package that make them."""

WORDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "hint"}

# What a terminal, a browser or an XML reader does not take as a character to show: control
# characters (an escape sequence can rewrite the screen), those that turn the direction of text,
# line separators, surrogates, and what XML 1.0 (section 2.2) excludes.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


class Renderer(Protocol):
    """Turns a report into text."""

    def __call__(
        self, report: Report, rules: Mapping[str, Rule], *, version: str, colour: bool = False
    ) -> str:
        """Render."""


def renderer(name: str) -> Renderer:
    """Import the renderer of a form.

    Parameters
    ----------
    name : str
        A key of `RENDERERS`.

    Returns
    -------
    callable
        Its ``render``.

    Raises
    ------
    KeyError
        If there is no such form.
    """
    module = importlib.import_module(f"covidxr.cli.render.{RENDERERS[name]}")
    return cast("Renderer", module.render)


def escaped(text: str) -> str:
    r"""Show every character that is not safe to print as an escape, on one line.

    >>> escaped("a\x1b[31m\nb\udce9")
    'a\\x1b[31m\\nb\\xe9'
    """
    return _UNSAFE.sub(_escape, text)


def as_json(value: object, *, indent: int | None = None) -> str:
    r"""Write JSON that a terminal can show: what is not safe to print is escaped.

    A byte of the data that was not UTF-8 becomes the four characters ``\\xNN``.

    >>> as_json({"name": "In\udce9s\x9b"})
    '{"name": "In\\\\xe9s\\u009b"}'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSAFE.sub(_escape_in_json, text)


def _escape_in_json(match: re.Match[str]) -> str:
    letter = match[0]
    if letter == "\n":
        return letter
    return f"\\{_escape(match)}" if _SURROGATE.match(letter) else f"\\u{ord(letter):04x}"


def _escape(match: re.Match[str]) -> str:
    letter = match[0]
    if letter in _SHORT:
        return _SHORT[letter]
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - surrogateescape: byte 0x80 is U+DC80
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004


def counted(count: int, word: str) -> str:
    """Write a number and its noun.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def totals(report: Report) -> str:
    """Say in a line how many were looked at and what was found."""
    looked = counted(report.rows, "row")
    if report.files:
        looked += f", {counted(report.files, 'file')}"
    found = [
        counted(report.counts[severity], WORDS[severity])
        for severity in Severity
        if report.counts.get(severity)
    ]
    return f"{looked}: {', '.join(found) if found else 'no problems'}"


def place(each: Diagnostic) -> str:
    """Write file, line and column as ``metadata.csv:3:14``, as much of it as is known."""
    parts = [escaped(each.file), *(str(n) for n in (each.line, each.column) if n is not None)]
    return ":".join(parts)


def who(each: Diagnostic) -> str:
    """Name patient and image of a diagnostic's row, empty where it has none."""
    parts = []
    if each.patientid:
        parts.append(f"patient {escaped(each.patientid)}")
    if each.row:
        parts.append(f"image {escaped(each.row)}")
    return ", ".join(parts)


def cut(report: Report) -> list[tuple[str, int]]:
    """Give the codes of which not all diagnostics are shown, and how many are left out."""
    return [
        (code, total - shown) for code, (shown, total) in report.by_code.items() if total > shown
    ]


def skipped_by_reason(report: Report) -> dict[str, list[str]]:
    """Gather the codes of skipped rules by the reason."""
    reasons: dict[str, list[str]] = {}
    for code, reason in report.skipped:
        reasons.setdefault(reason, []).append(code)
    return reasons


def worst_first(diagnostics: Iterable[Diagnostic], most: int) -> list[Diagnostic]:
    """Choose some of many, errors before warnings, and of each severity every rule in turn.

    Parameters
    ----------
    diagnostics : iterable of Diagnostic
        In the order of the report.
    most : int
        How many at most.

    Returns
    -------
    list of Diagnostic
        Those chosen, by severity, else in the order of the report.
    """
    seen: dict[str, int] = {}
    ranked = []
    for number, each in enumerate(diagnostics):
        turn = seen[each.code] = seen.get(each.code, 0) + 1
        ranked.append((each.severity.rank, turn, number, each))
    ranked.sort(key=lambda entry: entry[:3])
    chosen = sorted(ranked[:most], key=lambda entry: (entry[0], entry[2]))
    return [each for _, _, _, each in chosen]
