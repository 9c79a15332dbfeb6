"""Coronacases.org: ten CT volumes, each the first post of a forum's thread.

This module owns the forum's addresses and markup, and which files make up which case. It must not
fetch anything but by the `Http` it is given. The site's own pages were not seen after 2020, so that
saved pages and a folder of saved files are read as well as the site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from covidxr import htmlpage, patientwords
from covidxr.cases import Case, ImageCandidate, LeftOut, LicenceClaim
from covidxr.errors import SourceError
from covidxr.htmlpage import Markup, line_of, selectors_of
from covidxr.licences import read_licence
from covidxr.sourcing import Found, Kind, ResultPage, Terms, source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from covidxr.cases import Json, Reading
    from covidxr.htmlpage import Tag
    from covidxr.sourcing import Http, Page, SavedFile

KEY = "coronacases"
_FORUM = (
    "https://coronacases.org/forum/"
    "coronacases-org-helping-radiologists-to-help-people-in-more-than-100-countries-1"
)
_FILES = "https://static.raioss.com/coronacases"
_HOSTS = ("coronacases.org", "www.coronacases.org", "static.raioss.com")

# Every selector, newest first. No page of this site was seen: these are the templates of Odoo,
# whose forum it was. An answer's text has the class of a question's in the newest ones, and all
# answers stand within the question's <article> in those before.
MARKUP = (
    Markup(
        years="2022 on (Odoo 16 and 17)",
        selectors={
            "post link": ".o_wforum_post_title a[href]",
            "body": ".o_wforum_question .o_wforum_post_content",
        },
    ),
    Markup(
        years="2019 to 2022 (Odoo 13 to 15)",
        selectors={
            "post link": ".o_wforum_index_entry_title a[href]",
            "title": "article.question header h1",
            "body": "article.question .o_wforum_post_content",
        },
    ),
    Markup(
        years="2014 to 2019 (Odoo 8 to 12)",
        selectors={
            "post link": "div.question .question-name a[href]",
            "title": "div.question h1",
            "body": "div.question",
            # Here the text has no element of its own.
            "not of the post": (
                "h1, form, .vote, .box, .badge, .text-muted, .clearfix, .pull-left, .pull-right"
                ", .comments, .css_editable_mode_hidden, .forum_answer, #answer, [id^='answer']"
            ),
        },
    ),
    Markup(
        years="any",
        selectors={
            "post link": 'a[href*="/forum/"]',
            "page link": ".pagination a[href]",
            "title": "h1",
            "shared title": 'meta[property="og:title"]',
            "viewer": "iframe[src]",
            "file": "a[href]",
            "licence": (
                'a[rel~="license"], link[rel~="license"], footer a[href*="creativecommons.org/"]'
                ', footer a[href*="apache.org/licenses/"]'
            ),
        },
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """The files of one series.

    Parameters
    ----------
    pattern : str
        Name of a file without its ending, with a place for its number.
    first, last : int
        Numbers of the first and the last file. The first may be missing, and counts vary.
    """

    pattern: str
    first: int
    last: int

    def names(self) -> list[str]:
        """Give the name of each file, without its ending, in order."""
        return [self.pattern.format(number) for number in range(self.first, self.last + 1)]


def _series(pattern: str, first: int, last: int) -> Series:
    return Series(pattern=pattern, first=first, last=last)


# Which files are which plane of which case, as a script of May 2020 had it that fetched them all.
# It has the numbers alone of some reformats; the axial series of case 10 it took for a coronal one.
KNOWN_SERIES: Mapping[int, Mapping[str, Series]] = {
    1: {
        "axial": _series("coronacases_001_{:03}", 1, 301),
        "coronal": _series("coronacases_001_{:03}", 302, 346),
        "sagittal": _series("{:03}", 398, 454),
    },
    2: {
        "axial": _series("coronacases_002_{:03}", 1, 200),
        "coronal": _series("{:03}", 708, 755),
        "sagittal": _series("{:03}", 655, 707),
    },
    3: {
        "axial": _series("ser203img{:05}", 1, 200),
        "coronal": _series("IM-0002-{:04}", 1, 76),
        "sagittal": _series("IM-0001-{:04}", 77, 142),
    },
    4: {
        "axial": _series("ser204img{:05}", 1, 301),
        "coronal": _series("IM-0002-{:04}", 1, 51),
        "sagittal": _series("IM-0001-{:04}", 317, 366),
    },
    5: {
        "axial": _series("ser204img{:05}", 1, 301),
        "coronal": _series("IM-0001-{:04}", 1, 50),
        "sagittal": _series("IM-0002-{:04}", 51, 121),
    },
    6: {
        "axial": _series("ser203img{:05}", 1, 213),
        "coronal": _series("IM-0002-{:04}", 1, 64),
        "sagittal": _series("IM-0001-{:04}", 65, 126),
    },
    7: {
        "axial": _series("ser203img{:05}", 1, 249),
        "coronal": _series("IM-0002-{:04}", 1, 58),
        "sagittal": _series("IM-0001-{:04}", 59, 120),
    },
    8: {
        "axial": _series("ser204img{:05}", 1, 301),
        "coronal": _series("IM-0001-{:04}", 1, 61),
        "sagittal": _series("IM-0002-{:04}", 62, 124),
    },
    9: {
        "axial": _series("ser204img{:05}", 1, 256),
        "coronal": _series("IM-0002-{:04}", 1, 43),
        "sagittal": _series("IM-0001-{:04}", 44, 102),
    },
    10: {
        "axial": _series("ser204img{:05}", 1, 301),
        "coronal": _series("IM-0002-{:04}", 1, 58),
        "sagittal": _series("IM-0001-{:04}", 59, 106),
    },
}
_AXIAL = "axial"

# The last part of the address of each case, as the collection of 2020 has them. The number at the
# end is the forum's, and no case number.
KNOWN_NAMES: Mapping[int, str] = {
    1: "case-001-61-year-old-female-24",
    2: "case-002-47-year-old-male-23",
    3: "case-003-50-year-old-male-22",
    4: "case-004-41-year-old-male-21",
    5: "case-005-46-year-old-male-20",
    6: "case-006-32-year-old-male-19",
    7: "case-007-41-year-old-female-18",
    8: "case-008-34-year-old-male-17",
    9: "case-009-64-year-old-female-16",
    10: "case-010-55-year-old-female-15",
}

_NAME = (
    r"(?P<name>case-0{0,2}(?P<number>[0-9]{1,3})(?P<words>(?:-[^/?#\s]*)?)-(?P<post>[0-9]{1,9}))"
)
_CASE = re.compile(
    # A site in several languages has the language first.
    r"https?://(?:www\.)?coronacases\.org/(?:[a-z]{2}(?:_[a-z]{2,4})?/)?forum/(?P<forum>[^/?#\s]+)/"
    rf"(?:question/)?{_NAME}/?(?:[?#]\S*)?",
    re.IGNORECASE,
)
_STATIC = re.compile(
    r"https?://static\.raioss\.com/coronacases/case0{0,2}(?P<known>10|[1-9])(?:/[^?#\s]*)?"
    r"(?:[?#]\S*)?",
    re.IGNORECASE,
)
_POST = re.compile(
    r"https?://(?:www\.)?coronacases\.org/(?:[a-z]{2}(?:_[a-z]{2,4})?/)?forum/[^/?#\s]+/"
    r"(?:question/)?[^/?#\s]+-[0-9]{1,9}/?(?:\?\S*)?",
    re.IGNORECASE,
)
_PAGE = re.compile(r"/page/([0-9]{1,5})\b")
_NUMBER = re.compile(r"(?i)(?:case\s{0,3})?0{0,3}([0-9]{1,3})")
_BEFORE_PATIENT = re.compile(r"(?i)\A\W{0,5}case\W{0,5}[0-9]{1,4}\W{0,5}")

# What names a case in the path of a saved file: "case001", "coronacases_001_002.dcm",
# "coronacases_org_001.nii.gz" as the collection of 2020 has them.
_IN_PATH = re.compile(
    r"(?i)(?<![a-z0-9])(?:case|coronacases)[-_ ]?(?:org[-_])?0{0,2}(10|[1-9])(?![0-9])"
)
# Other people's masks of the same volumes have the volumes' names.
_NO_VOLUME = re.compile(r"(?i)mask|segment|label|lesion|infection|_seg\b")
_VOLUMES = (".nii", ".nii.gz")
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".tar.gz", ".tgz")
_SLICES = (".dcm", ".ima", ".dicom")
# NIfTI-1, nifti1.h: the header's size, 348, in either order of bytes; NIfTI-2: 540.
_NIFTI = (b"\x5c\x01\0\0", b"\0\0\x01\x5c", b"\x1c\x02\0\0", b"\0\0\x02\x1c")
_GZIP = b"\x1f\x8b"
_DICOM_AT, _DICOM = 128, b"DICM"  # DICOM PS3.10, 7.1

_LICENCE_WORDS = (
    "Apache 2.0, as said by a collection that passed the volumes on in 2020; the site's own "
    "statement was not seen"
)

_NO_LICENCE = "no licence was seen on the site: make sure of it before this case is passed on"

# The credit is the one that the collection of 2020 has at each volume.
TERMS = Terms(
    search=True,
    search_reason=(
        "Nothing was found that forbids it; but no copy of the site later than 2020 was found "
        "either, so that it may not be there any more."
    ),
    licence=LicenceClaim(words=_LICENCE_WORDS),
    credit=(
        "Credit to Omir Antunes Paiva, Dr. Rodrigo Caruso Chate, Wenzhou Medical University, and "
        "coronacases.org"
    ),
    ask="those who are named in the credit",
)


@dataclass(slots=True, kw_only=True)
class _Volumes:
    """What was found of a case's images."""

    images: list[ImageCandidate] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class _Patient:
    """Age and sex, of the address and of the title."""

    age: Reading | None = None
    sex: Reading | None = None
    warnings: list[str] = field(default_factory=list)


