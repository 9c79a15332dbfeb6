"""SIRM: the COVID-19 cases of the Italian Society of Medical and Interventional Radiology.

This module owns the site's addresses, its generations of markup and the order in which a case is
written. It must not fetch anything but by the `Http` it is given, and it guesses nothing: a case is
prose without fields, so that what words say of an image is a suggestion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from covidxr import captionwords, htmlpage, patientwords
from covidxr.cases import Case, ImageCandidate, LeftOut, Suggestion
from covidxr.dates import read_date
from covidxr.errors import GoneError, SourceError
from covidxr.htmlpage import Markup, line_of, selectors_of
from covidxr.identifiers import canonical_url
from covidxr.sourcing import Found, Kind, ResultPage, Terms, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from covidxr.htmlpage import Tag
    from covidxr.patientwords import PatientWords
    from covidxr.sourcing import Http, Page, SavedFile

KEY = "sirm"
_SITE = "https://www.sirm.org"
# The second serves some posts without "www."; the third has those of the old site since 2022.
_HOSTS = ("www.sirm.org", "sirm.org", "archivio.sirm.org")

# Every selector, newest first. No whole page of this site was seen: class names of the lists and of
# the figures are those that readers of 2020 used, the others those of the theme (tagDiv's
# Newspaper) and of WordPress's block editor.
MARKUP = (
    Markup(
        years="2020 to 2022",
        selectors={
            "entry": "div.td_module_19",
            "entry title": "h3",
            "entry link": "h3 a[href], a.td-image-wrap[href]",
            "entry thumbnail": "img.entry-thumb[title]",
            "end": "div.td-404-sub-title",
            "last page": "div.page-nav a.last",
            "title": "h1.entry-title",
            "body": ".td-post-content",
        },
    ),
    Markup(
        years="2020, the Italian list",
        selectors={
            "entry": ".td_module_wrap:has(.td-read-more)",
            "entry title": ".entry-title",
            "entry link": ".td-read-more a[href]",
        },
    ),
    Markup(
        years="2020, links alone",
        selectors={"entry": "div.td-read-more", "entry link": "a[href]"},
    ),
    Markup(
        years="WordPress of any theme",
        selectors={
            "title": "article h1",
            "shared title": 'meta[property="og:title"]',
            "window title": "head title",
            "body": ".entry-content",
            "caption": "figure > figcaption, .wp-caption > .wp-caption-text",
            "video": "video[src], video source[src], iframe[src]",
            "furniture": (
                "script, style, form, nav, aside, header, footer, h1, .pdfprnt-buttons, .post-views"
                ", .td-post-sharing, .td-post-sharing-top, .td-post-sharing-bottom, .td-post-views"
                ", .td-post-source-tags, .td-post-next-prev, .td_block_related_posts"
                ", .td-related-row, .author-box-wrap, .sharedaddy, .jp-relatedposts, #comments"
                ", .comments, img.emoji, img.wp-smiley, img.avatar, img[alt^='image_p']"
            ),
        },
    ),
    Markup(years="HTML alone", selectors={"title": "h1", "body": "article"}),
)

_CASE = re.compile(
    r"https?://(?:www\.|archivio\.)?sirm\.org/(?P<english>en/)?"
    r"(?P<day>20[0-9]{2}/[0-9]{2}/[0-9]{2})/"
    # WordPress adds a number to a name that is taken already.
    r"(?P<name>covid-?19-(?P<word>caso|case)-0{0,3}(?P<number>[0-9]{1,4})(?P<again>-[0-9]{1,2})?)"
    r"/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
# "COVID-19: caso 32", "COVID19 caso 2", "COVID-19: case 5".
_TITLE = re.compile(
    r"(?i)\s*covid[-\u2010-\u2015 ]?19\W{0,5}cas[oe]\W{1,5}(?:n\W{1,3})?0{0,3}([0-9]{1,4})\b"
)
_TITLE_SUFFIX = re.compile(r"\s+[-|\u2013]\s+(?:SIRM|Societ\u00e0 Italiana)\b.*", re.DOTALL)
# The category's two spellings are both quoted; which one is right has not been seen.
_LISTS = {
    "it": (
        f"{_SITE}/category/senza-categoria/covid-19/",
        f"{_SITE}/category/senzacategoria/covid-19/",
    ),
    "en": (f"{_SITE}/en/category/articles/covid-19-database/",),
}
_NUMBER = re.compile(r"(?i)(?:(cas[oe])\s{0,3})?0{0,3}([0-9]{1,4})")

# WordPress writes the size of a reduced copy before the extension, or into the query. A number
# alone counts files of one name, and "-scaled" may be the largest copy that is left.
_SIZE = re.compile(r"-[0-9]{2,5}x[0-9]{2,5}(?=\.[A-Za-z]{3,4}\Z)")
_SIZE_QUERY = re.compile(r"(?:\A|&)(?:w|h|resize|fit)=")
_IMAGE_ENDINGS = (".jpeg", ".jpg", ".png", ".gif", ".webp", ".bmp", ".tif", ".tiff")
_UPLOADS = "/wp-content/uploads/"
# Plug-ins and themes that load images late keep the address elsewhere.
_ADDRESSES = ("data-src", "data-lazy-src", "data-img-url", "data-orig-file", "src")
# Unicode has this code point for use within a program alone.
_MARK = "\ufdd0"
_MARKED = re.compile(f"{_MARK}([0-9]{{1,6}}){_MARK}")
_NOT_TEXT = re.compile(
    r"(?i)(?:image_(?:pdf|print)[\s|]{0,4}){1,2}|(?:post views|visualizzazioni)\W{0,4}[0-9.,]{0,12}"
    # What news posts showed above their text: a day, a count of comments, "SIRM" as the author.
    r"|[0-9]{1,2}\s[a-z]{3,12}\s[0-9]{4}|[0-9]{1,6}|SIRM"
)

# The heading of a case's text: authors, then department, hospital and city, seen in 2020.
_HEADING_LINES = 6
_LONGEST_AUTHORS, _LONGEST_DEPARTMENT = 800, 300
_MOST_NAMES = 6
_FOOTNOTE = re.compile(
    r"[*\u2020\u00b0\u00b9\u00b2\u00b3\u2070-\u2079]|(?<=[^\W\d_])\s?[0-9](?:\s?[,-]\s?[0-9]){0,4}"
    r"(?=\s{0,3}(?:[,;&]|\Z|\se\s))"
)
_BETWEEN_AUTHORS = re.compile(r"\s{0,4}[,;&]\s{0,4}|\s(?:e|ed|and)\s")
_SALUTATION = re.compile(
    r"(?i)\A(?:a cura di|autori|authors?)\s{0,3}:?\s{1,3}"
    r"|\b(?:dr|dott|prof)(?:\.?(?:ssa|sse|se|ri))?\b\.?\s{0,3}"
)
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|['\u2019-])*")
_PARTICLE = re.compile("d(?:i|e|el|ella|ei|egli|a|al|alla|er)|l[aoe]|v[ao]n")
_NO_NAME = re.compile(
    r"(?i)pazient[ei]|pz|patient|uomo|donna|maschio|femmina|male|female|caso|case|covid|rx|tc|ct|hrct"
    r"|torace|chest|radiolog(?:ia|y)|ospedale|hospital|uoc|asst|aou|irccs|ircss|azienda|policlinico"
    r"|istituto|dipartimento|department|febbre|tosse|fever|cough|dispnea|polmonite|pneumonia"
    r"|figur[ae]|anamnesi|history|esami|laboratorio|diret(?:tore|trice)|director"
)
_DEPARTMENT = re.compile(
    r"(?i)\b(?:ospedal[ei]|ospedalier[aoe]|aziend[ae]|policlinico|u\.?o\.?c|u\.?o|asst|aou|aorn|a?usl"
    r"|asl|irccs|ircss|istitut[oi]|universit\u00e0|university|dipartimento|presidio|hospitals?"
    r"|department|dept|institute|radiologi[ae]|radiology|radiodiagnostic[as]?)\b"
)
# What no department is called.
_CLINICAL = re.compile(
    r"(?i)\b(?:pazient[ei]|pz|pc|patients?|uomo|donna|maschi[oa]|femmin\w{1,5}|wom[ae]n|m[ae]n|male"
    r"|female|anni|years?|giorn[oi]|days?|febbr\w{1,4}|fever|toss[ei]\w{0,4}|cough|dispnea|dyspn\w{1,4}"
    r"|giung\w{1,5}|acced\w{1,4}|ricover\w{1,4}|admitted|presents?|presented|tampone|swab|rx|tc|hrct"
    r"|ct|sintom\w{1,5}|symptoms?|anamnesi|history|esegu\w{1,5}|trasferit[oa]|transferred"
    r"|addensament[oi]|opacit\w{1,4}|vetro|consolida\w{1,8}|versamento)\b"
)

_NO_LICENCE = (
    "SIRM states no licence: all rights are reserved, and SIRM must be asked before this case is "
    "passed on"
)

# No terms of use were found. The credit is the one that the collection of 2020 wrote.
TERMS = Terms(
    search=True,
    search_reason=(
        "Nothing was found that forbids it, and nobody who read the lists in 2020 reported a "
        "block; but no page states a licence either: ask SIRM before a case is passed on."
    ),
    credit="Credit to {authors}, {department}",
    ask="SIRM",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Address:
    """What the address of a case says."""

    number: int
    language: str
    id: str
    url: str
    published: str


@dataclass(slots=True, kw_only=True)
class _Heading:
    """The first lines of a text, which say who wrote it."""

    authors: list[str] = field(default_factory=list)
    departments: list[str] = field(default_factory=list)
    lines: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """An image within the text, and the lines between it and the image before."""

    addresses: tuple[str, ...]
    caption: str
    before: str


class _Page(htmlpage.PageReader):
    def __init__(self, got: Page) -> None:
        super().__init__(got.url, got.body, MARKUP)


def _read_address(url: str) -> _Address | None:
    match = _CASE.fullmatch(url)
    if match is None:
        return None
    english = bool(match["english"]) or match["word"].lower() == "case"
    number = int(match["number"])
    day, folder = match["day"], "en/" if match["english"] else ""
    parsed = read_date(day.replace("/", "-")).parsed
    return _Address(
        number=number,
        language="en" if english else "it",
        id=f"{'case' if english else 'caso'}-{number}{match['again'] or ''}",
        url=f"{_SITE}/{folder}{day}/{match['name'].lower()}/",
        published=parsed.iso if parsed else "",
    )


def _recognise(file: SavedFile) -> str:
    """Give a saved page's address, where it is that of a case."""
    return file.url if _CASE.fullmatch(file.url) else ""


