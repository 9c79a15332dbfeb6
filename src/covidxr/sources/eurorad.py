"""Eurorad: teaching cases of the European Society of Radiology, from the pages of eurorad.org.

This module owns the site's addresses, its generations of markup, and what is known of its terms.
It must not fetch anything but by the `Http` it is given, and it guesses nothing: modality, view and
day of an image are suggestions from its caption, and how a patient fared is not read at all.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote_plus, unquote, urlsplit

from covidxr import captionwords, htmlpage, patientwords
from covidxr.cases import Case, ImageCandidate, LeftOut, LicenceClaim, Suggestion
from covidxr.columns import VIEW_MODALITY
from covidxr.dates import read_date
from covidxr.errors import GoneError, SourceError
from covidxr.htmlpage import Markup, line_of
from covidxr.identifiers import read_doi
from covidxr.licences import read_licence
from covidxr.sourcing import Found, Kind, ResultPage, Terms, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from covidxr.cases import Json, Reading
    from covidxr.htmlpage import Tag
    from covidxr.sourcing import Http, Page

KEY = "eurorad"
_SITE = "https://www.eurorad.org"

# Every selector, newest first. What stands in Bootstrap's ".modal" is the full-size dialog, which
# repeats the gallery.
MARKUP = (
    Markup(years="2026", selectors={"dialog image": "img.figure-modal-lazy"}),
    Markup(
        years="2020 to 2026",
        selectors={
            # A lazy page may load its first images at once: old and new ones stand side by side.
            "gallery image": "img.figure-image-lazy:not(.modal *), "
            '[class*="figure-gallery__item"] img[typeof~="foaf:Image"]'
            ":not(.figure-modal-lazy, .modal *)",
        },
    ),
    Markup(
        years="2025",
        selectors={
            "shared title": 'meta[property="og:title"]',
            "licence link": 'a[rel~="license"], a[href*="creativecommons.org/"]',
        },
    ),
    Markup(
        years="2021 to 2025",
        selectors={
            "result": "div.col-12.col-md-6.col-lg-4.mb-4",
            "result number": "span.case__number",
            "case number": "span.d-block.text-uppercase.font-size-3.text-center",
            "published": "span.d-block.font-size-1.text-center",
            "heading": "h1.color-color.mb-3",
            "details": "div.col-12.order-0.col-md-8.order-md-1.col-lg-9.mb-3",
            "contents": "div.block__content.node-contents",
            "section": "div.block__content.node-contents > div div.row:has(> div.col-12.col-md-3)",
            "diagnosis": "div.col-6.pb-3",
        },
    ),
    Markup(
        years="2020",
        selectors={
            # Without the cards, each link to a case is a result, but not those of a menu.
            "result link": 'a[href*="/case/"]:not(nav *, header *, footer *, aside *)',
            "window title": "head title",
            "patient": "p.color-grey",
            "section": "div.row:has(> div.col-12.col-md-3)",
            "section heading": ":scope > div.col-12.col-md-3",
            "section body": ":scope > div.col-12.col-md-9",
            "figure label": "div.figure-gallery__item__label:not(.modal *)",
            "any label": "div.figure-gallery__item__label",
            "gallery item": '[class*="figure-gallery__item"]'
            ':not([class*="figure-gallery__item__"], [class*="figure-gallery__items"])',
            "caption": "span.mb-1.d-block",
            "figure number": 'li.list-inline-item > a[class*="figure-gallery-paginator__link"]'
            ":not(.modal *)",
            "next page": 'div.pagination > a[title="Go to next page"]',
            "last page": 'div.pagination > a[title="Go to last page"]',
            "mark": "sup",
            "block": ".d-block",
            "paragraph": "p",
        },
    ),
)

_CASE = re.compile(
    r"https?://(?:www\.)?eurorad\.org/(?:"
    r"case/(?P<number>[0-9]{1,9})(?P<teaching>/teaching-case)?/?(?:[?#]\S*)?"
    # An older form of the same addresses, which `identifiers` takes for the same page.
    r"|(?:eurorad/)?case\.php\?(?:[^#\s]*&)?id=(?P<old>[0-9]{1,9})(?:[&#]\S*)?)",
    re.IGNORECASE,
)

# The whole ending of a page's title, and titles that name no case: those of the front page and,
# seen 2025, of the page that is shown while a visitor is being checked.
_TITLE_SUFFIXES = (" | Eurorad", " | eurorad.org")
_NO_TITLES = frozenset({"eurorad", "eurorad.org"})
# What a search says that has no hit; seen 2020.
_NO_RESULTS = "No case found"
_DAY = re.compile(r"(?<![0-9.])([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?![0-9])")
_PUBLISHED = "Published on"
# A link's words that are no title.
_NO_LINK_TITLE = re.compile(r"(?:case )?#?[0-9]|read more", re.IGNORECASE)

# Labels and headings as pages of 2020 show them.
_DETAILS = frozenset({"section", "case type", "author", "authors", "patient", "categories"})
_SECTIONS = {
    "clinical history": "history",
    "imaging findings": "findings",
    "discussion": "discussion",
    "differential diagnosis list": "differential",
    "final diagnosis": "diagnosis",
}
_REFERENCES = "references"
_CATEGORIES = {"area of interest": "area_of_interest", "imaging technique": "imaging_technique"}
_CATEGORIES_EXTRA = frozenset(_CATEGORIES.values())
# How the line of the categories begins, wherever it stands.
_CATEGORIES_LINE = "Area of Interest"
# Seen below the discussion of cases of 2020.
_ALTERED = "modified to ensure patient anonymity"

# Stands for a superscript, which is a mark of an affiliation and no part of a name.
_MARK = "\ue000"
_MARKS = "0123456789\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076\u2077\u2078\u2079*\u2020\u2021\u00a7"

# "1", "2a", "b", "Figure 3".
_FIGURE = re.compile(
    r"(?:fig(?:ure)?s?\.?\s{0,3})?([0-9]{1,3})?\s{0,3}\(?([a-z])?\)?", re.IGNORECASE
)
# How files are named since 2018: submission, figure, part of the figure.
_FILE = re.compile(r"[0-9]{1,9}_([0-9]{1,3})_([0-9]{1,3})\.[A-Za-z]{2,5}")
_STORED = re.compile(r"/sites/default/files/(?:styles/[^/]+/public/)?(.+)")
_SMALL, _LARGE = "/styles/figure_image_teaser_large/", "/styles/figure_image/"
_VIDEOS = "figure_video/"
# "(c)" is the third part of a figure as well, so it counts only before somebody's name.
_OWNER = (
    r"(?:dep|dpt|div|instit|hosp|clinic|univ|radiolog|servi|copyright|courtesy|by\b|[12][0-9]{3}\b)"
)
_CREDIT = re.compile(rf"\u00a9|\bOrigin\s{{0,2}}:|\bCopyright\b|\([cC]\)(?=\s{{0,4}}(?i:{_OWNER}))")
# Without such a word, it counts after a caption and before a name, a place and a year at the end,
# where no other part of the figure is named.
_CREDIT_AT_END = re.compile(
    r"(?<=\s)\([cC]\)(?=\s{0,4}[A-Z\u00c0-\u00de][^(),]{1,80}(?:,[^(),]{2,80}){1,3},"
    r"\s{0,4}(?:19|20)[0-9]{2}\.?$)"
)
_OTHER_PART = re.compile(r"\b[ab]\)", re.IGNORECASE)
_CREDIT_ALONE = re.compile(r"(?i)\u00a9|\(c\)|origin\b|copyright\b")

# The prefix that Eurorad's own DOIs have.
_DOI = re.compile(r"10\.35100/eurorad/[^\s<>\"'()]{1,100}", re.IGNORECASE)
_LICENCE = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/[\w./-]{1,60}"
    r"|\bCC[ -]BY(?:[ -](?:NC|ND|SA)){0,2}(?:[ -][0-9]\.[0-9])?\b"
    r"|\bCreative Commons [A-Za-z \u2010-\u2015-]{2,80}(?:[0-9]\.[0-9])?",
    re.IGNORECASE,
)
_LONGEST_WORDS = 300
# So many elements around an image are looked at; of real pages about five hold one figure.
_DEEPEST = 40
# In 2026 two projects that pass cases on were asked what the licence of those of before about 2015
# rests on; both questions were open.
_UNDISPUTED_FROM = "2015"

TERMS = Terms(
    search=True,
    search_reason=(
        "Nothing was found that forbids it; a bot check has been seen since 2020, and it is obeyed."
    ),
    url=f"{_SITE}/terms-and-conditions",
    licence=LicenceClaim(
        spdx="CC-BY-NC-SA-4.0",
        words="Submitted cases are published under CC BY-NC-SA 4.0; the authors keep the copyright",
        evidence="source",
        # The society's page for those who submit a case.
        url="https://www.myesr.org/node/2492",
    ),
    # As in the credit of a case that is fetched; the site asks for no fixed sentence.
    attribution="{authors}. Eurorad, case {number}",
    ask="the European Society of Radiology, which publishes Eurorad",
)


@dataclass(slots=True, kw_only=True)
class _Figure:
    """One image of the gallery; `whole` is the caption that it shares with other letters."""

    number: str
    letter: str
    label: str = ""
    caption: str = ""
    credit: str = ""
    whole: str = ""
    urls: tuple[str, ...] = ()
    video: bool = False


@dataclass(slots=True, kw_only=True)
class _Details:
    """What stands beside the title."""

    authors: tuple[str, ...] = ()
    patient: str = ""
    extra: dict[str, Json] = field(default_factory=dict)


class _Page(htmlpage.PageReader):
    def __init__(self, got: Page) -> None:
        super().__init__(got.url, got.body, MARKUP)
        self.lines = htmlpage.text_of(self.root).split("\n")


# ---- search ------------------------------------------------------------------------------------


def _search(words: Sequence[str], http: Http) -> Iterator[ResultPage]:
    """Search the cases, the newest first, page by page."""
    asked = f"{_SITE}/advanced-search?search={quote_plus(' '.join(words))}"
    seen: set[str] = set()
    number, more = 0, True
    while more:
        # The site counts from 0.
        url = f"{asked}&sort_by=published_at&sort_order=DESC&page={number}"
        number += 1
        page = _Page(http.get(url, kind=Kind.LISTING))
        result, more = _results(page, url, number)
        if more and seen.issuperset(each.url for each in result.cases):
            raise SourceError(KEY, url, "a case that no earlier page of results has")
        seen.update(each.url for each in result.cases)
        yield result


def _results(page: _Page, url: str, number: int) -> tuple[ResultPage, bool]:
    """Read one page of results, and whether there is another."""
    ends = any(_NO_RESULTS in line for line in page.lines)
    found: dict[str, Found] = {}
    others = 0
    for node in page.all("result") or ([] if ends else page.all("result link")):
        if one := _found(page, node):
            known = found.get(one.url, one)
            found[one.url] = known if known.title else one
        else:
            others += 1
    if not found and not ends:
        cards, links = _selector("result"), _selector("result link")
        missing = f'cases ({cards}, or {links}) or the words "{_NO_RESULTS}"'
        raise SourceError(KEY, url, missing)
    more = bool(found) and bool(page.all("next page"))
    pages = _last_page(page) or (None if more else number)
    cases = tuple(found.values())
    return ResultPage(url=url, number=number, cases=cases, others=others, pages=pages), more


def _selector(name: str) -> str:
    return next(each.selectors[name] for each in MARKUP if name in each.selectors)


def _found(page: _Page, node: Tag) -> Found | None:
    links = [node] if node.name == "a" else page.all("result link", node)
    named = [(link, _number_in(htmlpage.address(link, page.url, "href"))) for link in links]
    number = next(filter(None, (each for _, each in named)), "")
    if not number:
        said = re.search(r"#\s?([0-9]{1,9})", page.text("result number", node))
        number = str(int(said[1])) if said else ""
    if not number:
        return None
    titles = (htmlpage.text_of(link) for link, each in named if each == number)
    # A link around a picture has no words, one around a whole card has several lines.
    title = next((text for text in titles if _is_title(text)), "")
    # Number and day may stand side by side without a blank between.
    days = set(_DAY.findall(" ".join(node.stripped_strings)))
    published = _iso(*days.pop()) if len(days) == 1 else ""
    return Found(url=_address(number), title=title, published=published)


def _is_title(text: str) -> bool:
    """Tell a title from nothing, from a number, and from several lines."""
    return bool(text) and "\n" not in text and not _NO_LINK_TITLE.match(text)


def _last_page(page: _Page) -> int | None:
    for link in page.all("last page"):
        query = parse_qs(urlsplit(htmlpage.address(link, page.url, "href")).query)
        number = query.get("page", [""])[0]
        if re.fullmatch(r"[0-9]{1,6}", number):
            return int(number) + 1
    return None


def _iso(day: str, month: str, year: str) -> str:
    """Give a day as ISO 8601; the site writes the day first. Empty where there is no such day."""
    parsed = read_date(f"{year}-{int(month):02}-{int(day):02}").parsed
    return parsed.iso if parsed else ""


# ---- a case ------------------------------------------------------------------------------------


def _number_in(url: str) -> str:
    match = _CASE.fullmatch(url)
    return str(int(match["number"] or match["old"])) if match else ""


def _address(number: str) -> str:
    return f"{_SITE}/case/{number}"


@source(
    KEY,
    title="Eurorad",
    hosts=("www.eurorad.org", "eurorad.org"),
    pattern=_CASE.pattern,
    example="https://www.eurorad.org/case/16654",
    terms=TERMS,
    # Crawlers of 2020 to 2025 waited 1 to 10 seconds, and met the bot check all the same; no
    # robots.txt with a delay of the site's own is known.
    delay_seconds=3.0,
    newest_first=True,
    search=_search,
    needs_words=True,
)
def cases(url: str, http: Http) -> Iterator[Case]:
    """Cases of Eurorad, each with the images of all its figures.

    Addresses: ``/case/16654``, the ``/teaching-case`` of the newest ones, an older ``case.php``.

    Of each case: authors, age and sex, the five sections, the DOI, the licence that the page
    states, and every figure with its own part of the caption. Where the page states no licence,
    what the society says of submitted cases holds, but not for those of before 2015.

    The large copy of an image is the one that the page's dialog names; without a dialog its
    address is made from the small one's, and the small one stays at hand in case it is refused.
    """
    number, match = _number_in(url), _CASE.fullmatch(url)
    if match is None:
        raise SourceError(KEY, url, "the number of a case in the address")
    address = _address(number)
    also_at: tuple[str, ...] = ()
    try:
        got = http.get(address)
    except GoneError:
        if not match["teaching"]:
            raise
        also_at = (f"{address}/teaching-case",)
        got = http.get(also_at[0])
    yield _case(_Page(got), number, also_at)


def _case(page: _Page, number: str, also_at: tuple[str, ...]) -> Case:
    title, sections = _title(page), _sections(page)
    _require(page, number, title)
    details, published = _details(page), _published(page)
    if _CATEGORIES_EXTRA.isdisjoint(details.extra):
        details.extra |= _categories_in_lines(page, sections)
    age, sex = _patient(page, details, sections)
    figures = _figures(page)
    rest = _rest(page, sections)
    doi = _doi(page, rest, number)
    images, left_out = _sorted_out(figures)
    return Case(
        source=KEY,
        id=number,
        url=_address(number),
        also_at=also_at,
        title=title,
        published=published,
        age=age[0],
        age_words=age[1],
        sex=sex[0],
        sex_words=sex[1],
        history="\n".join(sections.get("history", ())),
        findings="\n".join(sections.get("findings", ())),
        discussion="\n".join(sections.get("discussion", ())),
        diagnosis="\n".join(sections.get("diagnosis", ())),
        differential=tuple(sections.get("differential", ())),
        authors=details.authors,
        doi=doi,
        licence=_licence(page, rest, published),
        credit=_credit(details.authors, published, title, number, doi),
        images=images,
        left_out=left_out,
        suggestions=_suggestions(title, sections, age=age[0], sex=sex[0]),
        warnings=tuple(page.warnings),
        markup="; ".join(f"{name}: {years}" for name, years in page.used.items()),
        extra=details.extra,
    )


def _title(page: _Page) -> str:
    for name in ("shared title", "heading", "window title"):
        title = htmlpage.without_suffix(page.text(name), _TITLE_SUFFIXES)
        if title and title.casefold() not in _NO_TITLES:
            return title
    return ""


def _require(page: _Page, number: str, title: str) -> None:
    """Refuse a page that is none of a case; say what a page of a case lacks."""
    said = re.search(r"(?i)case\s{0,3}#?\s?([0-9]{1,9})", page.text("case number"))
    if not title and not said:
        raise SourceError(KEY, page.url, "no title and no case number")
    if not title:
        page.warnings.append("the page has no title")
    if said and str(int(said[1])) != number:
        page.warnings.append(f"the page of case {number} calls itself case {said[1]}")


def _published(page: _Page) -> str:
    for text in (*map(line_of, page.all("published")), *page.lines):
        _, said, after = text.partition(_PUBLISHED)
        if said and (match := _DAY.match(after.strip())):
            if day := _iso(*match.groups()):
                return day
            page.warnings.append(f"no such day: {match[0]}")
            return ""
    page.warnings.append(f'no "{_PUBLISHED}" and a day')
    return ""


def _labelled(lines: Iterable[str], labels: Iterable[str]) -> dict[str, list[str]]:
    """Part lines at those that are a label alone, whatever their case."""
    known = frozenset(labels)
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in lines:
        key = line.rstrip(" :").casefold()
        if key in known:
            current = found.setdefault(key, [])
        else:
            current.append(line)
    return found


def _details(page: _Page) -> _Details:
    for block in page.all("details"):
        for each in page.all("block", block):
            each.name = "div"
        for each in page.all("mark", block):
            each.string = _MARK
        found = _labelled(htmlpage.text_of(block).split("\n"), _DETAILS)
        if found or (found := _by_position(page, block)):
            return _read_details(found)
    page.warnings.append("no block with section, authors and patient in any known markup")
    return _Details()


def _by_position(page: _Page, block: Tag) -> dict[str, list[str]]:
    """Read a block without labels: first the section, then the type.

    Where the authors stand shifts with the number of their affiliations: without a label they
    are not read, or an affiliation would become the credit.
    """
    texts = list(map(line_of, page.all("paragraph", block)))
    names = ("section", "case type")
    if len(texts) < len(names):
        return {}
    page.warnings.append("section found by its place and authors not read: labels are missing")
    return {name: [text] for name, text in zip(names, texts, strict=False)}


def _read_details(found: Mapping[str, list[str]]) -> _Details:
    people = found.get("authors") or found.get("author") or []
    # Affiliations begin with their mark; without any mark the first line has the names.
    names = 0
    while names < len(people) and not people[names].startswith((_MARK, *_MARKS)):
        names += 1
    if names == len(people):
        names = 1
    categories = " ".join(found.get("categories", ()))
    extra: dict[str, Json] = {
        "section": " ".join(found.get("section", ())),
        "case_type": " ".join(found.get("case type", ())),
        "affiliations": [each.strip(_MARK + _MARKS + " .") for each in people[names:]],
        "categories": categories,
        **_categories(categories),
    }
    return _Details(
        authors=tuple(_names(people[:names])),
        patient=" ".join(found.get("patient", ())).replace(_MARK, ""),
        extra={name: value for name, value in extra.items() if value},
    )


def _names(lines: Iterable[str]) -> Iterator[str]:
    for part in re.split(rf"[,;{_MARK}]|\s(?:and|&)\s", ", ".join(lines)):
        if name := part.strip(_MARKS + " "):
            yield name


def _categories(text: str) -> dict[str, Json]:
    """Read "Area of Interest Lung, Thorax ; Imaging Technique CT"."""
    found: dict[str, list[Json]] = {}
    current: list[Json] = []
    for part in text.split(";"):
        words = htmlpage.clean(part)
        for label, name in _CATEGORIES.items():
            if words.casefold().startswith(label):
                current = found.setdefault(name, [])
                words = words[len(label) :].lstrip(" :")
        current += filter(None, map(htmlpage.clean, words.split(",")))
    return dict(found)


def _categories_in_lines(page: _Page, sections: Mapping[str, Sequence[str]]) -> dict[str, Json]:
    """Read the categories from their line, where no label tells them; prose is none."""
    said = {line for lines in sections.values() for line in lines}
    for line in page.lines:
        if not line.startswith(_CATEGORIES_LINE) or line in said:
            continue
        found: dict[str, Json] = {name: each for name, each in _categories(line).items() if each}
        if found:
            return found
    return {}


_Words = tuple[str, str]
"""A value as the table writes it, and the page's words; either may be empty."""


