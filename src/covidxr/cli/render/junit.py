"""A report as JUnit XML: a suite for each file, a case for each problem.

An error is a failed case; a warning or a hint is a skipped one, since neither fails the command.
The format has no official schema; ``testmoapp/junitxml`` describes what its readers expect.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import escaped, place, who
from covidxr.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from covidxr.model import Diagnostic
    from covidxr.plugins import Rule
    from covidxr.report import Report


def render(
    report: Report,
    rules: Mapping[str, Rule],  # noqa: ARG001 - all renderers take the same
    *,
    version: str,
    colour: bool = False,  # noqa: ARG001
) -> str:
    """Render a report as JUnit XML.

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
        A document; one passed case where nothing was found, since an empty suite is an error to
        many readers. Characters that XML cannot hold are written as escapes.
    """
    by_file: dict[str, list[Diagnostic]] = {}
    for each in report.diagnostics:
        by_file.setdefault(each.file, []).append(each)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f"<testsuites{_counts(report.diagnostics, name='covidxr')}>",
    ]
    for file, found in by_file.items():
        lines += _suite(file, found, version)
    if not by_file:
        lines += _clean(version)
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"


def _attributes(**named: object) -> str:
    known = {key: text for key, text in named.items() if text is not None}
    return "".join(f' {key}="{escape(escaped(str(text)))}"' for key, text in known.items())


def _counts(found: Sequence[Diagnostic], *, name: str) -> str:
    failures = sum(each.severity is Severity.ERROR for each in found)
    return _attributes(
        name=name,
        tests=len(found) or 1,
        failures=failures,
        errors=0,
        skipped=len(found) - failures,
        time=0,
    )


def _properties(version: str) -> str:
    return f"<properties><property{_attributes(name='version', value=version)}/></properties>"


def _clean(version: str) -> Iterator[str]:
    yield f"  <testsuite{_counts((), name='covidxr')}>"
    yield f"    {_properties(version)}"
    yield f"    <testcase{_attributes(name='No problems found', classname='covidxr', time=0)}/>"
    yield "  </testsuite>"


def _suite(file: str, found: Sequence[Diagnostic], version: str) -> Iterator[str]:
    yield f"  <testsuite{_counts(found, name=file)}{_attributes(file=file)}>"
    yield f"    {_properties(version)}"
    for each in found:
        yield from _case(each)
    yield "  </testsuite>"


def _case(each: Diagnostic) -> Iterator[str]:
    name = f"{each.code} {each.name} {place(each)}"
    where = _attributes(name=name, classname=each.file, time=0, file=each.file, line=each.line)
    tag = "failure" if each.severity is Severity.ERROR else "skipped"
    body = [f"{place(each)}: {each.message}", each.suggestion or "", who(each), each.url]
    text = "\n".join(escaped(line) for line in body if line)
    yield f"    <testcase{where}>"
    yield f"      <{tag}{_attributes(message=each.message, type=each.code)}>{escape(text)}</{tag}>"
    yield "    </testcase>"