# ---- lists -------------------------------------------------------------------------------------


def _search(words: Sequence[str], http: Http) -> Iterator[ResultPage]:
    """Walk the lists: "it" and "en" choose one, any other words are looked for in the titles."""
    asked = {word.casefold() for word in words}
    languages = [each for each in _LISTS if each in asked] or list(_LISTS)
    wanted = " ".join(word for word in words if word.casefold() not in _LISTS)
    number = 0
    for language in languages:
        before = number
        for page, last in _list_pages(language, http):
            number += 1
            pages = before + last if last and language == languages[-1] else None
            yield _results(page, number, pages, wanted)


def _list_pages(language: str, http: Http) -> Iterator[tuple[_Page, int]]:
    """Give the pages of one list, each with how many there are as far as is known, else 0."""
    base, page = _first_page(language, http)
    seen: set[str] = set()
    number, last = 1, 0
    while not page.all("end"):
        entries = {page.link("entry link", each) for each in page.all("entry")} - {""}
        if not entries:
            raise SourceError(KEY, page.url, f"entries of a list ({selectors_of(MARKUP, 'entry')})")
        if entries <= seen:
            raise SourceError(KEY, page.url, "entries that no earlier page of the list has")
        seen |= entries
        last = max(last, _last_page(page))
        yield page, max(last, number) if last else 0
        if number == last:
            return
        number += 1
        try:
            page = _Page(http.get(f"{base}page/{number}/", kind=Kind.LISTING))
        except GoneError:
            return