def _patient(
    page: _Page, details: _Details, sections: Mapping[str, Sequence[str]]
) -> tuple[_Words, _Words]:
    """Read age and sex from "34 years, male"; both may be missing."""
    line = next((text for text in _patient_lines(page, details) if _says_who(text)), "")
    if not line and details.patient:
        line = details.patient
        page.warnings.append(f"neither age nor sex could be read in {line!r}")
    elif not line:
        page.warnings.append("no line with the patient's age and sex")
    parts = [part for each in line.split(",") if (part := each.strip())]
    age, sex = _age(line, parts), patientwords.sex_in(line)
    unread = ", ".join(part for part in parts if not patientwords.sex_in(part))
    _compare(page, sections, age, sex)
    if any(_ALTERED in text.casefold() for text in page.lines):
        page.warnings.append(
            "the page says that patient data may have been modified: age and sex may not be true"
        )
    return (age.value, age.words) if age else ("", unread), (sex.value, sex.words) if sex else (
        "",
        "",
    )


def _patient_lines(page: _Page, details: _Details) -> Iterator[str]:
    yield details.patient
    yield from map(line_of, page.all("patient"))


def _says_who(line: str) -> bool:
    parts = [part.strip() for part in line.split(",")]
    return _age(line, parts) is not None or patientwords.sex_in(line) is not None


