"""What a PDF says of itself: its DOI, its title and its licence, out of its words and links.

This module owns how these are told from other DOIs and addresses in a paper. It opens nothing, and
it leaves blank what is said twice in two ways.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.identifiers import doi_key, read_doi

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Texts of pages and of metadata are looked at as far as this: a page of a paper has 9,000
# characters, and the longest XMP packet of 170 papers had 40,000.
_LONGEST = 200_000

_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>|\\^`{}]{1,200}")
_AFTER_DOI = ".,;:)]}'\u2019\u201d"
# Elements and attributes of XMP that hold the DOI of the file itself (PRISM 3.0, Dublin Core, and
# what Crossmark asks publishers for).
_XMP_DOI = re.compile(
    r"<(?:[a-z]{1,20}:)?(?:doi|identifier|wps-articledoi)\b[^<>]{0,200}>\s{0,50}([^<>]{1,300})<"
    r"|\b(?:prism|pdfx|crossmark):doi\s?=\s?[\"']([^\"'<>]{1,300})[\"']",
    re.IGNORECASE,
)
_OWN_KEYS = ("doi", "wps-articledoi", "identifier", "subject", "title", "keywords")
_DOI_LINK = re.compile(
    r"https?://(?:(?:dx\.|www\.)?doi\.org/|crossmark\.crossref\.org/dialog/?\?doi=)", re.IGNORECASE
)

_LICENCE = re.compile(
    r"creativecommons\.org/(?:licenses/(?P<kind>by(?:-nc)?(?:-nd|-sa)?)|publicdomain/(?P<free>zero|mark))"
    r"/(?P<version>[1-4]\.[0-9])(?P<port>/igo)?",
    re.IGNORECASE,
)
_NAMES_LICENCE = re.compile(r"creative\s+commons|\bCC[\s-]BY\b|\bCC0\b", re.IGNORECASE)
# A sentence ends at a full stop before a capital; addresses and "4.0" have none.
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\u00a9(])")
_LONGEST_SENTENCE = 1000
_BEFORE = 200

# Titles that programs put in where nobody named one: file names, "untitled", numbers.
_NO_TITLE = re.compile(
    r"(?:untitled|microsoft word|powerpoint|slide|layout|title)\b.*|\S*"
    r"|.*\.(?:docx?|pdf|indd|tex|qxd|qxp|rtf|fm|xml|dvi|ps)\s*|[\W\d_]*",
    re.IGNORECASE | re.DOTALL,
)


def title_of(info: Mapping[str, str]) -> str:
    """Give the title that the file's own data name; empty where it is no title.

    Parameters
    ----------
    info : mapping of str to str
        The document information dictionary.
    """
    title = " ".join(info.get("Title", "")[:1000].split())
    return "" if _NO_TITLE.fullmatch(title) else title


def doi_of(info: Mapping[str, str], xmp: str, links: Iterable[str], text: str) -> str:
    """Give the DOI of a paper.

    Parameters
    ----------
    info : mapping of str to str
        The document information dictionary.
    xmp : str
        The XMP packet; may be empty.
    links : iterable of str
        Addresses that the first page links to.
    text : str
        Words of the first page.

    Returns
    -------
    str
        Bare; empty where there is none, or where the first that names any names several.
    """
    own = [value for key, value in info.items() if key.lower().lstrip("/") in _OWN_KEYS]
    own += [" ".join(filter(None, match)) for match in _XMP_DOI.findall(xmp[:_LONGEST])]
    linked = [each for link in links if _DOI_LINK.match(link) for each in _dois_in(link)]
    for found in (
        [each for value in own for each in _dois_in(value)],
        # A DOI that is broken at the end of a line is the beginning of the one in the link.
        linked + [each for each in _dois_in(text) if not _begins(each, linked)],
    ):
        if found:
            one = {doi_key(each): each for each in reversed(found)}
            return next(iter(one.values())) if len(one) == 1 else ""
    return ""


def licence_urls_of(links: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Give the addresses of Creative Commons licences, each once.

    Parameters
    ----------
    links : iterable of str
        Addresses that pages link to.
    texts : iterable of str
        Words of pages. Addresses that go over lines are put together.

    Returns
    -------
    tuple of str
        In the form that Creative Commons gives them.
    """
    found: dict[str, None] = {}
    for text in (*links, *texts):
        for match in _LICENCE.finditer("".join(text[:_LONGEST].split())):
            found[_address(match)] = None
    return tuple(found)


def licence_words_of(texts: Iterable[str]) -> str:
    """Give the first sentence that names a Creative Commons licence; empty where none does.

    Parameters
    ----------
    texts : iterable of str
        Texts in the order that they are believed in.
    """
    for text in texts:
        for sentence in _SENTENCE_END.split(" ".join(text[:_LONGEST].split())):
            match = _NAMES_LICENCE.search(sentence)
            if match:
                # Words that stand apart on the page, such as a journal's name, end in no stop.
                begin = sentence.rfind("This ", 0, match.start())
                start = begin if begin >= 0 else max(0, match.start() - _BEFORE)
                return sentence[start : start + _LONGEST_SENTENCE].strip()
    return ""


def _dois_in(text: str) -> list[str]:
    """Give the bare DOIs of a text, without what a sentence puts behind them."""
    found = []
    for match in _DOI.finditer(text[:_LONGEST]):
        whole = match[0].split("&domain=")[0].rstrip(_AFTER_DOI)
        doi = read_doi(whole).doi
        # One that ends so was broken at the end of a line.
        if doi and doi[-1] not in "-/_":
            found.append(doi)
    return found


def _begins(doi: str, others: Iterable[str]) -> bool:
    return any(doi_key(other).startswith(doi_key(doi)) for other in others)


def _address(match: re.Match[str]) -> str:
    kind = match["kind"]
    folder = f"licenses/{kind}" if kind else f"publicdomain/{match['free']}"
    port = match["port"] or ""
    return f"https://creativecommons.org/{folder}/{match['version']}{port}/".lower()