def _first_page(language: str, http: Http) -> tuple[str, _Page]:
    gone: GoneError | None = None
    for base in _LISTS[language]:
        try:
            page = _Page(http.get(base, kind=Kind.LISTING))
        except GoneError as error:
            gone = gone or error
            continue
        if not page.all("end"):
            return base, page
    raise gone or GoneError(f"{_LISTS[language][0]} is a list without a post", _LISTS[language][0])


def _last_page(page: _Page) -> int:
    """Give the number of the last page, as far as the page links to it; else 0."""
    numbers = [re.fullmatch(r"[0-9]{1,5}", line_of(each)) for each in page.all("last page")]
    return max((int(each[0]) for each in numbers if each), default=0)


def _results(page: _Page, number: int, pages: int | None, wanted: str) -> ResultPage:
    found: dict[str, Found] = {}
    others = 0
    for entry in page.all("entry"):
        url = re.split(r"[?#]", page.link("entry link", entry), maxsplit=1)[0]
        title = page.text("entry title", entry) or _thumbnail_title(page, entry)
        address = _read_address(url)
        # An address of another form is said to be one when the case is read.
        if address is None and not (_TITLE.match(title) and urlsplit(url).hostname in _HOSTS):
            others += 1
        elif _is_wanted(wanted, title, address):
            published = address.published if address else ""
            found.setdefault(canonical_url(url), Found(url=url, title=title, published=published))
    return ResultPage(
        url=page.url, number=number, cases=tuple(found.values()), others=others, pages=pages
    )