def _age(line: str, parts: Sequence[str]) -> Reading | None:
    bare = [part for part in parts if re.fullmatch(r"[0-9]{1,3}", part)]
    return patientwords.age_in(line) or (patientwords.age_in(bare[0]) if len(bare) == 1 else None)


def _compare(
    page: _Page,
    sections: Mapping[str, Sequence[str]],
    age: Reading | None,
    sex: Reading | None,
) -> None:
    """Warn where the clinical history speaks of somebody else."""
    told = patientwords.patient_in("\n".join(sections.get("history", ())))
    for one, other in ((age, told.age), (sex, told.sex)):
        if one and other and one.value != other.value:
            page.warnings.append(
                f'the patient line says "{one.words}", the clinical history "{other.words}"'
            )


def _sections(page: _Page) -> dict[str, list[str]]:
    """Give the lines of each known section; of the differential diagnosis, one a diagnosis."""
    found: dict[str, list[str]] = {}
    for row in _rows(page):
        name = _SECTIONS.get(_heading(page, row), "")
        bodies = page.all("section body", row)
        if not name or not bodies or name in found:
            continue
        entries = page.all("diagnosis", bodies[0]) if name == "differential" else []
        lines = list(map(line_of, entries)) or htmlpage.text_of(bodies[0]).split("\n")
        found[name] = [line for line in lines if line]
    if not found:
        found = _sections_in_lines(page)
    missing = [name for name, key in _SECTIONS.items() if not found.get(key)]
    if missing:
        page.warnings.append(f"no section {', '.join(missing)}")
    return found