class _Page(htmlpage.PageReader):
    def __init__(self, got: Page) -> None:
        super().__init__(got.url, got.body, MARKUP)

    def post(self) -> Tag | None:
        """The text of the first post, with nothing of what others wrote below it."""
        found, years = htmlpage.pick(self.root, MARKUP, "body")
        if not found:
            return None
        self.used["body"] = years
        generation = [each for each in MARKUP if each.years == years]
        for each in htmlpage.pick(found[0], generation, "not of the post")[0]:
            each.extract()
        return found[0]

    def links(self, name: str, root: Tag | None = None) -> list[str]:
        """Give the addresses of links or frames, each once."""
        found = (htmlpage.address(each, self.url, "href", "src") for each in self.all(name, root))
        return [*dict.fromkeys(filter(None, found))]


def _folder(number: int) -> str:
    return f"{_FILES}/case{number:03}/"


# ---- saved files -------------------------------------------------------------------------------


def _recognise(file: SavedFile) -> str:
    """Give a saved page's address, where it is that of a case; of a volume's file, its case's."""
    if file.url:
        return file.url if _CASE.fullmatch(file.url) or _STATIC.fullmatch(file.url) else ""
    return _address_in(file.name) if _is_volume(file) else ""


def _is_volume(file: SavedFile) -> bool:
    if file.head[_DICOM_AT : _DICOM_AT + len(_DICOM)] == _DICOM:
        return True
    begins = (_GZIP,) if file.name.lower().endswith(".gz") else _NIFTI
    return (
        file.name.lower().endswith(_VOLUMES)
        and file.head.startswith(begins)
        and not _NO_VOLUME.search(file.name[-500:])
    )