def _thumbnail_title(page: _Page, entry: Tag) -> str:
    return next((_attribute(each, "title") for each in page.all("entry thumbnail", entry)), "")


def _attribute(node: Tag, name: str) -> str:
    return htmlpage.clean(str(node.get(name, "")))


def _is_wanted(wanted: str, title: str, address: _Address | None) -> bool:
    """Whether a case is asked for: "caso 5" is not caso 50, and "19" is not in "COVID-19"."""
    number = _NUMBER.fullmatch(wanted.strip())
    if number and address:
        word = (number[1] or "").lower()
        return int(number[2]) == address.number and address.id.startswith(word)
    return wanted.casefold() in title.casefold()


# ---- a case ------------------------------------------------------------------------------------


@source(
    KEY,
    title="SIRM",
    hosts=_HOSTS,
    pattern=_CASE.pattern,
    example="https://www.sirm.org/2020/03/10/covid-19-caso-32/",
    terms=TERMS,
    # Nothing is stated; this is the pace of a person who reads.
    delay_seconds=5.0,
    newest_first=True,
    search=_search,
    recognise=_recognise,
)
def cases(url: str, http: Http) -> Iterator[Case]:
    """Cases of the Italian Society of Radiology, posted from March 2020 on, in Italian or English.

    A case is prose: authors, department, the patient's age and sex, then each examination with its
    images. The text before an image is kept as what the radiologist says of it, and what it says of
    modality, view and day is suggested. Age and sex are read where a sentence
    opens with them; further on they are suggestions.

    Without words both lists are walked, the newest case first; ``it`` and ``en`` choose one, and
    other words are looked for in the titles. A case of the English list is probably in the Italian
    one too, under the same number.

    No licence is stated: ask SIRM before a case is passed on.
    """
    address = _read_address(url)
    if address is None:
        raise SourceError(KEY, url, "an address such as /2020/03/10/covid-19-caso-32/")
    page = _Page(http.get(_without_print(url)))
    yield _case(page, address)


def _without_print(url: str) -> str:
    """Take the print form off an address, since it has no images."""
    page, _, query = url.partition("#")[0].partition("?")
    named = [each for each in query.split("&") if each]
    kept = [each for each in named if each.partition("=")[0].lower() != "print"]
    return f"{page}?{'&'.join(kept)}" if kept else page