def _rows(page: _Page) -> list[Tag]:
    """Give the rows of sections, but none within another."""
    found: dict[int, Tag] = {}
    for row in page.all("section"):
        if not any(id(parent) in found for parent in row.parents):
            found[id(row)] = row
    return list(found.values())


def _heading(page: _Page, row: Tag) -> str:
    return page.text("section heading", row).rstrip(" :").casefold()


def _sections_in_lines(page: _Page) -> dict[str, list[str]]:
    for block in page.all("contents"):
        lines = htmlpage.text_of(block).split("\n")
        if found := _labelled(lines, {*_SECTIONS, _REFERENCES, "figures"}):
            page.used["section"] = "by headings alone"
            return {key: found[name] for name, key in _SECTIONS.items() if name in found}
    return {}


# ---- figures -----------------------------------------------------------------------------------


def _figures(page: _Page) -> list[_Figure]:
    """Read the gallery: of each image its number, its own caption and its addresses."""
    dialog = page.all("dialog image")
    images = page.all("gallery image") or dialog
    if not images:
        raise SourceError(KEY, page.url, "no figure in any known gallery markup")
    addresses = _addresses(page, images, dialog)
    files = [_file(each[0]) if each else "" for each in addresses]
    labels = [_read_label(page, each) if each else ("", "") for each in _label_of(page, images)]
    figures = [
        _Figure(number=number, letter=letter, caption=caption, credit=credit, urls=urls)
        for (number, letter), (caption, credit), urls in zip(
            _numbers(page, images, files), labels, addresses, strict=True
        )
    ]
    for figure, file, credit in zip(figures, files, _credits_beside(page, images), strict=True):
        figure.video = file.startswith(_VIDEOS)
        figure.credit = figure.credit or credit
    _name(figures)
    _split(figures)
    return _with_address(page, figures)


