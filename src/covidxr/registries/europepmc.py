"""Europe PMC: a second opinion on an article, its XML where it is open, and the search."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from covidxr.identifiers import doi_key
from covidxr.registry import Answer, Registry, ask, at, found, items, number, text, useless
from covidxr.sourcing import Kind, Page

if TYPE_CHECKING:
    from covidxr.cases import Json
    from covidxr.registry import Desk

registry = Registry(
    key="europepmc",
    title="Europe PMC",
    hosts=("www.ebi.ac.uk",),
    # About ten a second are allowed; half of that is asked.
    delay_seconds=0.2,
    knows="a second opinion on licence, id and retraction; the XML where it is open; the search",
    seen="2026-09",
)

_REST = "https://www.ebi.ac.uk/europepmc/webservices/rest"
MOST_RESULTS = 1000
"""Results on one page (Europe PMC's own limit)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What Europe PMC says of one article.

    Parameters
    ----------
    doi, pmcid, pmid, title, journal, published, abstract : str
        Empty where it does not say; `published` is ISO 8601 as far as known.
    licence : str
        Lower case, ``"cc by-nc"``; empty where it has none, which proves nothing.
    open_access : bool or None
        Whether it counts to the open-access subset.
    manuscript : bool or None
        Whether it is an author's manuscript.
    kinds : tuple of str
        Publication types, ``"case-report"``.
    retracted : bool
        Whether a retraction of it is known.
    preprint : bool
        Whether it is a preprint.
    in_pmc : bool
        Whether full text is at PubMed Central.
    """

    doi: str = ""
    pmcid: str = ""
    pmid: str = ""
    title: str = ""
    journal: str = ""
    published: str = ""
    abstract: str = ""
    licence: str = ""
    open_access: bool | None = None
    manuscript: bool | None = None
    kinds: tuple[str, ...] = ()
    retracted: bool = False
    preprint: bool = False
    in_pmc: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """One page of a search.

    Parameters
    ----------
    entries : tuple of Entry
        In the order of the page.
    total : int
        How many there are in all.
    cursor : str
        What to ask the next page with; empty at the end.
    """

    entries: tuple[Entry, ...]
    total: int
    cursor: str = ""


def entry(doi: str, http: Desk) -> Answer[Entry]:
    """Ask for the entry of a DOI.

    Never absent: under load an empty list comes for DOIs that it has.
    """
    url = _search_url(f'DOI:"{_quoted(doi)}"')
    page = ask(http, url)
    if isinstance(page, Answer):
        return page
    entries, why = _entries(page)
    same = [each for each in entries if doi_key(each.doi) == doi_key(doi)]
    if same:
        return found(_united(same))
    return useless(http, url, why or "Europe PMC lists no such DOI")


def entries(dois: tuple[str, ...], http: Desk) -> dict[str, Entry]:
    """Ask for several DOIs at once; what is not among them is not known."""
    url = _search_url(" OR ".join(f'DOI:"{_quoted(doi)}"' for doi in dois), size=len(dois) * 2)
    page = ask(http, url)
    if isinstance(page, Answer):
        return {}
    known: dict[str, list[Entry]] = {}
    for each in _entries(page)[0]:
        known.setdefault(doi_key(each.doi), []).append(each)
    given = {doi: _united(known[doi_key(doi)]) for doi in dois if doi_key(doi) in known}
    if len(given) < len(dois):
        http.forget(url)
    return given


def _united(entries: list[Entry]) -> Entry:
    """Take the first of several records of one DOI; what any of them takes back counts."""
    return replace(entries[0], retracted=any(each.retracted for each in entries))


def full_text(pmcid: str, http: Desk) -> Answer[Page]:
    """Fetch the XML of an open article; ask only for those that are open, the others give 500."""
    url = f"{_REST}/{pmcid}/fullTextXML"
    page = ask(http, url, kind=Kind.XML, gone=f"Europe PMC has no XML of {pmcid}")
    if isinstance(page, Answer):
        return page
    if b"<article" not in page.body[:20_000]:
        return useless(http, url, f"{url} gives no article")
    return found(page)


def search(query: str, http: Desk, *, cursor: str = "*", size: int = 100) -> Answer[Results]:
    """Ask for one page of a search.

    Parameters
    ----------
    query : str
        In Europe PMC's own language.
    http : Desk
        Where to ask.
    cursor : str
        ``"*"`` for the first page, then what the page before gave.
    size : int
        Results on a page, 1 to `MOST_RESULTS`.
    """
    url = f"{_search_url(query, size=size)}&cursorMark={quote(cursor, safe='')}"
    page = ask(http, url)
    if isinstance(page, Answer):
        return page
    entries_, why = _entries(page)
    if why:
        return useless(http, url, why)
    reply = json.loads(page.text)
    total = text(reply, "hitCount")
    following = text(reply, "nextCursorMark")
    if not entries_ and (total not in {"", "0"} or cursor != "*") and following != cursor:
        return useless(http, url, "Europe PMC counts results and lists none")
    if not entries_:
        # Under load it says so of what it has: it is asked anew the next time.
        http.forget(url)
    end = not entries_ or following == cursor
    return found(
        Results(
            entries=entries_,
            total=number(reply, "hitCount"),
            cursor="" if end else following,
        )
    )


def _search_url(query: str, *, size: int = 25) -> str:
    return (
        f"{_REST}/search?query={quote(query, safe=':')}&resultType=core&format=json&pageSize={size}"
    )


def _quoted(doi: str) -> str:
    return doi.replace("\\", "").replace('"', "")


def _entries(page: Page) -> tuple[tuple[Entry, ...], str]:
    """Read the results of a reply, or say why it is none."""
    try:
        reply = json.loads(page.text)
    except (ValueError, RecursionError):
        return (), "Europe PMC gives no JSON"
    if said := text(reply, "errMsg"):
        return (), f"Europe PMC says: {said}"
    if not isinstance(at(reply, "resultList"), dict):
        return (), "Europe PMC gives no list of results"
    return tuple(_entry(each) for each in items(reply, "resultList", "result")), ""


def _entry(value: Json) -> Entry:
    kinds = items(value, "pubTypeList", "pubType") or [text(value, "pubTypeList", "pubType")]
    names = tuple(filter(None, (text(each) for each in kinds)))
    pmcid = text(value, "pmcid").upper()
    return Entry(
        doi=text(value, "doi"),
        pmcid=pmcid if pmcid.startswith("PMC") else "",
        pmid=text(value, "pmid"),
        title=text(value, "title").removesuffix("."),
        journal=text(value, "journalInfo", "journal", "title"),
        published=text(value, "firstPublicationDate") or text(value, "pubYear"),
        abstract=text(value, "abstractText"),
        licence=text(value, "license").lower(),
        open_access=_yes(text(value, "isOpenAccess")),
        manuscript=_yes(text(value, "authMan")),
        kinds=names,
        retracted=_is_retracted(value, names),
        preprint=text(value, "source") == "PPR" or "preprint" in {each.lower() for each in names},
        in_pmc=_yes(text(value, "inPMC")) is True or bool(pmcid),
    )


def _yes(value: str) -> bool | None:
    return {"Y": True, "N": False}.get(value.upper())


def _is_retracted(value: Json, kinds: tuple[str, ...]) -> bool:
    if any(each.lower() == "retracted publication" for each in kinds):
        return True
    corrections = items(value, "commentCorrectionList", "commentCorrection")
    return any(text(each, "type").lower() == "retraction in" for each in corrections)