def _case(page: _Page, asked: _Address) -> Case:
    if page.all("end"):
        raise GoneError(f"{page.url} is not there: the site says so in place of a case", page.url)
    address = _read_address(page.url)
    if address is None or address.number != asked.number:
        # WordPress leads an address that is gone to one that begins like it.
        raise SourceError(KEY, asked.url, f"case {asked.number}: it leads to {page.url}")
    title = _title(page)
    body = next(iter(page.all("body")), None)
    if body is None:
        raise SourceError(KEY, asked.url, f"a text ({selectors_of(MARKUP, 'body')})")
    for each in page.all("furniture", body):
        each.extract()
    left_out = tuple(_videos(page, body))
    heading, history, shown = _read_body(page, body)
    images = tuple(_candidates(shown, address.language))
    left_out += _elsewhere(shown)
    if not images and not left_out:
        missing = f"images: an <img> below {_UPLOADS} (the print form of a page has none)"
        raise SourceError(KEY, asked.url, missing)
    # All that is known of the patient stands in the first sentences: at their head, or nowhere
    # surely.
    patient = patientwords.patient_stated("\n".join(history), address.language)
    department = "; ".join(heading.departments)
    return Case(
        source=KEY,
        id=address.id,
        url=address.url,
        also_at=() if asked.url == address.url else (asked.url,),
        title=title,
        published=address.published,
        age=patient.age.value if patient.age else "",
        age_words=patient.age.words if patient.age else "",
        sex=patient.sex.value if patient.sex else "",
        sex_words=patient.sex.words if patient.sex else "",
        history="\n".join(history),
        authors=tuple(heading.authors),
        licence=TERMS.licence,
        credit=_credit(heading.authors, department),
        images=images,
        left_out=left_out,
        suggestions=_inferred(title, "\n".join(history), patient, address.language),
        warnings=tuple(_warnings(address, title, heading, history)),
        markup=_markup(page.used),
        extra={
            "number": address.number,
            "language": address.language,
            **({"department": department} if department else {}),
        },
    )


def _inferred(
    title: str, history: str, stated: PatientWords, language: str
) -> tuple[Suggestion, ...]:
    """Suggest a finding that the title names, and age and sex that the text has further on."""
    finding = patientwords.finding_in_title(title)
    found = [finding] if finding else []
    likely = patientwords.patient_in(history, language)
    for column, said, each in (("age", stated.age, likely.age), ("sex", stated.sex, likely.sex)):
        if each and not said:
            found.append(
                Suggestion(column=column, value=each.value, words=each.words, where="history")
            )
    return tuple(found)


def _markup(used: Mapping[str, str]) -> str:
    """Say what was found by which generation: ``"2020 to 2022: body, title"``."""
    found: dict[str, list[str]] = {}
    for name, years in sorted(used.items()):
        found.setdefault(years, []).append(name)
    return "; ".join(f"{years}: {', '.join(names)}" for years, names in sorted(found.items()))


def _title(page: _Page) -> str:
    """Give the heading; where it is of something else, another place that names the case."""
    found = [page.text(each) for each in ("title", "shared title", "window title")]
    found = [_TITLE_SUFFIX.sub("", each) for each in found if each]
    if not found:
        raise SourceError(KEY, page.url, f"a title ({selectors_of(MARKUP, 'title')})")
    return next(filter(_TITLE.match, found), found[0])


def _credit(authors: Sequence[str], department: str) -> str:
    named = ", ".join(filter(None, (*authors, department)))
    return f"Credit to {named}" if named else ""


def _warnings(
    address: _Address, title: str, heading: _Heading, history: Sequence[str]
) -> Iterator[str]:
    yield _NO_LICENCE
    said = _TITLE.match(title)
    if said is None:
        yield f"the title {title!r} names no case; the address names case {address.number}"
    elif int(said[1]) != address.number:
        yield f"the title says case {said[1]}, the address case {address.number}, which is taken"
    if address.language == "en":
        yield (
            f"SIRM probably publishes case {address.number} in Italian too, under another address: "
            "look whether it is the same patient"
        )
    if not heading.authors:
        yield "no line of authors was recognised; if there is one, it is left in the history"
    if not heading.departments:
        yield "no line of a department was recognised; if there is one, it is left in the history"
    if not history:
        yield "the post has no text besides its images"


# ---- the text ----------------------------------------------------------------------------------


def _read_body(page: _Page, body: Tag) -> tuple[_Heading, list[str], list[_Shown]]:
    """Give who wrote a text, its lines, and its images with the lines before each."""
    captions = {id(each.parent): htmlpage.text_of(each) for each in page.all("caption", body)}
    for each in page.all("caption", body):
        # It belongs to its image and not to the text before the next one.
        each.extract()
    images = list(body.find_all("img"))
    flow = list(_flow(body, images))
    heading = _heading([each for each in flow if isinstance(each, str)])
    history: list[str] = []
    shown: list[_Shown] = []
    lines: list[str] = []
    before, skipped = "", 0
    for item in flow:
        if isinstance(item, int):
            # Images in a row share the lines before the first of them.
            before, lines = "\n".join(lines) or before, []
            shown.append(_shown(images[item], captions, before, page.url))
            continue
        skipped += 1
        if skipped > heading.lines:
            history.append(item)
            lines.append(item)
    return heading, history, shown


