"""The report as one page of HTML that needs nothing beside it: no script, no address, no font.

This module owns what the template is given. Whatever comes from the data is escaped twice over:
control characters become visible, and HTML is text. It prints nothing and opens no file.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from covidxr.cli.render import reportplots
from covidxr.cli.render.diagnostics import WORDS, counted, cut, escaped, skipped_by_reason
from covidxr.collectionfacts import NOT_READ, NOT_STATED
from covidxr.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import jinja2
    from markupsafe import Markup

    from covidxr.checking import Problem
    from covidxr.collectionfacts import Count
    from covidxr.collectionreport import CollectionReport
    from covidxr.contactsheet import Thumbnail
    from covidxr.plugins import Rule

COLUMNS = (
    ("patientid", "Patient"),
    ("filename", "File"),
    ("finding", "Finding"),
    ("view", "View"),
    ("modality", "Modality"),
    ("offset", "Offset, days"),
    ("sex", "Sex"),
    ("age", "Age, years"),
    ("date", "Date"),
    ("location", "Location"),
    ("license", "Licence"),
    ("url", "Page"),
    ("doi", "DOI"),
)
"""Columns of the table of rows, and how the page heads them."""

# A cell of a table that is not right may hold a page of text.
_LONGEST = 300
# A heading of its own costs a finding a whole line of the contact sheet.
_FEW = 4
_ONE_PERCENT = 0.01
_REST = "Findings with few images"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Counts by one thing: a table, and a drawing of it.

    Parameters
    ----------
    key : str
        Its anchor.
    title : str
        Its heading.
    note : str
        How it was counted; may be empty.
    counts : sequence of Count
        The table's lines.
    plot : str
        SVG; empty where there is nothing to draw.
    """

    key: str
    title: str
    note: str
    counts: Sequence[Count]
    plot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What one rule found.

    Parameters
    ----------
    rule : Rule
        The rule.
    total : int
        How often.
    problems : sequence of Problem
        Those that are shown.
    """

    rule: Rule
    total: int
    problems: Sequence[Problem]


def render(report: CollectionReport, rules: Mapping[str, Rule], *, title: str, version: str) -> str:
    """Write the page.

    Parameters
    ----------
    report : CollectionReport
        What it shows.
    rules : mapping of str to Rule
        By code.
    title : str
        Its heading; blank for one made of the collection's name.
    version : str
        Of covidxr.
    """
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=title or f"Collection {report.name}".strip(),
            report=report,
            facts=report.facts,
            sections=_sections(report),
            labels=[each for each in report.facts.labels.labels if each.images],
            label_plot=_label_plot(report),
            source_plot=_source_plot(report),
            groups=_groups(report, rules),
            found=_found(report),
            skipped=skipped_by_reason(report.validation),
            hidden=dict(cut(report.validation)),
            sheet=_sheet(report.thumbnails),
            columns=COLUMNS,
            rows=[report.dataset.row(index) for index in report.rows],
            codes=_codes(report),
            pictured={each.pick.row for each in report.thumbnails},
            version=version,
        )
    )


def _environment() -> jinja2.Environment:
    import jinja2
    from markupsafe import Markup

    def printable(value: object) -> object:
        # What is safe HTML already is a Markup, which is a str as well.
        if isinstance(value, str) and not isinstance(value, Markup):
            return escaped(value)
        return value

    made = jinja2.Environment(
        loader=jinja2.PackageLoader("covidxr.cli.render"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=printable,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "link": _link,
        "percent": _percent,
        "thousands": _thousands,
        "base64": _base64,
        "cut": _cut,
        "path": _path,
        "last_parts": _last_parts,
        "counted": counted,
        "word": WORDS.__getitem__,
    }
    return made


def _sections(report: CollectionReport) -> list[Section]:
    facts = report.facts
    oldest = "Age at the image, by decade; ages above 89 are counted together."
    place = (
        "The last part of the location, where it is a country. “not read” is a place whose country "
        "it does not say in a way that is certain."
    )
    spelt = "Spellings that the schema knows are counted under the value that they mean."
    made = [
        ("views", "Views", spelt, facts.views),
        ("modalities", "Modalities", spelt, facts.modalities),
        ("sexes", "Sex", "", facts.sexes),
        ("ages", "Age", oldest, facts.ages),
        (
            "licences",
            "Licences",
            "A licence without its version is shown as it stands.",
            facts.licences,
        ),
        ("countries", "Countries", place, facts.countries),
    ]
    return [
        Section(key=key, title=title, note=note, counts=counts, plot=_plot(key, title, counts))
        for key, title, note, counts in made
    ]


def _plot(key: str, title: str, counts: Sequence[Count]) -> str:
    bars = [reportplots.Bar(each.name, each.images) for each in counts]
    if not bars:
        return ""
    words = f"Bars: images by {title.lower()}; the same numbers stand in the table"
    # What is not known stays in sight: it is never one of the "others".
    known = [bar for bar in bars if bar.name not in {NOT_READ, NOT_STATED}]
    unknown = [bar for bar in bars if bar.name in {NOT_READ, NOT_STATED}]
    return reportplots.draw([*reportplots.few(known), *unknown], f"plot-{key}", words)


def _label_plot(report: CollectionReport) -> str:
    bars = [
        reportplots.Bar(
            f"{'  ' * each.label.count('/')}{each.label.rpartition('/')[2]}", each.images
        )
        for each in report.facts.labels.labels
        if each.images
    ]
    words = "Bars: images by label; the same numbers stand in the table"
    return reportplots.draw(bars, "plot-labels", words) if bars else ""


def _source_plot(report: CollectionReport) -> str:
    bars = [reportplots.Bar(name, images) for name, images, _ in report.facts.sources.rows]
    words = "Bars: images by source; the same numbers stand in the table"
    return reportplots.draw(reportplots.few(bars), "plot-sources", words) if bars else ""


def _groups(report: CollectionReport, rules: Mapping[str, Rule]) -> list[Group]:
    """Gather the problems by rule, errors first."""
    shown: dict[str, list[Problem]] = {}
    for each in report.problems:
        shown.setdefault(each.diagnostic.code, []).append(each)
    made = [
        Group(rule=rules[code], total=total, problems=shown.get(code, []))
        for code, (_, total) in report.validation.by_code.items()
    ]
    return sorted(made, key=lambda group: (group.rule.severity.rank, group.rule.code))


def _found(report: CollectionReport) -> str:
    found = [
        counted(report.validation.counts[severity], WORDS[severity])
        for severity in Severity
        if report.validation.counts.get(severity)
    ]
    return ", ".join(found) or "no problems"


def _sheet(thumbnails: Sequence[Thumbnail]) -> list[tuple[str, list[Thumbnail]]]:
    """Give each finding its heading, and those of few images one together."""
    made: list[tuple[str, list[Thumbnail]]] = []
    rest: list[Thumbnail] = []
    for finding, group in groupby(thumbnails, lambda it: it.pick.finding):
        alike = list(group)
        if len(alike) < _FEW:
            rest += alike
        else:
            made.append((finding, alike))
    return [*made, (_REST, rest)] if rest else made


def _codes(report: CollectionReport) -> dict[int, list[str]]:
    """Give the codes of the problems that are shown, by row."""
    codes: dict[int, list[str]] = {}
    for each in report.problems:
        if each.row is not None and each.diagnostic.code not in codes.setdefault(each.row, []):
            codes[each.row].append(each.diagnostic.code)
    return codes


def _link(url: str) -> str:
    """Give an address that a browser may follow; empty where it is none of the web's."""
    try:
        return url if urlsplit(url).scheme.lower() in {"http", "https"} else ""
    except ValueError:
        return ""


def _percent(share: float) -> str:
    """Write a share; what is there is never shown as nothing, nor nearly all as all."""
    if 0 < share < _ONE_PERCENT:
        return "< 1 %"
    if 1 - _ONE_PERCENT < share < 1:
        return "> 99 %"
    return f"{100 * share:.0f} %"


def _last_parts(finding: str) -> str:
    """Name findings without what stands above them."""
    return ", ".join(part.rpartition("/")[2] for part in finding.split("|"))


def _path(label: str) -> Markup:
    """Let a line end behind a slash."""
    from markupsafe import Markup, escape

    return Markup(str(escape(escaped(label))).replace("/", "/<wbr>"))  # noqa: S704 - escaped above


def _thousands(count: int) -> str:
    return f"{count:,}"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
