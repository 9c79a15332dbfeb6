"""DOIs and web addresses as a cell may write them, and when two of them mean one thing.

This module owns the bare form of a DOI, what counts as an address, and the key under which two
addresses of one page are the same. It must not fetch anything: no redirect is followed, and
nothing is said about whether a page exists or what stands on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from urllib.parse import quote, unquote

IdentifierProblem = Literal["spelling", "unreadable"]

# Characters of no width come along when text is copied from a PDF or a page.
_INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))

# The DOI Handbook, section 2.2: "10.", a registrant's number that may be subdivided, a slash and
# a suffix of any printable characters. Crossref's advice of 2015 puts the number at 4 to 9 digits.
_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[^\s\x00-\x1f\x7f\ud800-\udfff\ufffd]+")
_SECOND_DOI = re.compile(r"[,;|]\s*(?:doi:)?10\.[0-9]{4,9}/", re.IGNORECASE)
_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_LABEL = re.compile(r"(?:info:doi/|urn:doi:|doi\s*[:=]?\s*)(?=\S)", re.IGNORECASE)
# Publishers' addresses in the form of Atypon's Literatum (NEJM, RSNA, Wiley, AJR). The suffix may
# hold no slash: academic.oup.com puts its own number after the DOI, and where the DOI ends then
# cannot be told.
_PUBLISHER = re.compile(
    r"https?://[^/?#]+/doi/(?:(?:abs|full|pdf|epdf|pdfdirect|epub|reader)/)?"
    r"(10\.[0-9]{4,9}/[^/?#]+?)/?(?:[?#].*)?",
    re.IGNORECASE,
)
_TRAILING = ".,;:"
# Browsers and servers refuse addresses of some thousands of characters. Such a cell is text that
# stands in the wrong column, and undoing its escapes layer by layer could take minutes.
_LONGEST = 4096
_WRAPPERS = {"<": ">", "(": ")", "[": "]", "{": "}", '"': '"', "'": "'"}
_STEM = re.compile(r"(.*[^-/])-[0-9]+")

_HOST_LABEL = r"[^\s/?#@:\[\]<>\"\\.]+"
_URL = re.compile(
    rf"(?P<scheme>https?://)?(?P<host>{_HOST_LABEL}(?:\.{_HOST_LABEL})+)\.?(?::(?P<port>[0-9]+))?"
    r"(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
_NOT_IN_URL = re.compile(r"[\s\x00-\x1f\x7f]")
_DEFAULT_PORTS = {"80", "443"}
# A name in front of the host that says how the page is laid out, not which page it is. What is
# left must still have a dot, so that "www.org" stays a host.
_LAYOUT_HOST = re.compile(r"\A(?:(?:www|mobile|m)\.)+(?=[^.]+\.)")
# Query parameters that change a page's language, layout or bookkeeping. Unknown ones are kept:
# to drop one that names the page would make two cases the same, which is worse than to miss that
# two addresses are. `via` is ScienceDirect's, `report` PMC's, `print` SIRM's, the last two are
# those of advertising networks.
_PRESENTATION = frozenset(
    ("lang", "locale", "hl", "report", "via", "print", "fbclid", "gclid"),
)

# Addresses of one page on one site, on the key without scheme, "www." and fragment.
_SAME_PAGE = (
    # A case has viewer pages below it, and one query for each language.
    (re.compile(r"radiopaedia\.org/cases/([^/?]+).*"), r"radiopaedia.org/cases/\1"),
    # The newest cases end in /teaching-case, the oldest addresses have the number in the query.
    (re.compile(r"eurorad\.org/case/([0-9]+)(?:[/?].*)?"), r"eurorad.org/case/\1"),
    (
        re.compile(r"eurorad\.org/(?:eurorad/)?case\.php\?(?:.*&)?id=([0-9]+)(?:&.*)?"),
        r"eurorad.org/case/\1",
    ),
    # The archive's host has the posts of the old site under the same paths.
    (re.compile(r"archivio\.sirm\.org/((?:en/)?[0-9]{4}/.+)"), r"sirm.org/\1"),
    # Odoo, whose forum coronacases.org was, dropped "question/" with version 14.
    (re.compile(r"coronacases\.org/forum/([^/?]+)/question/(.+)"), r"coronacases.org/forum/\1/\2"),
    # NLM gave PubMed (2020) and PMC (2024) hosts of their own.
    (re.compile(r"ncbi\.nlm\.nih\.gov/pubmed/([0-9]+)"), r"pubmed.ncbi.nlm.nih.gov/\1"),
    (re.compile(r"ncbi\.nlm\.nih\.gov/pmc/articles/(.+)"), r"pmc.ncbi.nlm.nih.gov/articles/\1"),
    (re.compile(r"([a-z-]+)\.m\.wikipedia\.org/(.+)"), r"\1.wikipedia.org/\2"),
)

# Hosts that the patterns above, or a resolver, give another name, and an address of which nothing
# is decoded, dropped or folded.
_MOVING = ("sirm.org", "ncbi.nlm.nih.gov", "wikipedia.org", "doi.org")
_PLAIN_LABEL = "[a-z][a-z0-9]*(?:-[a-z0-9]+)*"
_PLAIN = re.compile(rf"https?://({_PLAIN_LABEL}(?:\.{_PLAIN_LABEL})+)/[\w./-]*\Z", re.ASCII)

# Sites whose pages each publish one case. A site is listed when its addresses were looked at, and
# a page of an unlisted site is no case page.
_CASE_PAGES = re.compile(
    r"radiopaedia\.org/cases/[^/?]+"
    r"|eurorad\.org/case/[0-9]+"
    r"|sirm\.org/(?:en/)?[0-9]{4}/[0-9]{2}/[0-9]{2}/covid-?19-cas[eo]-[0-9]+"
    r"|coronacases\.org/forum/[^/?]+/(?:question/)?case-[0-9]+[^/?]*"
    r"|cases\.rsna\.org/case/[0-9a-f-]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoiReading:
    """What a text says as a DOI.

    Parameters
    ----------
    doi : str or None
        The bare DOI in the case it was written in; None where there is none.
    problem : str or None
        None for a bare DOI, ``"spelling"`` for one written otherwise, ``"unreadable"`` for
        anything else, the empty text too.
    """

    doi: str | None
    problem: IdentifierProblem | None

    @property
    def is_canonical(self) -> bool:
        """Whether the text is the bare DOI and nothing more."""
        return self.problem is None


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlReading:
    """What a text says as a web address.

    Parameters
    ----------
    url : str or None
        The address without blanks around it; None where there is none.
    problem : str or None
        None for an address, ``"spelling"`` for one with blanks or characters of no width,
        ``"unreadable"`` for anything else, the empty text too.
    """

    url: str | None
    problem: IdentifierProblem | None

    @property
    def is_canonical(self) -> bool:
        """Whether the text is an address as it stands."""
        return self.problem is None


@lru_cache(maxsize=4096)  # a table repeats each DOI over all images of a paper
def read_doi(text: str) -> DoiReading:
    """Read a DOI in any form that people paste.

    Parameters
    ----------
    text : str
        One cell: ``"10.1000/xyz"``, ``"doi:10.1000/xyz."``, an address at doi.org, a publisher's
        address that ends in ``/doi/…/10.1000/xyz``.

    Returns
    -------
    DoiReading
        With the bare DOI. Its case is kept: DOIs are compared without regard to case
        (DOI Handbook, 2.4), so any case is right. See `doi_key`.
    """
    doi = _bare_doi(text)
    if doi is None:
        return DoiReading(doi=None, problem="unreadable")
    return DoiReading(doi=doi, problem=None if doi == text else "spelling")


def doi_key(doi: str) -> str:
    """Give the key under which two spellings of one DOI are equal.

    Parameters
    ----------
    doi : str
        A bare DOI.

    Returns
    -------
    str
        The DOI in lower case.
    """
    return doi.lower()


def doi_stem(doi: str) -> str | None:
    """Give the DOI without a trailing hyphen and number, which a spreadsheet may have added.

    Dragging a cell down makes ``-0``, ``-1``, … of a text. Many DOIs end like that by right
    (Springer's check digit does), so a stem means something only where it stands in the same
    table too.

    Parameters
    ----------
    doi : str
        A bare DOI.

    Returns
    -------
    str or None
        The stem; None where there is no such ending or nothing valid is left.
    """
    match = _STEM.fullmatch(doi)
    return match[1] if match and _DOI.fullmatch(match[1]) else None


def read_url(text: str) -> UrlReading:
    """Read a web address: http or https, a host with a dot, no blanks.

    Parameters
    ----------
    text : str
        One cell, as it stands.

    Returns
    -------
    UrlReading
        A missing ``https://`` is not added: it may be another scheme.
    """
    url = text.translate(_INVISIBLE).strip()
    match = _address(url)
    if match is None or match["scheme"] is None:
        return UrlReading(url=None, problem="unreadable")
    return UrlReading(url=url, problem=None if url == text else "spelling")


@lru_cache(maxsize=4096)
def canonical_url(url: str) -> str:
    """Give the key under which two addresses of one page are equal.

    Parameters
    ----------
    url : str
        An address, with or without its scheme.

    Returns
    -------
    str
        Host in lower case without ``www.``, path, and the query that names the page. No scheme,
        no fragment. Empty where `url` is no address: such texts are not equal to each other.
    """
    bare = url.translate(_INVISIBLE).strip()
    match = _address(bare)
    if match is None:
        return ""
    key = _host(match) + _path(match["path"] or "") + _query(match["query"] or "")
    for pattern, replacement in _SAME_PAGE:
        if page := pattern.fullmatch(key):
            return page.expand(replacement)
    if _RESOLVER.match(key) and (doi := read_doi(key).doi):
        return f"doi.org/{_escaped(doi_key(doi), '?#').rstrip(_TRAILING + '/')}"
    return key


def host_of(url: str) -> str:
    """Give the host that `canonical_url` gives, several times as fast for most addresses.

    Parameters
    ----------
    url : str
        An address, with or without its scheme.

    Returns
    -------
    str
        Such as ``"radiopaedia.org"``; ``"doi.org"`` where a resolver is asked. Empty where `url` is
        no address.
    """
    plain = _PLAIN.match(url)
    if plain and len(url) <= _LONGEST and not plain[1].endswith(_MOVING):
        return _LAYOUT_HOST.sub("", plain[1])
    return canonical_url(url).partition("/")[0]


def is_case_page(url: str) -> bool:
    """Tell whether an address is that of one published case, not of a paper or a collection.

    Parameters
    ----------
    url : str
        An address, with or without its scheme.

    Returns
    -------
    bool
        True for a page of a known case database. Such a page is about one patient as a rule, but
        not always: a few Eurorad cases report a family, so sex and age must be looked at before
        two patient ids on one page are called an error.
    """
    return _CASE_PAGES.fullmatch(canonical_url(url)) is not None


def _address(text: str) -> re.Match[str] | None:
    if len(text) > _LONGEST or _NOT_IN_URL.search(text):
        return None
    return _URL.fullmatch(text)


def _bare_doi(text: str) -> str | None:
    if len(text) > _LONGEST:
        return None
    plain = _unwrapped(text.translate(_INVISIBLE))
    if match := _PUBLISHER.fullmatch(plain):
        plain = match[1]
    plain = _without_resolver(plain)
    decoded = _unwrapped(_decoded(plain))
    if _DOI.fullmatch(decoded) is None or _SECOND_DOI.search(decoded):
        return None
    return decoded


def _without_resolver(plain: str) -> str:
    """Take off labels and resolvers, in whatever order they were pasted before the DOI."""
    while match := _RESOLVER.match(plain) or _LABEL.match(plain):
        plain = plain[match.end() :]
        if match.re is _RESOLVER:
            # In an address a "?" or "#" of the DOI itself would have been escaped.
            plain = re.split(r"[?#]", plain, maxsplit=1)[0].rstrip("/")
    return plain


def _unwrapped(text: str) -> str:
    """Take off blanks, brackets and quotes around a text, and the full stop of a sentence."""
    while True:
        inner = text.strip().rstrip(_TRAILING)
        if len(inner) > 1 and _WRAPPERS.get(inner[0]) == inner[-1]:
            inner = inner[1:-1]
        if inner == text:
            return text
        text = inner


def _decoded(text: str) -> str:
    """Undo percent-encoding until none is left, so that decoding again changes nothing."""
    while (decoded := unquote(text).translate(_INVISIBLE)) != text:
        text = decoded
    return text


def _escaped(text: str, reserved: str) -> str:
    """Escape what would be read otherwise the next time: blanks, "%" and `reserved`."""
    return re.sub(rf"[\s\x00-\x1f\x7f%{reserved}]", lambda match: quote(match[0], safe=""), text)


def _host(match: re.Match[str]) -> str:
    host = _LAYOUT_HOST.sub("", match["host"].lower())
    port = match["port"]
    return host if port is None or port in _DEFAULT_PORTS else f"{host}:{port}"


def _path(path: str) -> str:
    # Springer writes the slash of a DOI as it is and as %2F, the Lancet brackets likewise.
    return _escaped(_decoded(path), "?#").rstrip("/")


def _query(query: str) -> str:
    parts = map(_decoded, query.split("&"))
    named = (part for part in parts if part and not _is_presentation(part))
    kept = sorted(_escaped(part, "&#") for part in named)
    return f"?{'&'.join(kept)}" if kept else ""


def _is_presentation(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in _PRESENTATION or name.startswith("utm_")