def _shown(image: Tag, captions: Mapping[int, str], before: str, base: str) -> _Shown:
    caption = next((captions[id(each)] for each in image.parents if id(each) in captions), "")
    return _Shown(addresses=_addresses(image, base), caption=caption, before=before)


def _flow(body: Tag, images: Sequence[Tag]) -> Iterator[str | int]:
    """Give the lines of a text, with the index of each image where it stands."""
    for index, image in enumerate(images):
        # What stands within <noscript> is not shown; a plug-in keeps the image itself there.
        place = image.find_parent("noscript") or image
        place.insert_before(f" {_MARK}{index}{_MARK} ")
    for line in htmlpage.text_of(body).split("\n"):
        for number, part in enumerate(_MARKED.split(line)):
            text = htmlpage.clean(part.replace(_MARK, ""))
            if number % 2 == 0 and text and not _NOT_TEXT.fullmatch(text):
                yield text
            if number % 2 == 1 and int(part) < len(images):
                yield int(part)


def _heading(lines: Sequence[str]) -> _Heading:
    """Read the lines before the first clinical one, as far as they are surely what they seem."""
    heading = _Heading()
    for number, line in enumerate(lines[:_HEADING_LINES]):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        names, place = _authors_in(line), ""
        if not names and (parts := re.split(r"\s[-\u2013]\s", line, maxsplit=1))[1:]:
            # Both may stand in one line, with a dash between.
            names = _authors_in(parts[0]) if _is_department(parts[1]) else []
            place = parts[1] if names else ""
        if len(names) == 1 and not place and not _is_department(following):
            # One name alone may be any two words.
            names = []
        if names and heading.authors and not lines[number - 1].endswith(","):
            # A second list of capitals may be of places.
            break
        if not names and not _is_department(line):
            break
        heading.authors += names
        if place or not names:
            heading.departments.append(re.sub(r"\A[\W\d_]+", "", place or line))
        heading.lines += 1
    return heading


def _authors_in(line: str) -> list[str]:
    """Give the names of a line that is nothing but a list of names; else none."""
    if len(line) > _LONGEST_AUTHORS:
        return []
    plain = _SALUTATION.sub("", _FOOTNOTE.sub("", line.strip(" .,;:-"))).strip()
    names = [htmlpage.clean(each).rstrip(".,") for each in _BETWEEN_AUTHORS.split(plain)]
    names = [each for each in names if each]
    return names if all(map(_is_name, names)) else []


def _is_name(text: str) -> bool:
    words = [word for word in re.split(r"[\s.]+", text) if word]
    own = [word for word in words if not _PARTICLE.fullmatch(word)]
    return (
        2 <= len(own) <= _MOST_NAMES  # noqa: PLR2004 - a given name, or its initial, and another
        and all(_NAME.fullmatch(word) and word[0].isupper() for word in own)
        and not any(map(_NO_NAME.fullmatch, own))
    )


def _is_department(line: str) -> bool:
    return (
        len(line) <= _LONGEST_DEPARTMENT
        and _DEPARTMENT.search(line) is not None
        and _CLINICAL.search(line) is None
    )


# ---- images ------------------------------------------------------------------------------------


def _addresses(image: Tag, base: str) -> tuple[str, ...]:
    """Give every address of an image, the best copy first."""
    link = image.find_parent("a")
    found = [htmlpage.address(link, base, "href"), *htmlpage.srcset(image, base)]
    found += [htmlpage.address(image, base, each) for each in _ADDRESSES]
    found = [each for each in dict.fromkeys(found) if _is_saved(each) or _is_upload(each)]
    # What lies beside a saved page is at hand; its other addresses may not be.
    # Of reduced copies the widest goes first; the sort keeps the page's order otherwise.
    found.sort(key=lambda each: (not _is_saved(each), _is_reduced(each), -_width(each)))
    if found and all(map(_is_reduced, found)) and not _is_saved(found[0]):
        # That the original is there under the bare name is likely, and not said.
        found.insert(0, _whole(found[0]))
    return tuple(found)