def _with_address(page: _Page, figures: Sequence[_Figure]) -> list[_Figure]:
    kept = [figure for figure in figures if figure.urls]
    if not kept:
        raise SourceError(KEY, page.url, "no figure with an address: all are placeholders")
    page.warnings += [
        f"figure {figure.label} has no address in the page" for figure in figures if not figure.urls
    ]
    return kept


def _addresses(page: _Page, images: Sequence[Tag], dialog: Sequence[Tag]) -> list[tuple[str, ...]]:
    """Give the addresses of each image, best copy first."""
    small = [htmlpage.address(each, page.url, "data-src", "src") for each in images]
    large = [htmlpage.address(each, page.url, "data-src", "src") for each in dialog]
    by_file = {_file(each): each for each in large if each}
    names = Counter(map(_base, by_file))
    # Beside a saved page there are no folders.
    by_name = {_base(file): url for file, url in by_file.items() if names[_base(file)] == 1}
    # A placeholder says no file: its dialog is told by its place, where all others stand in theirs.
    in_order = len(small) == len(large) and all(
        not one or _file(one) == _file(other) for one, other in zip(small, large, strict=True)
    )
    found = []
    for at, url in enumerate(small):
        file = _file(url)
        best = by_file.get(file) or by_file.get(_base(file)) if file else ""
        if file and not best and "/" not in file:
            best = by_name.get(file)
        if not url and in_order:
            best = large[at]
        swapped = url.replace(_SMALL, _LARGE, 1)
        # The same file with the token of another style would be refused.
        if best and urlsplit(best).path == urlsplit(swapped).path:
            swapped = best
        # A browser that saved the page left the address of its copy in "src".
        copy = htmlpage.address(images[at], page.url, "src")
        saved = copy if copy.startswith("saved:") else ""
        found.append(tuple(dict.fromkeys(filter(None, (best, swapped, url, saved)))))
    return found