def _address_in(name: str) -> str:
    """Give the address of a file by the case that its name, or a folder around it, names."""
    parts = name.split("/")
    for at in range(len(parts) - 1, -1, -1):
        if match := _IN_PATH.search(parts[at]):
            # Folders within that of a case tell files of one name apart.
            return _folder(int(match[1])) + quote(
                "/".join(parts[at + 1 :]) or parts[at], errors="surrogateescape"
            )
    return ""


# ---- the forum's list --------------------------------------------------------------------------


def _search(words: Sequence[str], http: Http) -> Iterator[ResultPage]:
    """Walk the forum's list; words are looked for in the titles, a number is that of a case."""
    wanted = " ".join(words)
    seen: set[str] = set()
    number, url = 1, _FORUM
    while True:
        page = _Page(http.get(url, kind=Kind.LISTING))
        posts = _posts(page)
        if not posts:
            raise SourceError(
                KEY, page.url, f"posts of the forum ({selectors_of(MARKUP, 'post link')})"
            )
        if posts.keys() <= seen:
            # The forum gives its last page for each number beyond it.
            raise SourceError(KEY, page.url, "posts that no earlier page of the list has")
        seen |= posts.keys()
        yield _results(page, posts, number, wanted)
        if max(_page_numbers(page), default=0) <= number:
            return
        number += 1
        url = f"{_FORUM}/page/{number}"