def _is_saved(url: str) -> bool:
    return url.startswith("saved:") and unquote(url).lower().endswith(_IMAGE_ENDINGS)


def _is_upload(url: str) -> bool:
    """Whether an address is that of an image which somebody added to a post, on whatever host."""
    path = urlsplit(url).path
    return _UPLOADS in path and path.lower().endswith(_IMAGE_ENDINGS)


def _is_reduced(url: str) -> bool:
    parts = urlsplit(url)
    return bool(_SIZE.search(parts.path[-40:]) or _SIZE_QUERY.search(parts.query))


def _width(url: str) -> int:
    """Pixels that the name of a reduced copy says; 0 where it says none."""
    size = re.search(r"-([0-9]{1,5})x[0-9]{1,5}\.", urlsplit(url).path[-40:])
    return int(size[1]) if size else 0


def _whole(url: str) -> str:
    """Take the size off the address of a reduced copy."""
    bare = url.partition("?")[0]
    return bare[:-40] + _SIZE.sub("", bare[-40:])


def _is_ours(url: str) -> bool:
    return _is_saved(url) or urlsplit(url).hostname in _HOSTS


def _candidates(shown: Iterable[_Shown], language: str) -> Iterator[ImageCandidate]:
    """Give each image once, where it stands with the text that it belongs to."""
    kept: dict[str, _Shown] = {}
    for each in shown:
        named = [url for url in each.addresses if _is_ours(url)]
        if not named:
            continue
        key = _file_name(named[-1])
        if key not in kept or not kept[key].before:
            # The picture at the head of a post stands in its text again.
            kept.pop(key, None)
            kept[key] = _Shown(addresses=tuple(named), caption=each.caption, before=each.before)
    for number, each in enumerate(kept.values(), start=1):
        yield ImageCandidate(
            label=str(number),
            url=each.addresses[0],
            fallbacks=each.addresses[1:],
            caption=each.caption,
            findings=each.before,
            suggestions=tuple(_suggested(each, language)),
        )


def _file_name(url: str) -> str:
    """Name the file that an address is a copy of, whatever its size."""
    path = urlsplit(_whole(url)).path.partition(_UPLOADS)[2] or url.rpartition("/")[2]
    return re.sub(r"-scaled(?=\.[^.]{3,4}\Z)", "", unquote(path)[-300:])


def _suggested(shown: _Shown, language: str) -> Iterator[Suggestion]:
    """Read caption, text and file name; each value is suggested once."""
    # The files were named in Italian.
    stem = _file_name(shown.addresses[-1]).rpartition("/")[2].rpartition(".")[0]
    named = captionwords.suggestions_of(stem, "file name", "it")
    caption = captionwords.suggestions_of(shown.caption, "caption", language)
    text = _said_before(shown.before, language)
    found: dict[tuple[str, str], Suggestion] = {}
    for each in (*caption, *text, *(each for each in named if each.column != "offset")):
        found.setdefault((each.column, each.value), each)
    yield from found.values()


@lru_cache(maxsize=64)
def _said_before(text: str, language: str) -> tuple[Suggestion, ...]:
    """Read the text before an image: all of it only for what its last line does not say."""
    said: dict[str, Suggestion] = {}
    for each in (text.rpartition("\n")[2], text):
        for suggestion in captionwords.suggestions_of(each, "findings", language):
            said.setdefault(suggestion.column, suggestion)
    return tuple(said.values())


def _elsewhere(shown: Iterable[_Shown]) -> tuple[LeftOut, ...]:
    """Say which images of the text stand on hosts that are not the site's."""
    away = (each.addresses[:1] for each in shown if not any(map(_is_ours, each.addresses)))
    urls = dict.fromkeys(url for addresses in away for url in addresses)
    return tuple(
        LeftOut(label=f"elsewhere-{number}", url=url, reason="it stands on another host")
        for number, url in enumerate(urls, start=1)
    )


def _videos(page: _Page, body: Tag) -> Iterator[LeftOut]:
    urls = (htmlpage.address(each, page.url, "src") for each in page.all("video", body))
    for number, url in enumerate(filter(None, dict.fromkeys(urls)), start=1):
        yield LeftOut(label=f"video-{number}", url=url, reason="a video or an embedded page")
