"""The rules' own pages: one for the terminal, a list, JSON, and ``docs/rules.md``."""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING

from covidxr.plugins import SECTIONS, Need

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from covidxr.plugins import Rule

FAMILIES = {
    "ANN": "Annotations: boxes, masks and scores against the images they describe",
    "CLN": "Clinical sense",
    "CSV": "The file as text",
    "DCM": "DICOM tags against the row",
    "DOC": "Documents",
    "IMG": "Image files",
    "LBL": "Findings",
    "LIC": "Licences and sources",
    "PAT": "Patients",
    "PRV": "Privacy",
    "SCH": "Columns and values",
    "VOL": "Volumes",
}
"""What each family of codes is about."""

_NEEDS = {
    Need.IMAGES: "an `images/` folder",
    Need.VOLUMES: "a `volumes/` folder",
    Need.STRUCTURE: "`--images structure` or deeper",
    Need.PIXELS: "`--images full`",
}
_OPENING = """\
# Rules

What `covidxr validate` checks. This page is made by `covidxr rules --write docs/rules.md` from the
rules themselves.

**error**: wrong or unusable. **warning**: a curator should look. **info**: worth knowing.
"""
_UNDERLINE = re.compile(r"^(?P<title>[^\n]+)\n-{3,}$", re.MULTILINE)
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)


def page(rule: Rule) -> str:
    """Write one rule's page for a terminal.

    Parameters
    ----------
    rule : Rule
        The rule.

    Returns
    -------
    str
        Its code, severity and needs, then its documentation, as plain text.
    """
    head = f"{rule.code} {rule.name} ({rule.severity}, since {rule.since})"
    return "\n".join(
        [head, "=" * len(head), "", *_needed(rule), _inline(rule.page), "", rule.url, ""]
    )


def _needed(rule: Rule) -> list[str]:
    known = [words for need, words in _NEEDS.items() if need in rule.needs]
    return [f"Needs {' and '.join(known)}.".replace("`", ""), ""] if known else []


def listing(rules: Mapping[str, Rule]) -> str:
    """Write the rules as a table, one line each.

    Parameters
    ----------
    rules : mapping of str to Rule
        By code.

    Returns
    -------
    str
        Code, name, severity and summary, in columns.
    """
    width = max((len(rule.name) for rule in rules.values()), default=0)
    return "".join(
        f"{code}  {rule.name:{width}}  {rule.severity:7}  {rule.summary}\n"
        for code, rule in sorted(rules.items())
    )


def as_json(rules: Mapping[str, Rule]) -> str:
    """Write the rules as JSON, with their pages.

    Parameters
    ----------
    rules : mapping of str to Rule
        By code.

    Returns
    -------
    str
        An object with ``version`` and ``rules``.
    """
    listed = [
        {
            "code": rule.code,
            "name": rule.name,
            "severity": rule.severity.value,
            "since": rule.since,
            "needs": sorted(need.value for need in rule.needs),
            "summary": rule.summary,
            "page": rule.page,
            "url": rule.url,
        }
        for _, rule in sorted(rules.items())
    ]
    return json.dumps({"version": 1, "rules": listed}, ensure_ascii=False, indent=2) + "\n"


def markdown(rules: Mapping[str, Rule]) -> str:
    """Write ``docs/rules.md``.

    Parameters
    ----------
    rules : mapping of str to Rule
        By code.

    Returns
    -------
    str
        A page with a part for each family and a section for each rule, whose anchor is the
        fragment of the rule's address.
    """
    listed = [rule for _, rule in sorted(rules.items())]
    lines = [_OPENING]
    families = [(name, list(group)) for name, group in groupby(listed, lambda rule: rule.code[:3])]
    for name, group in families:
        lines += [f"**{name}** {FAMILIES.get(name, '')}", ""]
        lines += [f"- [{r.code} {r.name}](#{_anchor(r)}): {r.summary}" for r in group]
        lines.append("")
    for name, group in families:
        lines += [f"## {name}: {FAMILIES.get(name, name)}", ""]
        for rule in group:
            lines += _section(rule)
    return "\n".join(lines).rstrip("\n") + "\n"


def _anchor(rule: Rule) -> str:
    return rule.url.rpartition("#")[2]


def _section(rule: Rule) -> Iterator[str]:
    # GitHub makes the anchor of a heading from its text: lower case, blanks to hyphens.
    yield f"### {rule.code} {rule.name}"
    yield ""
    needs = [words for need, words in _NEEDS.items() if need in rule.needs]
    needed = f", needs {' and '.join(needs)}" if needs else ""
    yield f"*{rule.severity}, since {rule.since}{needed}*"
    yield ""
    yield _inline(_UNDERLINE.sub(_heading, rule.page))
    yield ""


def _heading(match: re.Match[str]) -> str:
    title = match["title"]
    return f"**{title}.**" if title in SECTIONS else title


def _inline(text: str) -> str:
    """Turn reStructuredText literals into Markdown code."""
    return _LITERAL.sub(lambda match: f"`{match[1]}`", text)
