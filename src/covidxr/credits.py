"""Credit lines: who is to be named for an image, in the form that its source asks for.

This module owns how a credit is found or made of what a row and its line of provenance say. A name
that neither gives is never made up: what is missing is said. It opens no file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from covidxr import identifiers
from covidxr.licences import LICENCES, read_licence
from covidxr.plugins import discover
from covidxr.sourcing import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.provenance import Ledger, Line
    from covidxr.table import Row

SOURCES = "covidxr.sources"
"""The package whose plug-ins say how their sites want to be credited."""

PAPER = "Papers, by DOI"
"""Source of what has a DOI and no page of a site that is known here."""

NOWHERE = "No source named"
"""Source of what neither a DOI nor an address says."""

AUTHOR, SOURCE, LICENCE = "author", "source", "licence"
"""What a credit can lack."""

# How curators of 2020 and sources themselves begin a credit; what follows is who is named.
_NOTED = re.compile(
    r"(?P<opening>\b(?:credits? to|(?:(?:case|cases|images?|figures?|pictures?) )?courtesy of)"
    r"|\u00a9|\(c\)(?=\s))\s*(?P<names>[^|\r\n]+)",
    re.IGNORECASE,
)
# Creative Commons asks to say whether the work was changed (CC BY 4.0, section 3(a)(1)(B)).
_CHANGED = re.compile(
    r"\b(?:cut out of|taken out of the article's|cropped|resized|rescaled|de-identified)\b",
    re.IGNORECASE,
)
_SENTENCE_ENDS = re.compile(r"[.|\r\n]")
_FIELD = re.compile(r"\{([a-z]+)\}")
# Fields of a credit sentence that are one word; the others are words up to what follows.
_ONE_WORD = frozenset({"rid", "number"})
_LAST_NUMBER = re.compile(r"[0-9]+(?=[^0-9]*\Z)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """The credit of one image.

    Parameters
    ----------
    path : str
        The image's file, relative to the collection's root.
    row : int
        Position of its row.
    source : str
        The site's name, `PAPER`, a host, or `NOWHERE`: what credits are grouped by.
    text : str
        The credit line; empty where nothing says whom to name and where the image comes from.
    form : str
        Where it comes from: ``"provenance"``, ``"source"`` (the site's sentence, filled in),
        ``"note"`` (a curator's words), ``"doi"``, ``"page"`` (the address alone); empty where
        `text` is.
    url : str
        Where the image was published; empty where neither address nor DOI is given.
    licence : str
        SPDX id, or the cell's own words where they name none; empty where it is blank.
    licence_url : str
        Where its text stands; empty where that is not known.
    changes : str
        What was changed, as far as anything says so; empty does not mean that nothing was.
    missing : tuple of str
        Of `AUTHOR`, `SOURCE` and `LICENCE` those that nothing says.
    """

    path: str
    row: int
    source: str
    text: str
    form: str
    url: str
    licence: str
    licence_url: str
    changes: str
    missing: tuple[str, ...] = ()


def credits(  # noqa: A001 - the word for them; nobody needs the interpreter's own
    dataset: Dataset, ledger: Ledger | None = None
) -> tuple[Credit, ...]:
    """Give the credit of every row that names a file, in the order of the table.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    ledger : Ledger, optional
        Its ``provenance.csv``; without one, credits are made of the rows alone.

    Raises
    ------
    CollectionError
        If the ledger is damaged.
    """
    accepted = ledger.accepted if ledger is not None else {}
    return tuple(
        credit(row, accepted.get(row["filename"])) for row in dataset.rows if row["filename"]
    )


def credit(row: Row, line: Line | None = None) -> Credit:
    """Give the credit of one row's image.

    Parameters
    ----------
    row : Row
        The row.
    line : Line, optional
        The line of provenance with which its file came; its credit goes first.
    """
    url = row["url"] or (line.page_url if line else "")
    doi = identifiers.read_doi(row["doi"] or (line.doi if line else "")).doi or ""
    notes = row["other_notes"]
    text, form, named = _line(line.credit.strip() if line else "", notes, url, doi)
    licence, licence_url = _licence(row["license"], line)
    lacking = {AUTHOR: not named, SOURCE: not (url or doi), LICENCE: not licence}
    return Credit(
        path=row.path,
        row=row.index,
        source=_group(url, doi),
        text=text,
        form=form,
        url=url or (f"https://doi.org/{doi}" if doi else ""),
        licence=licence,
        licence_url=licence_url,
        changes=changes_in(text) or changes_in(notes),
        missing=tuple(what for what, lacks in lacking.items() if lacks),
    )


def changes_in(text: str) -> str:
    """Give what a text says was changed in the picture; empty where it says nothing."""
    if _CHANGED.search(text) is None:
        return ""
    found, start = [], 0
    for stop in [*(match.end() for match in _SENTENCE_ENDS.finditer(text)), len(text)]:
        sentence, start = text[start:stop].strip(" |\r\n"), stop
        if _CHANGED.search(sentence):
            found.append(sentence)
    return " ".join(found)


def _line(said: str, notes: str, url: str, doi: str) -> tuple[str, str, bool]:
    """Give the words, where they come from, and whether they name somebody or a work."""
    if said:
        return said, "provenance", True
    site = _site(url)
    found = _noted(notes, site, url)
    if found is not None:
        return (*found, True)
    if site is not None and site.terms.credit and not _FIELD.search(site.terms.credit):
        return site.terms.credit, "source", True
    if doi:
        return f"https://doi.org/{doi}", "doi", True
    return (_of_page(site, url), "page", False) if url else ("", "", False)


def _of_page(site: Source | None, url: str) -> str:
    """Name a page where nothing says whose it is."""
    if site is not None and site.terms.attribution:
        return _filled(site.terms.attribution, "", url)
    return f"{site.title if site else _host(url)}, {url}"


def _noted(notes: str, site: Source | None, url: str) -> tuple[str, str] | None:
    """Find a credit in a curator's words: the site's own sentence before any other."""
    if not notes:
        return None
    if site is not None and site.terms.credit and (pattern := _sentence(site.terms.credit)):
        match = pattern.search(notes)
        if match is not None:
            fields = {name: text.strip() for name, text in match.groupdict().items()}
            return site.terms.credit.format(**fields), "source"
    match = _NOTED.search(notes)
    if match is None:
        return None
    names = match["names"].strip().rstrip(".")
    if site is not None and site.terms.attribution:
        return _filled(site.terms.attribution, names, url), "source"
    return match[0].strip(), "note"


@lru_cache(maxsize=64)
def _sentence(template: str) -> re.Pattern[str] | None:
    """Make a pattern that finds a site's sentence with its fields filled in."""
    parts = _FIELD.split(template)
    if len(parts) == 1:
        return None
    texts, names = parts[::2], parts[1::2]
    pattern = re.escape(texts[0])
    for name, text in zip(names, texts[1:], strict=True):
        # Nothing that is longer is a name, and a search must end soon.
        words = r"\w+" if name in _ONE_WORD else r"[^|\r\n]{1,400}" + ("?" if text else "")
        pattern += rf"(?P<{name}>{words}){re.escape(text)}"
    return re.compile(pattern.replace(r"\ ", r"\s{1,3}"), re.IGNORECASE)


def _filled(template: str, authors: str, url: str) -> str:
    """Fill in who is named and the number of the case; what is not known goes, comma and all."""
    number = _LAST_NUMBER.search(urlsplit(url).path)
    text = template.format(authors=authors, number=number[0] if number else "")
    return text.strip(" .,") if not authors else text.strip(" ,")


def _licence(cell: str, line: Line | None) -> tuple[str, str]:
    spdx = read_licence(cell).spdx
    if spdx in LICENCES:
        return spdx or "", LICENCES[spdx or ""].url
    if spdx is not None:
        return spdx, (line.license_url if line else "") or "LICENSES.md"
    return cell, ""


def _group(url: str, doi: str) -> str:
    site = _site(url)
    if site is not None:
        return site.title
    if doi:
        return PAPER
    return _host(url) or NOWHERE


@lru_cache(maxsize=65536)  # a table names one page in many rows
def _host(url: str) -> str:
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return url
    return host.removeprefix("www.")


@lru_cache(maxsize=65536)
def _site(url: str) -> Source | None:
    """Find the site that a page belongs to, whichever page of it that is."""
    host = _host(url)
    return next((each for each in _sites() if host and host in _hosts(each)), None)


@lru_cache(maxsize=64)
def _hosts(site: Source) -> frozenset[str]:
    return frozenset(host.removeprefix("www.") for host in site.hosts)


@lru_cache(maxsize=1)
def _sites() -> tuple[Source, ...]:
    return tuple(discover(SOURCES, Source).values())


def grouped(found: tuple[Credit, ...]) -> Iterator[tuple[str, list[Credit]]]:
    """Yield sources by name, those without a name last, each with its credits in order."""
    by_source: dict[str, list[Credit]] = {}
    for each in found:
        by_source.setdefault(each.source, []).append(each)
    last = (PAPER, NOWHERE)
    for source in sorted(
        by_source,
        key=lambda name: (last.index(name) + 1 if name in last else 0, name.casefold(), name),
    ):
        yield source, by_source[source]
