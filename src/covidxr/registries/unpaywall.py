"""Unpaywall: where a free copy of an article is, and under which licence."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Never
from urllib.parse import quote

from covidxr.errors import FetchError, GoneError, SourceStoppedError
from covidxr.registry import Answer, Registry, absent, at, found, inconclusive, items, text, useless
from covidxr.sourcing import Kind, Page

if TYPE_CHECKING:
    from covidxr.cases import Json
    from covidxr.registry import Desk

registry = Registry(
    key="unpaywall",
    title="Unpaywall",
    hosts=("api.unpaywall.org",),
    # 100,000 a day are allowed.
    delay_seconds=0.2,
    needs_email=True,
    knows="where a free copy is, as PDF, and under which licence",
    seen="2026-09",
)

NEEDS_EMAIL = (
    'Unpaywall demands an e-mail address: set `contact = "mailto:you@your.org"` below [http] in '
    "covidxr.toml"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """One free copy.

    Parameters
    ----------
    host : str
        ``"publisher"`` or ``"repository"``.
    version : str
        ``"publishedVersion"``, ``"acceptedVersion"``, ``"submittedVersion"``.
    licence : str
        ``"cc-by-nc-nd"``; empty where none is known.
    pdf : str
        Address of the PDF; may be empty.
    """

    host: str = ""
    version: str = ""
    licence: str = ""
    pdf: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """Every free copy that is known.

    Parameters
    ----------
    title : str
        Of the article.
    status : str
        ``"gold"``, ``"hybrid"``, ``"bronze"`` (readable, no licence), ``"green"``, ``"closed"``.
    locations : tuple of Location
        In Unpaywall's order, best first.
    """

    title: str = ""
    status: str = ""
    locations: tuple[Location, ...] = ()


def copies(doi: str, http: Desk, email: str) -> Answer[Copies]:
    """Ask for the free copies of a DOI.

    Parameters
    ----------
    doi : str
        Bare.
    http : Desk
        Where to ask.
    email : str
        Of the curator; without it nothing is asked, and the answer says what to do.
    """
    if not email:
        return inconclusive(NEEDS_EMAIL)
    url = f"https://api.unpaywall.org/v2/{quote(doi, safe='/')}?email={quote(email, safe='@')}"
    page = _asked(url, http, email)
    if isinstance(page, Answer):
        return page
    try:
        value = json.loads(page.text)
    except (ValueError, RecursionError):
        return useless(http, url, "Unpaywall gives no JSON")
    if at(value, "error") is True or not text(value, "doi"):
        return useless(http, url, f"Unpaywall says: {text(value, 'message') or 'nothing'}")
    return found(
        Copies(
            title=text(value, "title"),
            status=text(value, "oa_status"),
            locations=tuple(map(_location, items(value, "oa_locations"))),
        )
    )


def _asked(url: str, http: Desk, email: str) -> Page | Answer[Never]:
    try:
        return http.get(url, kind=Kind.RECORD)
    except GoneError:
        return absent("Unpaywall has no such DOI")
    except FetchError as problem:
        if problem.status == 422:  # noqa: PLR2004 - what it answers to an address it does not take
            return inconclusive(f"{NEEDS_EMAIL} (it does not take {email!r})")
        return inconclusive(str(problem))
    except SourceStoppedError as problem:
        return inconclusive(str(problem))


def _location(value: Json) -> Location:
    pdf = text(value, "url_for_pdf")
    return Location(
        host=text(value, "host_type"),
        version=text(value, "version"),
        licence=text(value, "license").lower(),
        pdf=pdf if pdf.startswith("https://") else "",
    )