def _file(url: str) -> str:
    """Name a stored file, whatever its style and its token."""
    path = unquote(urlsplit(url).path)
    stored = _STORED.search(path)
    return re.sub(r"/{2,}", "/", stored[1]) if stored else _base(path)


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _around(nodes: Sequence[Tag]) -> dict[int, list[int]]:
    """Give every element around some nodes, with the places of those that stand in it."""
    found: dict[int, list[int]] = defaultdict(list)
    for at, node in enumerate(nodes):
        for parent in islice(node.parents, _DEEPEST):
            found[id(parent)].append(at)
    return dict(found)


def _nearest(node: Tag, around: Mapping[int, list[int]]) -> int:
    near = map(id, islice(node.parents, _DEEPEST))
    return next((each for each in near if each in around), 0)


def _label_of(page: _Page, images: Sequence[Tag]) -> list[Tag | None]:
    """Give each image the label in the smallest element that holds both; one may serve several."""
    labels = page.all("figure label")
    shared: dict[int, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, (nodes, others) in enumerate(((images, labels), (labels, images))):
        around = _around(others)
        for at, node in enumerate(nodes):
            shared[_nearest(node, around)][side].append(at)
    found: list[Tag | None] = [None] * len(images)
    for those, theirs in shared.values():
        each = theirs * len(those) if len(theirs) == 1 else theirs
        if len(each) == len(those):
            for at, label in zip(those, each, strict=True):
                found[at] = labels[label]
    if labels and None in found:
        page.warnings.append("some figures have no caption of their own")
    return found


def _read_label(page: _Page, label: Tag) -> tuple[str, str]:
    """Give caption and credit; a line outside of the caption is a credit or nothing."""
    spans = page.all("caption", label)
    shown = "\n".join(map(htmlpage.text_of, spans or [label]))
    beside = htmlpage.text_of(label).removeprefix(shown) if spans else ""
    caption, credit = [], []
    for line in shown.split("\n"):
        match = _CREDIT.search(line)
        if not match and not _OTHER_PART.search(line):
            match = _CREDIT_AT_END.search(line)
        caption.append(line[: match.start()].strip() if match else line)
        credit.append(line[match.start() :] if match else "")
    credit += [line for line in beside.split("\n") if _CREDIT_ALONE.match(line)]
    return " ".join(filter(None, caption)), " ".join(filter(None, credit))


def _credits_beside(page: _Page, images: Sequence[Tag]) -> list[str]:
    """Give each image the credit beside its label, in an item of the gallery that is its alone."""
    around = _around(images)
    items = {id(item): item for item in page.all("gallery item") if id(item) in around}
    found = [""] * len(images)
    for at, image in enumerate(images):
        near = next((each for each in islice(image.parents, _DEEPEST) if id(each) in items), None)
        if near is None or len(around[id(near)]) > 1:
            continue
        labels = page.all("any label", near)
        told = {line for each in labels for line in htmlpage.text_of(each).split("\n")}
        lines = htmlpage.text_of(near).split("\n")
        found[at] = " ".join(each for each in lines if _CREDIT.match(each) and each not in told)
    return found


def _numbers(page: _Page, images: Sequence[Tag], files: Sequence[str]) -> list[tuple[str, str]]:
    """Give the number and letter of each image, as the links above the gallery have them."""
    lists = _lists_of_numbers(page)
    tokens = [tokens for _, tokens in lists]
    if all(each[0][0] for each in tokens):
        flat = [pair for each in tokens for pair in _flat(each)]
        if len(flat) == len(images):
            return flat
    elif nested := _nested(lists, images):
        return nested
    if named := _by_file(files):
        return named
    if len(images) > 1:
        page.warnings.append("figures are counted: the page's numbers do not fit its images")
    return [(str(at), "") for at in range(1, len(images) + 1)]


def _lists_of_numbers(page: _Page) -> list[tuple[Tag, list[tuple[str, str]]]]:
    """Group the links by the list that they stand in; it is a number, a letter or both."""
    found: dict[int, tuple[Tag, list[tuple[str, str]]]] = {}
    for link in page.all("figure number"):
        match = _FIGURE.fullmatch(line_of(link))
        item = link.parent
        if match is None or not any(match.groups()) or item is None or item.parent is None:
            continue
        pair = (match[1] or "", (match[2] or "").lower())
        found.setdefault(id(item.parent), (item.parent, []))[1].append(pair)
    return list(found.values())


def _flat(tokens: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Read "1", "2a", "2b", or "1", "2", "a", "b", where a number is followed by its letters."""
    found: list[tuple[str, str]] = []
    for number, letter in tokens:
        if not number and found and found[-1][1] == "":
            found[-1] = (found[-1][0], letter)
        else:
            found.append((number or (found[-1][0] if found else ""), letter))
    return found


def _nested(
    lists: Sequence[tuple[Tag, list[tuple[str, str]]]], images: Sequence[Tag]
) -> list[tuple[str, str]]:
    """Read one list of numbers, and within each figure a list of its letters; else nothing."""
    around = _around(images)
    letters: dict[int, tuple[int, str]] = {}
    numbers: list[str] = []
    for which, (parent, tokens) in enumerate(lists):
        if tokens[0][0]:
            numbers += [number for number, _ in tokens]
            continue
        places = around.get(id(parent)) or around.get(_nearest(parent, around), [])
        if len(places) != len(tokens) or not letters.keys().isdisjoint(places):
            return []
        letters |= {at: (which, pair[1]) for at, pair in zip(places, tokens, strict=True)}
    # An image without letters is a figure of its own.
    owners = [letters.get(at, (-1 - at, ""))[0] for at in range(len(images))]
    order = list(dict.fromkeys(owners))
    if numbers and len(numbers) != len(order):
        return []
    named = dict(zip(order, numbers or map(str, range(1, len(order) + 1)), strict=True))
    return [(named[owner], letters.get(at, (0, ""))[1]) for at, owner in enumerate(owners)]


def _by_file(files: Sequence[str]) -> list[tuple[str, str]]:
    """Read figure and part from the names of files, where all have them; else nothing."""
    matches = [_FILE.fullmatch(_base(each)) for each in files]
    pairs = [(int(each[1]), int(each[2])) for each in matches if each]
    if len(pairs) != len(files) or len(set(pairs)) != len(pairs):
        return []
    parts = Counter(figure for figure, _ in pairs)
    letters = "abcdefghijklmnopqrstuvwxyz"
    if any(not 0 < part <= len(letters) for _, part in pairs):
        return []
    return [(str(figure), letters[part - 1] if parts[figure] > 1 else "") for figure, part in pairs]


def _name(figures: Sequence[_Figure]) -> None:
    """Label the images; a label that was there before has its place among its likes added."""
    used: Counter[str] = Counter()
    for figure in figures:
        label = figure.number + figure.letter
        used[label] += 1
        figure.label = label if used[label] == 1 else f"{label}-{used[label]}"


def _split(figures: Sequence[_Figure]) -> None:
    """Give each letter its part of a caption that is repeated for all letters of a figure."""
    repeated: dict[tuple[str, str], list[_Figure]] = defaultdict(list)
    for figure in figures:
        if figure.letter and figure.caption:
            repeated[figure.number, figure.caption].append(figure)
    for (_, caption), group in repeated.items():
        if len(group) == 1:
            continue
        parts = captionwords.split_by_letter(caption, [figure.letter for figure in group])
        for figure in group:
            figure.caption, figure.whole = parts[figure.letter], caption


def _sorted_out(
    figures: Iterable[_Figure],
) -> tuple[tuple[ImageCandidate, ...], tuple[LeftOut, ...]]:
    """Leave out images whose caption names exactly one kind of imaging, and that another one."""
    images, left_out = [], []
    for figure in figures:
        kind = captionwords.modality_in(figure.caption)
        if kind and kind.value not in VIEW_MODALITY.values():
            left_out.append(LeftOut(label=figure.label, url=figure.urls[0], reason=kind.value))
        else:
            images.append(_candidate(figure))
    return tuple(images), tuple(left_out)


def _candidate(figure: _Figure) -> ImageCandidate:
    extra: dict[str, Json] = {}
    if figure.credit:
        extra["credit"] = figure.credit
    if figure.whole != figure.caption and figure.whole:
        extra["figure_caption"] = figure.whole
    if figure.video:
        extra["still_of_video"] = True
    return ImageCandidate(
        label=figure.label,
        url=figure.urls[0],
        fallbacks=figure.urls[1:],
        caption=figure.caption,
        suggestions=captionwords.suggestions_of(figure.caption, "caption"),
        extra=extra,
    )


# ---- licence, DOI, credit ----------------------------------------------------------------------


def _rest(page: _Page, sections: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the lines outside of sections, references and figures, which may cite other works.

    What is left out is cut from the page; it has been read by now.
    """
    rows = [row for row in _rows(page) if _heading(page, row) in {*_SECTIONS, _REFERENCES}]
    for node in (*rows, *page.all("any label"), *page.all("gallery item")):
        node.extract()
    said = {line for lines in sections.values() for line in lines}
    return [line for line in htmlpage.text_of(page.root).split("\n") if line not in said]


def _doi(page: _Page, rest: Iterable[str], number: str) -> str:
    found = {
        doi: re.findall(r"[0-9]+", doi.partition("/")[2])
        for line in rest
        for match in _DOI.finditer(line)
        if (doi := read_doi(match[0]).doi)
    }
    for doi, numbers in found.items():
        if number in numbers or (len(found) == 1 and not numbers):
            return doi
    if found:
        page.warnings.append(f"the page names no DOI of this case, but {', '.join(found)}")
    return ""


def _licence(page: _Page, rest: Iterable[str], published: str) -> LicenceClaim:
    """Read what the page states; else what the site states, where that is not in dispute."""
    links = [htmlpage.address(each, page.url, "href") for each in page.all("licence link")]
    words = [line for line in rest if _LICENCE.search(line)]
    named = [match[0].strip() for text in (*links, *words) for match in _LICENCE.finditer(text)]
    if named:
        ids = sorted({spdx for each in named if (spdx := read_licence(each).spdx)})
        if len(ids) > 1:
            page.warnings.append(f"the page names more than one licence: {', '.join(ids)}")
        return LicenceClaim(
            spdx=ids[0] if len(ids) == 1 else "",
            words=(words or named)[0][:_LONGEST_WORDS],
            evidence="page",
            url=next(filter(_LICENCE.match, links), ""),
        )
    if published >= _UNDISPUTED_FROM:
        return TERMS.licence
    page.warnings.append(
        f"no licence: the page states none, and whether the site's holds for cases of before "
        f"{_UNDISPUTED_FROM} is in dispute"
        if published
        else "no licence: the page states none, nor when the case was published"
    )
    return LicenceClaim()


def _credit(authors: Sequence[str], published: str, title: str, number: str, doi: str) -> str:
    """Write a credit line; the site asks for no fixed sentence.

    With a DOI it has what the site's citation box has: authors, year, title, number and DOI.
    """
    people, place = ", ".join(authors), f"Eurorad, case {number}"
    if not doi:
        return ". ".join(filter(None, (people, place)))
    dated = " ".join(filter(None, (people, f"({published[:4]})" if published else "")))
    return ". ".join(filter(None, (dated, title.rstrip("."), place, f"DOI: {doi}")))


def _suggestions(
    title: str, sections: Mapping[str, Sequence[str]], *, age: str, sex: str
) -> tuple[Suggestion, ...]:
    """Suggest a finding, and age and sex where no field of the page has them."""
    diagnosis = " ".join(sections.get("diagnosis", ()))
    by_title = patientwords.finding_in_title(title)
    findings = [by_title] if by_title else []
    by_diagnosis = patientwords.finding_in_title(diagnosis, "final diagnosis")
    if by_diagnosis and by_diagnosis.value not in {each.value for each in findings}:
        findings.append(by_diagnosis)
    told = patientwords.patient_in("\n".join(sections.get("history", ())))
    missing = (("age", told.age if not age else None), ("sex", told.sex if not sex else None))
    return (
        *findings,
        *(
            Suggestion(column=column, value=said.value, words=said.words, where="clinical history")
            for column, said in missing
            if said
        ),
    )
