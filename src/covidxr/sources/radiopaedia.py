"""Radiopaedia: cases of radiopaedia.org, from their pages and the JSON that its viewers read.

This module owns the site's addresses, its generations of markup and JSON, and what its terms
permit. It must not fetch anything but by the `Http` it is given, and it guesses nothing: "Frontal"
is no view, and a title that names a disease is a suggestion.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from covidxr import captionwords, htmlpage, patientwords
from covidxr.cases import Case, ImageCandidate, LeftOut, LicenceClaim, Suggestion
from covidxr.columns import VIEW_MODALITY
from covidxr.dates import read_date
from covidxr.errors import FetchError, GoneError, RefusedError, SourceError, UnreachableError
from covidxr.htmlpage import Markup, line_of
from covidxr.identifiers import canonical_url, read_doi
from covidxr.licences import read_licence
from covidxr.sourcing import Found, Kind, ResultPage, Terms, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from covidxr.cases import Json
    from covidxr.htmlpage import Tag
    from covidxr.sourcing import Http, Page, SavedFile

KEY = "radiopaedia"
_SITE = "https://radiopaedia.org"
# Where the files of the newest viewer's JSON stand, which gives their names alone; seen 2025.
_IMAGES = "https://prod-images-static.radiopaedia.org/images"

# Every selector, newest first. Class names such as "_2tl3bx1" change with each deploy of 2025 and
# are not used.
MARKUP = (
    Markup(
        years="2025 to 2026",
        selectors={
            "study": '[id^="study-"]',
            "citation": ".citation-info .row",
            # These stood there before; only newer readers of the pages record them.
            "canonical": 'link[rel="canonical"]',
            "licence": 'link[rel~="license"]',
            "identifier": 'meta[name="dc.identifier" i]',
            "keywords": 'meta[name="keywords"]',
            "shared title": 'meta[property="og:title"]',
            "window title": "head title",
            "shared image": 'meta[property="og:image"]',
        },
    ),
    Markup(
        years="2022 to 2024",
        selectors={
            "described study": ".main-study-desc[id]",
            "study data": "div.hidden.data",
            "study modality": ".study-modality > span",
            "citation": "#citation-info .row",
        },
    ),
    Markup(
        years="2020 to 2022",
        selectors={
            "numbered study": "[data-study-id]",
            "stacks address": "[data-study-stacks-url]",
            "large image": "img#offline-workflow-study-large-image",
            "attribution": "textarea.select-all-js",
        },
    ),
    Markup(
        years="2020 to 2026",
        selectors={
            "title": "h1.header-title",
            # On pages of 2026 the first one can be the contributor's name.
            "first heading": "h1",
            "author": 'meta[name="author"]',
            "contributor": ".author-info a",
            "certainty": ".diagnostic-certainty-title",
            "citation label": ".col-sm-3",
            "citation value": ".col-sm-8",
            "presentation": "#case-patient-presentation",
            "discussion": "#case-discussion",
            "heading": "h2",
            "patient data": "#case-patient-data .data-item",
            "patient label": ".data-item-label",
            "study heading": ".study-desc h2",
            "findings": ".study-findings",
            "script": "script",
            "result": "a.search-result",
            "result title": ".search-result-title-text",
            "result published": ".published",
            "page number": ".pagination a",
            "next page": 'a.next_page[rel~="next"]',
        },
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One generation of the JSON that gives a study's images.

    Parameters
    ----------
    years : str
        When it was seen.
    path : str
        Its address below that of the study.
    names : mapping of str to str
        From what is looked for to the name of the field.
    sizes : tuple of str
        Fields with the address or the name of a file, best copy first. Thumbnails are left out.
    kept : tuple of str
        Fields that go into the image's `extra` as they are.
    """

    years: str
    path: str
    names: Mapping[str, str]
    sizes: tuple[str, ...]
    kept: tuple[str, ...]


# The carousel of 2022, a piece of HTML below a study's address, is left out: it gives thumbnails
# only.
VIEWER = Reply(
    years="2025 to 2026",
    path="annotated_viewer_json",
    names={
        "study": "study",
        "case": "case_id",
        # Beside "study", in the data that pages of 2022 to 2024 hide.
        "hidden case": "caseId",
        "title": "case_title",
        "caption": "caption",
        "findings": "findings",
        "stacks": "series",
        "images": "frames",
        "files": "encodings",
        "modality": "modality",
        "perspective": "perspective",
        "remark": "specifics",
        "arrows": "annotations",
    },
    sizes=("original", "big_gallery", "gallery", "medium", "small"),
    kept=("series_id", "perspective", "specifics", "content_type", "width", "height"),
)
STACKS = Reply(
    years="2020 to 2024",
    path="stacks",
    names={
        "images": "images",
        "modality": "modality",
        "perspective": "plane_projection",
        "remark": "aux_modality",
        "order": "position",
    },
    sizes=("public_filename", "fullscreen_filename"),
    kept=("plane_projection", "aux_modality", "position", "content_type", "width", "height"),
)
# The number of an image, and of a study that is told of itself.
_ID = "id"
# The list within "encodings": one entry a frame.
_FILES = "thumbnailed_files"
_POINTS = ("arrow_positions", "label_positions")
_POINT = ("x", "y", "rotation")
# Wider than any image, and what JSON of every kind can hold.
_ENOUGH = 1e15