def _posts(page: _Page) -> dict[str, str]:
    """Give the address of each post of a list, with its title."""
    posts: dict[str, str] = {}
    for link in page.all("post link"):
        url = htmlpage.address(link, page.url, "href").partition("?")[0]
        if _POST.fullmatch(url):
            # A post is linked a second time with the number of its answers.
            posts[url] = posts.get(url) or line_of(link)
    return posts


def _page_numbers(page: _Page) -> list[int]:
    numbers = (_PAGE.search(each) for each in page.links("page link"))
    return [int(each[1]) for each in numbers if each]


def _results(page: _Page, posts: Mapping[str, str], number: int, wanted: str) -> ResultPage:
    found = [
        Found(url=url, title=title)
        for url, title in posts.items()
        if (match := _CASE.fullmatch(url)) and _is_wanted(wanted, title, match)
    ]
    others = sum(_CASE.fullmatch(url) is None for url in posts)
    numbers = _page_numbers(page)
    pages = max(number, *numbers) if numbers else None
    return ResultPage(url=page.url, number=number, cases=tuple(found), others=others, pages=pages)


def _is_wanted(wanted: str, title: str, match: re.Match[str]) -> bool:
    if number := _NUMBER.fullmatch(wanted.strip()):
        return int(number[1]) == int(match["number"])
    return wanted.casefold() in (title or match["name"].replace("-", " ")).casefold()


# ---- a case ------------------------------------------------------------------------------------


@source(
    KEY,
    title="Coronacases.org",
    hosts=_HOSTS,
    pattern=f"(?:{_CASE.pattern}|{_STATIC.pattern})",
    example=f"{_FORUM}/question/{KNOWN_NAMES[1]}",
    terms=TERMS,
    # Nothing is stated; a case is some 300 files.
    delay_seconds=2.0,
    search=_search,
    recognise=_recognise,
)
def cases(url: str, http: Http) -> Iterator[Case]:
    """Ten CT volumes of Coronacases.org, March 2020, as DICOM files of an axial series each.

    Age and sex stand in the address; where the title of the post differs, the address is taken and
    the case says so. The text of the first post is the report; answers and comments are nobody's.

    No copy of the site later than 2020 was found, and a list of that year calls the volumes
    viewable and not downloadable: their files may not be there. A folder of saved DICOM or NIfTI
    files is read with ``--from``, as long as a file's path names its case: ``case001/…``,
    ``coronacases_001_…``.
    Coronal and sagittal reformats are left out.

    The site's licence was not seen; a collection of 2020 calls it Apache 2.0.
    """
    static = _STATIC.fullmatch(url)
    yield _case_of_files(int(static["known"]), http) if static else _case_of_post(url, http)