_CASE = re.compile(
    r"https?://(?:www\.)?radiopaedia\.org/cases/([^/?#\s]+)(?:/studies/([0-9]+))?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"https?://(?:www\.)?radiopaedia\.org/studies/([0-9]+)/(stacks|annotated_viewer_json)/?"
    r"(?:[?#]\S*)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"([0-9]{1,12})")
# What each kind of mark names its study by; on an element of two kinds the first one counts. Not
# "study-170001-image-1", "study-findings" or "study-tab-9", which other parts of pages may have.
_MARKS = (
    ("numbered study", "data-study-id", _NUMBER),
    ("study", "id", re.compile(r"study-([0-9]{1,12})", re.IGNORECASE)),
    # "case-study-desc-86625"; what goes before the number was seen in no full page.
    ("described study", "id", re.compile(r"(?:[a-z_]+-)*([0-9]{1,12})", re.IGNORECASE)),
)
# So many studies of unknown cases are named in a warning; a page may link to thousands.
_NAMED = 10
# In the page's source, scripts too, where slashes may be escaped.
_STUDY_LINK = re.compile(
    r"(?:cases\\?/([^/?#\"'\s\\<>]{1,300})\\?/)?\bstudies\\?/([0-9]{1,12})\b", re.IGNORECASE
)
_RID = re.compile(r"rID[-:\s]{0,3}([0-9]{1,12})\b", re.IGNORECASE)
_IMAGE = re.compile(r"https?://(?:prod-images-static|images)\.radiopaedia\.org/images/([0-9]+)/\S+")
_FILE_NAME = re.compile(r"[^/\\?#\s]*[^/\\?#\s.]")
_STACKED = re.compile(r"stackedImages\s{0,9}=\s{0,9}(?=\[)")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")

# The whole ending of a page's title; seen 2025.
_TITLE_SUFFIXES = (" | Radiology Case | Radiopaedia.org",)
# What the list says that has no hit; seen 2020.
_NO_RESULTS = "No results were found"
# The site's words for what the collection takes; its list of modalities is closed.
_MODALITIES = {"x-ray": "X-ray", "ct": "CT"}
_TAKEN = ("", *_MODALITIES.values())
_VIEWS = {
    ("X-ray", "lateral"): "L",
    ("CT", "axial"): "Axial",
    ("CT", "coronal"): "Coronal",
    ("CT", "sagittal"): "Sagittal",
}
# A guide to the site's upload form lists each year to 18, then every fifth one to 100.
_LAST_EXACT_AGE = 18
_AGE_NOTE = "above 18 the site's form offers every fifth year only"
_LISTS = ("systems", "sections", "tags")
_PATIENT = ("age", "gender")
# Rows of the citation box that have a field of their own.
_FIELDS = ("citation", "doi", "permalink", "rid", "published", "case published")

# The clause, headed "Scraping or otherwise automated copying of content", is known from quotations
# of February 2025; the copy of the terms as reviewed on 28 August 2024 was seen only in part. The
# licence page says "currently 3.0" and who must be credited.
TERMS = Terms(
    search=False,
    search_reason=(
        "Its terms of use say that the site is no image data set for machine learning or AI "
        "research, and that a script or robot may not take its cases in bulk."
    ),
    named_at_once=25,  # more in one run is bulk
    url=f"{_SITE}/terms",
    seen="2024-08-28",
    licence=LicenceClaim(
        spdx="CC-BY-NC-SA-3.0",
        words="CC BY-NC-SA, currently 3.0, as modified by the terms of use",
        evidence="source",
        url=f"{_SITE}/licence",
    ),
    credit="Case courtesy of {contributor}, Radiopaedia.org, rID: {rid}",
    ask="the editors of Radiopaedia",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """One image as a reply has it; `stack` and `number` count from 1.

    `lesser` tells that the reply names no file in the best size that it can name.
    """

    id: str
    addresses: tuple[str, ...]
    stack: int
    number: int
    modality: str = ""
    perspective: str = ""
    remark: str = ""
    lesser: bool = False
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Study:
    id: str
    # The number of the case that the site's JSON says it is of.
    case: str = ""
    caption: str = ""
    findings: str = ""
    modality: str = ""
    frames: tuple[_Frame, ...] = ()


class _Page(htmlpage.PageReader):
    """A page of a case, with its studies and which part of it is whose."""

    def __init__(self, got: Page, http: Http) -> None:
        super().__init__(got.url, got.body, MARKUP)
        self.raw = got.text
        self.http = http
        self.name = ""
        self.rid = ""
        self.studies: dict[str, _Study] = {}
        # Studies with a part of the page; others are only linked to.
        self.marked: set[str] = set()
        self.owners: dict[int, str] = {}
        self.partial = False

    def section(self, name: str) -> str:
        """The text of a section without its heading."""
        for node in self.all(name):
            heading, lines = self.text("heading", node), htmlpage.text_of(node).split("\n")
            return "\n".join(lines[1:] if heading and lines[0] == heading else lines)
        return ""

    def owned(self, name: str, study: str) -> list[Tag]:
        """Those that stand within the part of one study.

        Never by counting: a study without findings would shift those of all that follow.
        """
        return [each for each in self.all(name) if self.owner(each) == study]

    def owner(self, node: Tag) -> str:
        """The study whose part an element stands in; empty where that is open."""
        only = next(iter(self.studies)) if len(self.studies) == 1 else ""
        around = (self.owners.get(id(each)) for each in chain((node,), node.parents))
        return next((owner for owner in around if owner is not None), only)


def _shown(fragment: str) -> str:
    """Give the text of a piece of HTML, which may be plain text too."""
    return htmlpage.text_of(htmlpage.parse(f"<div>{fragment}</div>"))


def _recognise(file: SavedFile) -> str:
    """Give a saved file's address: its own, that of its canonical link, or that of its JSON."""
    if file.url:
        return file.url if _CASE.fullmatch(file.url) or _REPLY.fullmatch(file.url) else ""
    head = file.head.decode("utf-8-sig", "replace").lstrip()
    if head.startswith(("{", "[")):
        return _reply_address(head, file.name.rpartition("/")[2])
    if "canonical" not in head:
        return ""
    link = htmlpage.first_of(htmlpage.parse(file.head), _selector("canonical"))
    canonical = htmlpage.address(link, _SITE, "href")
    return canonical if _CASE.fullmatch(canonical) else ""


def _selector(name: str) -> str:
    return next(each.selectors[name] for each in MARKUP if name in each.selectors)


def _reply_address(head: str, name: str) -> str:
    """Name a saved reply by the study that it names, else by the only number of its file name."""
    numbers = re.findall(r"[0-9]{2,}", name)
    number = numbers[0] if len(numbers) == 1 else ""
    if head.startswith("{") and re.search(r'"study"\s{0,99}:', head):
        inside = re.search(r'"study"\s{0,99}:\s{0,99}\{\s{0,99}"id"\s{0,99}:\s{0,99}([0-9]+)', head)
        number = inside[1] if inside else number if f'"{VIEWER.names["case"]}"' in head else ""
        return _address_of(number, VIEWER) if number else ""
    images = head.startswith("[") and f'"{STACKS.names["images"]}"' in head
    if number and images and any(f'"{each}"' in head for each in STACKS.sizes):
        return _address_of(number, STACKS)
    return ""


def _address_of(study: str, reply: Reply) -> str:
    return f"{_SITE}/studies/{study}/{reply.path}?lang=us"


def _search(words: Sequence[str], http: Http) -> Iterator[ResultPage]:
    """Search the cases, the newest first, page by page."""
    asked = {"lang": "us", "page": 1, "scope": "cases", "q": " ".join(words)}
    url = f"{_SITE}/search?{urlencode({**asked, 'sort': 'date_of_publication'})}"
    seen: set[str] = set()
    while url:
        # Addresses that cannot be read, with blanks for one, are told apart as they stand.
        key = canonical_url(url) or url
        if key in seen:
            raise SourceError(KEY, url, "a next page of results that was not seen before")
        seen.add(key)
        got = http.get(url, kind=Kind.LISTING)
        page = _Page(got, http)
        yield _results(page, url, len(seen))
        url = page.link("next page")


def _results(page: _Page, url: str, number: int) -> ResultPage:
    results = page.all("result")
    if not results and _NO_RESULTS not in htmlpage.clean(htmlpage.text_of(page.root)):
        missing = f'results ({_selector("result")}) or the words "{_NO_RESULTS}"'
        raise SourceError(KEY, url, missing)
    cases: dict[str, Found] = {}
    others = 0
    for each in results:
        if name := _name_in(htmlpage.address(each, page.url, "href")):
            address = f"{_SITE}/cases/{name}"
            published = page.text("result published", each).removeprefix("Published").strip()
            title = page.text("result title", each)
            cases.setdefault(address, Found(url=address, title=title, published=_day(published)))
        else:
            others += 1
    links = [line_of(each) for each in page.all("page number")]
    numbers = [int(each) for each in links if re.fullmatch(r"[0-9]{1,6}", each)]
    pages = max(number, *numbers) if numbers else None
    return ResultPage(
        url=url, number=number, cases=tuple(cases.values()), others=others, pages=pages
    )


def _day(text: str) -> str:
    parsed = read_date(text).parsed
    return parsed.iso if parsed else ""


@source(
    KEY,
    title="Radiopaedia",
    # The third has had the images since 2020, the fourth had them before.
    hosts=(
        "radiopaedia.org",
        "www.radiopaedia.org",
        "prod-images-static.radiopaedia.org",
        "images.radiopaedia.org",
    ),
    pattern=f"(?:{_CASE.pattern}|{_REPLY.pattern})",
    example="https://radiopaedia.org/cases/covid-19-pneumonia-40",
    terms=TERMS,
    # Crawlers of 2023 that ran unhindered waited two to three seconds.
    delay_seconds=5.0,
    newest_first=True,
    search=_search,
    needs_words=True,
    recognise=_recognise,
)
def cases(url: str, http: Http) -> Iterator[Case]:
    """Cases of Radiopaedia, each with all its X-rays and CT stacks.

    An address names a case by its words or by its number (rID), may be that of one of its studies,
    and may end in ``?lang=``. A study's saved JSON is a case of its own, with what the JSON says.

    Every image is taken in the largest size that the page's JSON names, which may be smaller than
    the original. ``"Frontal"`` is no view and stays blank. A study's heading is the caption of each
    of its images. Ages above 18 are mostly in steps of five years. MRI, ultrasound and all else
    that is neither X-ray nor CT is left out and said to be.

    The terms forbid to take cases in bulk: name single cases, or save their pages with a browser.
    """
    reply = _REPLY.fullmatch(url)
    yield _case_of_reply(url, reply[1], http) if reply else _case(url, http)


def _name_in(url: str) -> str:
    """Give the words or the number of a case in its address; empty where it is none."""
    match = _CASE.fullmatch(url)
    return match[1] if match else ""


def _case(url: str, http: Http) -> Case:
    page = _Page(_fetched(url, http), http)
    canonical = page.link("canonical")
    if canonical and not _name_in(canonical):
        raise SourceError(KEY, url, f"a case's address in {_selector('canonical')}")
    names = [name for each in (canonical, page.url, url) if (name := _name_in(each))]
    citation = _citation(page)
    page.rid = _rid(page, citation, names)
    page.name = next((each for each in names if not each.isdecimal()), page.rid or names[-1])
    title = _title(page)
    _find_studies(page, {*names, page.rid}, url)
    _fill_studies(page, url)
    images, left_out = _sorted_out(page.studies.values(), title)
    data, history = _patient_data(page), page.section("presentation")
    patient = _read_patient(page, data)
    contributor = page.text("author") or page.text("contributor")
    others = (each for each in dict.fromkeys((page.rid, *names)) if each not in ("", page.name))
    return Case(
        source=KEY,
        id=page.name,
        url=f"{_SITE}/cases/{page.name}",
        also_at=tuple(f"{_SITE}/cases/{each}" for each in others),
        title=title,
        published=_published(page, citation),
        age=patient["age"],
        age_words=data.get("age", ""),
        sex=patient["gender"],
        sex_words=data.get("gender", ""),
        history=history,
        discussion=page.section("discussion"),
        authors=(contributor,) if contributor else (),
        doi=_doi(page, citation),
        licence=_licence(page),
        credit=_credit(page, contributor),
        images=images,
        left_out=left_out,
        suggestions=_inferred(title, patient, history),
        extra=_extra(page, citation, data, patient["age"]),
        warnings=tuple(page.warnings),
        partial=page.partial,
        markup=_markup(page.used),
    )


def _markup(used: Mapping[str, str]) -> str:
    """Say what was found by which generation: ``"2020 to 2022: study, title"``."""
    found: dict[str, list[str]] = {}
    for name, years in sorted(used.items()):
        found.setdefault(years, []).append(name)
    return "; ".join(f"{years}: {', '.join(names)}" for years, names in sorted(found.items()))


def _case_of_reply(url: str, study_id: str, http: Http) -> Case:
    """Give what a study's JSON says, of a case whose page is not at hand."""
    reply = VIEWER if VIEWER.path in url.casefold() else STACKS
    value = _json(http.get(url, kind=Kind.JSON).text)
    said, frames = _study_in(value, reply), _frames(value, reply)
    if not any(frame.addresses for frame in frames):
        raise SourceError(KEY, url, f"a list {reply.names['images']!r} with names of files")
    study = _Study(id=study_id)
    warnings = [*_take(study, said, frames), *_lesser([study])]
    number, title = (_said(reply, each, said) for each in ("case", "title"))
    images, left_out = _sorted_out([study], title)
    return Case(
        source=KEY,
        id=number or f"study-{study_id}",
        url=f"{_SITE}/cases/{number}" if number else _address_of(study_id, reply),
        title=title,
        licence=TERMS.licence,
        images=images,
        left_out=left_out,
        suggestions=_inferred(title, {}, ""),
        warnings=tuple(warnings),
        markup=_markup({f"images from {reply.path}": reply.years}),
        extra={"study": study_id, **({"rid": number} if number else {})},
    )


def _fetched(url: str, http: Http) -> Page:
    """Fetch a case's page, for a study's address too; the study's own page where only it is."""
    match = _CASE.fullmatch(url)
    if match and match[2]:
        with suppress(GoneError):
            return http.get(f"{_SITE}/cases/{match[1]}?lang=us")
    return http.get(url.partition("#")[0])


def _citation(page: _Page) -> dict[str, Tag]:
    """Give the rows of the citation box: from a label in lower case to its value."""
    rows: dict[str, Tag] = {}
    for row in page.all("citation"):
        label = _label(page.text("citation label", row))
        for value in page.all("citation value", row)[:1]:
            rows.setdefault(label, value)
    return rows


def _label(text: str) -> str:
    return text.rstrip(": ").casefold()[:40]


def _row(citation: Mapping[str, Tag], *labels: str) -> str:
    return next((line_of(citation[each]) for each in labels if each in citation), "")


def _rid(page: _Page, citation: Mapping[str, Tag], names: Iterable[str]) -> str:
    """Give the case's number, which the page says in several places."""
    said = [_row(citation, "rid"), *_RID.findall(page.text("identifier"))]
    said += [*_RID.findall(_row(citation, "doi")), _name_in(_row(citation, "permalink")), *names]
    numbers = list(dict.fromkeys(each for each in said if re.fullmatch(r"[0-9]{1,12}", each)))
    if len(numbers) > 1:
        page.warnings.append(f"the page gives several case numbers: {', '.join(numbers)}")
    return numbers[0] if numbers else ""


def _title(page: _Page) -> str:
    """Choose the heading that the case's address is made of, else the one that is said twice."""
    places = ("title", "shared title", "window title", "first heading")
    found = [htmlpage.without_suffix(page.text(each), _TITLE_SUFFIXES) for each in places]
    found = [each for each in found if each]
    if not found:
        raise SourceError(KEY, page.url, f"a title ({_selector('title')})")

    def rank(title: str) -> tuple[bool, int]:
        words = re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")
        return bool(words) and page.name.casefold().startswith(words), found.count(title)

    return max(found, key=rank)


def _patient_data(page: _Page) -> dict[str, str]:
    """Give what the box on the patient says: from a label in lower case to its value."""
    data: dict[str, str] = {}
    for item in page.all("patient data"):
        if label := page.text("patient label", item):
            data.setdefault(_label(label), line_of(item).removeprefix(label).lstrip(": "))
    return data


def _read_patient(page: _Page, data: Mapping[str, str]) -> dict[str, str]:
    age, gender = data.get("age", ""), data.get("gender", "")
    read = {"age": patientwords.age_in(age), "gender": patientwords.sex_in(gender)}
    for label, reading in read.items():
        if data.get(label) and reading is None:
            page.warnings.append(f"{label} {data[label]!r} could not be read")
    return {label: reading.value if reading else "" for label, reading in read.items()}


def _inferred(title: str, patient: Mapping[str, str], history: str) -> tuple[Suggestion, ...]:
    """Suggest a finding that the title names, and age and sex where only the history has them."""
    finding, words = patientwords.finding_in_title(title), patientwords.patient_in(history)
    readings = (("age", "age", words.age), ("sex", "gender", words.sex))
    found = [finding] if finding else []
    for column, label, each in readings:
        if each and not patient.get(label):
            found.append(
                Suggestion(column=column, value=each.value, words=each.words, where="history")
            )
    return tuple(found)


def _published(page: _Page, citation: Mapping[str, Tag]) -> str:
    words = _row(citation, "case published", "published")
    if words and not _day(words):
        page.warnings.append(f"the day of publication {words!r} could not be read")
    return _day(words)


def _doi(page: _Page, citation: Mapping[str, Tag]) -> str:
    """Give the DOI where the page shows one; it is never made from the case's number."""
    said = (_row(citation, "doi"), page.text("identifier"))
    return next((doi for each in said if (doi := read_doi(each).doi)), "")


def _licence(page: _Page) -> LicenceClaim:
    """Give the licence that the page links to; where that is none, what the site states."""
    url = page.link("licence")
    if not url or url.startswith(_SITE):
        return TERMS.licence
    spdx = read_licence(url).spdx
    if spdx is None:
        page.warnings.append(f"the page links to a licence that is not known: {url}")
        return LicenceClaim(words=url, evidence="page", url=url)
    words = f"{url}, as modified by the terms of use"
    return LicenceClaim(spdx=spdx, words=words, evidence="page", url=url)


def _credit(page: _Page, contributor: str) -> str:
    """Give the page's own words of credit, else those that the site asks for, filled in."""
    for text in page.all("attribution"):
        words = htmlpage.clean(_shown(text.get_text()))
        if "radiopaedia" in words.casefold():
            return words
    if contributor and page.rid:
        return TERMS.credit.format(contributor=contributor, rid=page.rid)
    return ""


def _extra(
    page: _Page, citation: Mapping[str, Tag], data: Mapping[str, str], age: str
) -> dict[str, Json]:
    """Collect what the page says and no column holds."""
    extra: dict[str, Json] = {"rid": page.rid} if page.rid else {}
    extra |= {each: words for each in ("certainty", "keywords") if (words := page.text(each))}
    for label, value in citation.items():
        if label in _LISTS:
            links = [line_of(each) for each in value.find_all("a")]
            extra[label] = [*filter(None, links or map(str.strip, line_of(value).split(",")))]
        elif label and label not in _FIELDS and (words := line_of(value)):
            extra[label] = words
    extra |= {label: words for label, words in data.items() if words and label not in _PATIENT}
    years = re.match(r"[0-9]{1,3}", age)
    if years and int(years[0]) > _LAST_EXACT_AGE:
        extra["age_note"] = _AGE_NOTE
    return extra


def _find_studies(page: _Page, own: set[str], url: str) -> None:
    """Find the studies of a case, and which part of the page is whose.

    Links add what marks do not have; those that name no case or another one are asked last.
    """
    marks = _marks(page)
    page.marked = {study for study, _ in marks}
    links = [(match[1] or "", match[2]) for match in _STUDY_LINK.finditer(page.raw)]
    named = [study for case, study in links if case and case in own]
    if not marks and not named:
        viewer = _CASE.fullmatch(page.url)
        named = [viewer[2]] if viewer and viewer[2] else [each for case, each in links if not case]
    page.studies = {each: _Study(id=each) for each in [*(study for study, _ in marks), *named]}
    if not page.studies:
        marked = ", ".join(_selector(name) for name, _, _ in _MARKS)
        raise SourceError(KEY, url, f"studies ({marked} or an address /studies/<number>)")
    page.owners = _owners(marks)
    # Those of a case that the link names are its own, or another's for certain.
    known = {*page.studies, *(study for case, study in links if case)}
    if others := [each for each in dict.fromkeys(each for _, each in links) if each not in known]:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        page.warnings.append(
            f"the page also links to studies {', '.join(others[:_NAMED])}{more}, which it does not "
            "mark as its own"
        )


def _marks(page: _Page) -> list[tuple[str, Tag]]:
    """Give every mark of a study in the page's order, of all generations: a page may mix them."""
    found: dict[int, str] = {}
    times: set[str] = set()
    for name, attribute, form in _MARKS:
        tags, years = htmlpage.pick(page.root, MARKUP, name)
        for tag in tags:
            if match := form.fullmatch(str(tag.get(attribute, ""))):
                found.setdefault(id(tag), match[1])
                times.add(years)
    if times:
        page.used["study"] = " and ".join(sorted(times))
    any_mark = ", ".join(_selector(name) for name, _, _ in _MARKS)
    tags = htmlpage.all_of(page.root, any_mark)
    return [(found[id(tag)], tag) for tag in tags if id(tag) in found]


def _owners(marks: Sequence[tuple[str, Tag]]) -> dict[int, str]:
    """Tell for each element around a study's mark whose it is; empty where it holds several."""
    marked = {id(tag): study for study, tag in marks}
    owners = dict(marked)
    for study, tag in marks:
        around: list[Tag] = []
        for parent in tag.parents:
            if id(parent) in marked:
                # Unclosed elements put a study into another's part; all around it is the other's.
                around = []
                break
            if owners.get(id(parent)) in (study, ""):
                break
            around.append(parent)
        owners |= {id(each): "" if id(each) in owners else study for each in around}
    return owners


def _fill_studies(page: _Page, url: str) -> None:
    """Find what each study shows; one of another case is dropped."""
    problems: list[str] = []
    for study in list(page.studies.values()):
        study.caption = "; ".join(filter(None, map(line_of, page.owned("study heading", study.id))))
        texts = map(htmlpage.text_of, page.owned("findings", study.id))
        study.findings = "\n".join(filter(None, texts))
        said = set(map(line_of, page.owned("study modality", study.id)))
        study.modality = said.pop() if len(said) == 1 else ""
        problems += _fill(page, study)
    problems += _settle(page)
    page.warnings += [*problems, *_lesser(page.studies.values())]
    if any(study.frames for study in page.studies.values()):
        return
    shared = next(map(line_of, page.all("shared image")), "")
    if not page.studies or not (frame := _preview(shared)):
        raise SourceError(KEY, url, "images: " + "; ".join(problems))
    # Of several studies the page does not say which one it is of.
    known = page.studies if len(page.studies) == 1 else {"": _Study(id="")}
    page.studies = known
    next(iter(known.values())).frames = (frame,)
    page.warnings.append("only the case's preview was found, a reduced copy of one image")


def _settle(page: _Page) -> list[str]:
    """Keep the studies of one case, where the page gives no number that tells whose they are.

    A page's own parts go before its links. The number is taken over where those agree on it.
    """
    studies = page.studies.values()
    said = {each.id: each.case for each in studies if _NUMBER.fullmatch(each.case)}
    if page.rid or not said:
        return []
    marked = [case for study, case in said.items() if study in page.marked]
    own = Counter(marked).most_common(1)[0][0] if marked else next(iter(said.values()))
    if len(set(marked or said.values())) == 1:
        page.rid = own
    others = {study: case for study, case in said.items() if case != own}
    for study in others:
        del page.studies[study]
    return [
        f"study {study} is of case {case}, others are of {own}: left out"
        for study, case in others.items()
    ]


def _lesser(studies: Iterable[_Study]) -> list[str]:
    """Say of how many images only smaller copies are named."""
    found = [(study, frame) for study in studies for frame in study.frames if frame.lesser]
    shown = [frame for study, frame in found if _modality(study, frame) in _TAKEN]
    if not (count := len({frame.id or frame.addresses[0] for frame in shown})):
        return []
    return [f"the JSON names no original of {count} of the images: its largest copy is taken"]


def _fill(page: _Page, study: _Study) -> list[str]:
    """Fill a study from the first reply that has images; give what a curator must know."""
    failures: list[FetchError] = []
    nameless: list[str] = []
    hidden = next(filter(None, (_case_in(each, VIEWER) for each in _hidden(page, study))), "")
    for where, reply, value in _replies(page, study, failures):
        said, frames = _study_in(value, reply), _frames(value, reply)
        study.case = _case_in(value, reply) or study.case or hidden
        if page.rid and study.case and study.case != page.rid:
            del page.studies[study.id]
            return [f"study {study.id} is of case {study.case}: left out"]
        if any(frame.addresses for frame in frames):
            page.used[f"images from {where}"] = reply.years
            return _take(study, said, frames)
        if where == reply.path:
            nameless.append(f"{where} answered, but names no file")
    if stopped := next((each for each in failures if isinstance(each, UnreachableError)), None):
        # A preview must not stand for what is only out of reach for now.
        raise stopped
    # What is not there will not be there the next time; what broke may be whole then.
    passing = (each for each in failures if not isinstance(each, GoneError | RefusedError))
    page.partial = page.partial or any(passing)
    why = "; ".join([*nameless, *map(str, failures)])
    for image in page.owned("large image", study.id):
        if frame := _preview(htmlpage.address(image, page.url, "src")):
            study.frames = (frame,)
            return [f"study {study.id}: only a preview of one image was found ({why})"]
    return [f"study {study.id}: no image was found ({why})"]


def _replies(
    page: _Page, study: _Study, failures: list[FetchError]
) -> Iterator[tuple[str, Reply, Json]]:
    """Ask for a study's images, in one place after the other, for as long as it is asked."""
    stacks = _stacks_address(page, study)
    # A page that names the older address is of the time when there was no other.
    for reply in (STACKS, VIEWER) if stacks else (VIEWER, STACKS):
        address = stacks if stacks and reply is STACKS else _address_of(study.id, reply)
        if got := _asked(page.http, address, Kind.JSON, failures):
            yield reply.path, reply, _json(got.text)
    for script in page.owned("script", study.id):
        yield from (("a script", STACKS, value) for value in _stacked(script.get_text()))
    viewer = f"{_SITE}/cases/{page.rid or page.name}/studies/{study.id}?lang=us"
    if got := _asked(page.http, viewer, Kind.PAGE, failures):
        yield from (("the study's page", STACKS, value) for value in _stacked(got.text))
    yield from (("hidden data", VIEWER, value) for value in _hidden(page, study))


def _stacks_address(page: _Page, study: _Study) -> str:
    """Give the older reply's address as the page has it; one of another study is not used."""
    for mark in page.owned("stacks address", study.id):
        address = htmlpage.address(mark, _SITE, "data-study-stacks-url")
        match = _REPLY.fullmatch(address)
        if match and match[1] == study.id:
            return address
    return ""


def _hidden(page: _Page, study: _Study) -> Iterator[Json]:
    """Give what the page hides of a study for its own scripts."""
    for node in page.all("study data"):
        value = _json(node.get_text())
        if study.id in (page.owner(node), _text(_study_in(value, VIEWER).get(_ID))):
            yield value


def _asked(http: Http, url: str, kind: Kind, failures: list[FetchError]) -> Page | None:
    try:
        return http.get(url, kind=kind)
    except FetchError as error:
        failures.append(error)
        return None


def _stacked(script: str) -> Iterator[Json]:
    """Give the lists that a script keeps under the name "stackedImages"."""
    for match in islice(_STACKED.finditer(script), 8):
        with suppress(ValueError, RecursionError):
            yield json.JSONDecoder().raw_decode(script, match.end())[0]


def _preview(url: str) -> _Frame | None:
    """Give the page's own copy of an image; other pictures of the page are none."""
    match = _IMAGE.fullmatch(url)
    if match is None and not url.startswith("saved:"):
        return None
    found = match[1] if match else ""
    return _Frame(id=found, addresses=(url,), stack=1, number=1, extra={"preview": True})


def _take(study: _Study, said: Mapping[str, Json], frames: Iterable[_Frame]) -> list[str]:
    """Give a study what a reply says of it; its page's own words go first."""
    frames = tuple(frames)
    study.frames = tuple(frame for frame in frames if frame.addresses)
    study.caption = study.caption or _said(VIEWER, "caption", said)
    if not study.findings:
        study.findings = _shown(_clean(said.get(VIEWER.names["findings"])))
    nameless = len(frames) - len(study.frames)
    if nameless:
        return [f"study {study.id}: {nameless} of {len(frames)} images have no file name"]
    return []


def _json(text: str) -> Json:
    """Parse JSON; None where it is none, as an error page is not."""
    with suppress(ValueError, RecursionError):
        value: Json = json.loads(text.removeprefix("\ufeff"))
        return value
    return None


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _objects(value: Json) -> list[Mapping[str, Json]]:
    """Give a list's objects; what is none keeps its place, as another list counts along."""
    return [_object(each) for each in value] if isinstance(value, list) else []


def _clean(value: Json) -> str:
    """Give a text or a number as text that can be written; anything else is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return _CONTROLS.sub("", str(value).encode("utf-8", "replace").decode())


def _text(value: Json) -> str:
    return htmlpage.clean(_clean(value))


def _said(reply: Reply, name: str, *owners: Mapping[str, Json]) -> str:
    """Give what the first of some objects that says it says."""
    field_name = reply.names.get(name, "")
    return next(filter(None, (_text(each.get(field_name)) for each in owners)), "")


def _study_in(value: Json, reply: Reply) -> Mapping[str, Json]:
    """Give what a reply says of the study itself; the older one says nothing."""
    return _object(_object(value).get(reply.names.get("study", "")))


def _case_in(value: Json, reply: Reply) -> str:
    """Give the number of the case that a reply says its study is of; empty where it says none."""
    inside = _said(reply, "case", _study_in(value, reply))
    return inside or _said(reply, "hidden case", _object(value))


def _frames(value: Json, reply: Reply) -> list[_Frame]:
    """Read the images of a reply, in its order; empty where it has another shape."""
    study = _study_in(value, reply)
    stacks = _objects(study.get(reply.names["stacks"]) if "stacks" in reply.names else value)
    return [
        frame for at, stack in enumerate(stacks, 1) for frame in _frames_of(at, stack, study, reply)
    ]


def _frames_of(
    at: int, stack: Mapping[str, Json], study: Mapping[str, Json], reply: Reply
) -> Iterator[_Frame]:
    arrows = _arrows(stack, reply)
    for number, (image, files) in enumerate(_in_order(stack, reply), 1):
        name = _text(image.get(_ID))
        copies = (_text(files.get(size) or image.get(size)) for size in reply.sizes)
        best, *less = (_address(copy, name) for copy in copies)
        addresses = tuple(filter(None, (best, *less)))
        extra: dict[str, Json] = {"image": name, "stack": at, "frame": number}
        extra |= {
            key: value
            for key in reply.kept
            if (value := _scalar(image.get(key, stack.get(key)))) is not None
        }
        if number - 1 in arrows:
            extra["annotations"] = arrows[number - 1]
        yield _Frame(
            id=name,
            addresses=tuple(dict.fromkeys(addresses)),
            stack=at,
            number=number,
            modality=_said(reply, "modality", image, stack, study),
            perspective=_said(reply, "perspective", image, stack),
            remark=_said(reply, "remark", image, stack),
            lesser=not best,
            extra=extra,
        )


def _in_order(
    stack: Mapping[str, Json], reply: Reply
) -> list[tuple[Mapping[str, Json], Mapping[str, Json]]]:
    """Give each image with the names of its files, by position where the reply says one."""
    images = _objects(stack.get(reply.names["images"]))
    files = _objects(_object(stack.get(reply.names.get("files", ""))).get(_FILES))
    none: Mapping[str, Json] = {}
    pairs = list(zip_longest(images, files[: len(images)], fillvalue=none))
    order = reply.names.get("order", "")

    def place(at: int) -> int:
        said = pairs[at][0].get(order)
        return said if isinstance(said, int) else at + 1

    return [pairs[at] for at in sorted(range(len(pairs)), key=place)]


def _arrows(stack: Mapping[str, Json], reply: Reply) -> dict[int, list[Json]]:
    """Give what is marked on each image of a stack, in pixels of the original, by its index."""
    found: dict[int, list[Json]] = {}
    for each in _objects(stack.get(reply.names.get("arrows", ""))):
        for kind in _POINTS:
            for point in _objects(each.get(kind)):
                at = point.get("slice_idx")
                if isinstance(at, int):
                    values = {name: _scalar(point.get(name)) for name in _POINT}
                    label = _text(each.get("label"))
                    found.setdefault(at, []).append({"label": label, "kind": kind, **values})
    return found


def _address(copy: str, image: str) -> str:
    """Make an address of what a reply says of a file: an address, or a name alone."""
    if re.fullmatch(r"https?://\S+", copy):
        return copy
    return f"{_IMAGES}/{image}/{copy}" if image and _FILE_NAME.fullmatch(copy) else ""


def _scalar(value: Json) -> Json:
    """Give a text or a number that can be kept; None for all else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value if abs(value) < _ENOUGH else None
    return _text(value) or None


def _sorted_out(
    studies: Iterable[_Study], title: str
) -> tuple[tuple[ImageCandidate, ...], tuple[LeftOut, ...]]:
    """Part X-rays and CT from all else; an image that two studies show is taken once."""
    taken: dict[str, list[tuple[_Study, _Frame]]] = {}
    left: dict[tuple[str, str], LeftOut] = {}
    for study in studies:
        for frame in study.frames:
            modality = _modality(study, frame)
            if modality not in _TAKEN:
                label = f"{study.id}-{frame.stack}"
                out = LeftOut(label=label, url=frame.addresses[0], reason=modality)
                left.setdefault((label, modality), out)
            else:
                taken.setdefault(frame.id or frame.addresses[0], []).append((study, frame))
    return tuple(_candidate(shown, title) for shown in taken.values()), tuple(left.values())


def _modality(study: _Study, frame: _Frame) -> str:
    said = frame.modality or study.modality
    return _MODALITIES.get(said.casefold(), said)


def _candidate(shown: Sequence[tuple[_Study, _Frame]], title: str) -> ImageCandidate:
    study, frame = shown[0]
    modality = _modality(study, frame)
    view = _VIEWS.get((modality, frame.perspective.casefold()), "")
    extra = dict(frame.extra)
    if len(others := list(dict.fromkeys(each.id for each, _ in shown))) > 1:
        extra["studies"] = [*others]
    return ImageCandidate(
        label=f"{study.id}-{frame.stack}-{frame.number}" if study.id else "preview",
        url=frame.addresses[0],
        fallbacks=frame.addresses[1:],
        caption=study.caption,
        findings=study.findings,
        modality=modality,
        view=view,
        study=study.id,
        suggestions=tuple(_suggested(study, frame, modality, title)),
        extra=extra,
    )


def _suggested(study: _Study, frame: _Frame, modality: str, title: str) -> Iterable[Suggestion]:
    """Read the study's words for what no field says; each value is suggested once."""
    perspective = frame.perspective.casefold()
    said = ((study.caption, "caption"), (frame.remark, "remark"), (study.findings, "findings"))
    found: dict[tuple[str, str], Suggestion] = {}
    for text, where in (*said, (title, "title")):
        for each in _read(text, where):
            if _fits(each, modality, perspective):
                found.setdefault((each.column, each.value), each)
    return found.values()


# Each slice of a stack has the same words.
_read = lru_cache(maxsize=256)(captionwords.suggestions_of)


def _fits(each: Suggestion, modality: str, perspective: str) -> bool:
    """Whether a suggestion can hold of an image that its fields say this of."""
    if each.column == "offset":
        # Findings and titles compare with other days; only a study's heading says its own.
        return each.where == "caption"
    if each.column == "modality":
        return not modality
    if each.column == "view":
        unlike = perspective == "frontal" and each.value == "L"
        known = (modality, perspective) in _VIEWS
        fitting = not modality or VIEW_MODALITY.get(each.value) == modality
        return fitting and not known and not unlike
    return True