def _case_of_post(url: str, http: Http) -> Case:
    asked = _CASE.fullmatch(url)
    if asked is None:
        raise SourceError(KEY, url, f"an address such as {_FORUM}/question/{KNOWN_NAMES[1]}")
    page = _Page(http.get(url.partition("#")[0]))
    match = _CASE.fullmatch(page.url)
    number = int(asked["number"])
    if match is None or int(match["number"]) != number:
        raise SourceError(KEY, url, f"case {number}: it leads to {page.url}")
    title, licence = _title(page, number), _licence(page)
    post = page.post()
    if post is None:
        raise SourceError(KEY, url, f"the first post ({selectors_of(MARKUP, 'body')})")
    viewers, findings = page.links("viewer", post), htmlpage.text_of(post)
    found = _volumes(number, page.links("file", post), http)
    if not found.images:
        found.left_out += map(_viewer, viewers)
    if not (found.images or found.left_out):
        missing = "a link to .dcm, .nii, .nii.gz or .zip, or a viewer (iframe[src])"
        raise SourceError(KEY, url, missing)
    if not findings:
        found.warnings.append("the post has no text")
    canonical = f"https://coronacases.org/forum/{match['forum']}/question/{match['name']}"
    others = (re.split(r"[?#]", each, maxsplit=1)[0].rstrip("/") for each in (url, page.url))
    extra: dict[str, Json] = {"post": int(match["post"])}
    return replace(
        _common(number, _patient(match["words"], title), found, licence),
        url=canonical,
        also_at=tuple(each for each in dict.fromkeys(others) if each != canonical),
        title=title,
        findings=findings,
        markup=_markup(page.used),
        extra=extra | ({"viewers": [*viewers]} if viewers else {}),
    )


def _case_of_files(number: int, http: Http) -> Case:
    """Give one of the ten cases by its files, where its page is not at hand."""
    name = KNOWN_NAMES[number]
    words = name.removeprefix(f"case-{number:03}").rpartition("-")[0]
    found = _volumes(number, (), http)
    found.warnings.append("the post was not read: title, age and sex are those of its address")
    return replace(
        _common(number, _patient(words, ""), found, TERMS.licence),
        url=f"{_FORUM}/question/{name}",
        also_at=(_folder(number),),
        title=name.rpartition("-")[0].replace("-", " ").capitalize(),
        markup="files alone",
    )


def _common(number: int, patient: _Patient, found: _Volumes, licence: LicenceClaim) -> Case:
    """Make a case of what does not depend on where it was read."""
    unstated = () if licence.spdx else (_NO_LICENCE,)
    return Case(
        source=KEY,
        id=f"case-{number:03}",
        url="",
        title="",
        age=patient.age.value if patient.age else "",
        age_words=patient.age.words if patient.age else "",
        sex=patient.sex.value if patient.sex else "",
        sex_words=patient.sex.words if patient.sex else "",
        licence=licence,
        credit=TERMS.credit,
        images=tuple(found.images),
        left_out=tuple(found.left_out),
        warnings=(*unstated, *patient.warnings, *found.warnings),
    )


def _viewer(url: str) -> LeftOut:
    return LeftOut(label="viewer", url=url, reason="a viewer: save its series by hand")


def _markup(used: Mapping[str, str]) -> str:
    """Say what was found by which generation: ``"any: page link, title"``."""
    found: dict[str, list[str]] = {}
    for name, years in sorted(used.items()):
        found.setdefault(years, []).append(name)
    return "; ".join(f"{years}: {', '.join(names)}" for years, names in sorted(found.items()))


def _title(page: _Page, number: int) -> str:
    """Give the heading that names the case; a banner may be a heading too."""
    found = [line_of(each) for name in ("title", "shared title") for each in page.all(name)]
    found = [each for each in found if each]
    if not found:
        raise SourceError(KEY, page.url, f"a title ({selectors_of(MARKUP, 'title')})")
    named = re.compile(rf"(?i)\W{{0,5}}case\W{{0,5}}0{{0,3}}{number}\b")
    return next(filter(named.match, found), found[0])


def _patient(address: str, title: str) -> _Patient:
    """Read age and sex; where address and title differ, the address is taken."""
    words = _BEFORE_PATIENT.sub("", title)
    patient = _Patient(
        age=patientwords.age_in(address.strip("-")), sex=patientwords.sex_in(address)
    )
    others = {"age": patientwords.age_in(words), "sex": patientwords.sex_in(words)}
    for name, other in others.items():
        own: Reading | None = getattr(patient, name)
        if own is None:
            setattr(patient, name, other)
        elif other and other.value != own.value:
            patient.warnings.append(
                f"{name}: the address says {own.words!r}, the title {other.words!r}; the address "
                "is taken"
            )
    return patient


def _licence(page: _Page) -> LicenceClaim:
    """Give a licence that the page links to; else what was said of the site."""
    for url in page.links("licence"):
        if spdx := read_licence(url).spdx:
            return LicenceClaim(spdx=spdx, words=url, evidence="page", url=url)
    return TERMS.licence


# ---- volumes -----------------------------------------------------------------------------------


def _volumes(number: int, links: Iterable[str], http: Http) -> _Volumes:
    """Find a case's volume: among saved files, else by the post's links, else by known names."""
    folder = _folder(number)
    found = _Volumes()
    if known := http.known(folder):
        _sort_out(known, number, found)
        strange = len(_strange(known, number))
        if strange:
            found.warnings.append(
                f"{strange} saved files have no name of the known axial series: look whether all "
                "of them belong to it"
            )
        return found
    linked = [each for each in links if _path(each).endswith(_SLICES + _VOLUMES + _ARCHIVES)]
    _sort_out(linked, number, found)
    if found.images:
        return found
    _sort_out((f"{folder}{name}.dcm" for name in _names(number)), number, found)
    return found


def _names(number: int) -> Iterator[str]:
    for series in KNOWN_SERIES.get(number, {}).values():
        yield from series.names()


def _sort_out(urls: Iterable[str], number: int, found: _Volumes) -> None:
    """Part volumes, slices of the axial series, and what is of no use."""
    volumes: list[str] = []
    slices: list[str] = []
    left: dict[str, LeftOut] = {}
    for url in urls:
        path = _path(url)
        plane = _reformat(path, number)
        if urlsplit(url).hostname not in _HOSTS:
            left[url] = LeftOut(label=_label(path), url=url, reason="it stands on another host")
        elif path.endswith(_ARCHIVES):
            reason = "an archive: unpack it and read the folder with --from"
            left[url] = LeftOut(label=_label(path), url=url, reason=reason)
        elif path.endswith(_VOLUMES):
            volumes.append(url)
        elif plane:
            reason = "reformatted from the axial series"
            left.setdefault(plane, LeftOut(label=plane, url=url, reason=reason))
        else:
            slices.append(url)
    for at, url in enumerate(volumes, start=1):
        label = "volume" if len(volumes) == 1 else f"volume-{at}"
        found.images.append(ImageCandidate(label=label, url=url, folder="volumes", modality="CT"))
    if slices:
        found.images.append(
            ImageCandidate(
                label=_AXIAL, url="", parts=tuple(slices), folder="volumes", modality="CT"
            )
        )
    found.left_out += left.values()


def _path(url: str) -> str:
    return unquote(urlsplit(url).path).lower()


def _label(path: str) -> str:
    return path.rpartition("/")[2][:60] or "file"


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return next((name.removesuffix(each) for each in _SLICES if name.endswith(each)), name)


def _reformat(path: str, number: int) -> str:
    """Name the plane of a reformatted slice, by its name or by a folder; else empty."""
    stem = _stem(path)
    # Where the numbers alone are known, the files may have the axial series' name before them.
    bare = re.sub(r"\Acoronacases_0[01][0-9]_(?=[0-9]{3}\Z)", "", stem)
    known = _planes(number)
    plane = known.get(stem) or known.get(bare, "")
    if plane:
        return plane if plane != _AXIAL else ""
    folders = path.partition(f"/case{number:03}/")[2].split("/")[:-1]
    return next((each for each in ("coronal", "sagittal") if each in folders), "")


@lru_cache(maxsize=16)
def _planes(number: int) -> Mapping[str, str]:
    """Give the plane of each known file of a case, by its name without its ending."""
    planes = KNOWN_SERIES.get(number, {})
    return {name.lower(): plane for plane, each in planes.items() for name in each.names()}


def _strange(urls: Iterable[str], number: int) -> list[str]:
    """Give the slices that are neither of the known axial series nor reformats."""
    paths = (path for path in map(_path, urls) if not path.endswith(_VOLUMES + _ARCHIVES))
    known = _planes(number)
    return [each for each in paths if _stem(each) not in known and not _reformat(each, number)]
