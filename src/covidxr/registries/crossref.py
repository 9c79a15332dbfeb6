"""Crossref: what a publisher has registered with a DOI, its licence above all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from covidxr.registry import Answer, Registry, ask, at, found, items, text, useless

if TYPE_CHECKING:
    import datetime as dt

    from covidxr.cases import Json
    from covidxr.registry import Desk

registry = Registry(
    key="crossref",
    title="Crossref",
    hosts=("api.crossref.org",),
    # Single works: five a second in the public pool, ten in the polite one (since December 2025).
    delay_seconds=0.2,
    knows="title, journal and licence of what is not in PubMed Central; corrections of it",
    seen="2026-06",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What Crossref says of one DOI.

    Parameters
    ----------
    doi, title, journal, kind, published : str
        Empty where it does not say.
    licences : tuple of (str, str)
        Address and version, ``"vor"`` or ``"unspecified"``, of each Creative Commons licence that
        holds for the published article on that day; other entries clear nothing.
    other_licences : tuple of str
        Addresses of all other entries.
    retracted : bool
        Whether a retraction is registered.
    preprint : bool
        Whether it is registered as one.
    published_as : str
        DOI of the article that a preprint became; may be empty.
    """

    doi: str
    title: str = ""
    journal: str = ""
    kind: str = ""
    published: str = ""
    licences: tuple[tuple[str, str], ...] = ()
    other_licences: tuple[str, ...] = ()
    retracted: bool = False
    preprint: bool = False
    published_as: str = ""


def work(doi: str, http: Desk, *, today: dt.date, email: str = "") -> Answer[Work]:
    """Ask for the work of a DOI.

    Parameters
    ----------
    doi : str
        Bare.
    http : Desk
        Where to ask.
    today : datetime.date
        A licence that begins later does not hold yet.
    email : str
        Of the curator, for the polite pool; may be empty.

    Returns
    -------
    Answer of Work
        Absent where Crossref has no such DOI; another agency may have it.
    """
    mailto = f"?mailto={quote(email, safe='@')}" if email else ""
    url = f"https://api.crossref.org/works/{quote(doi, safe='')}{mailto}"
    page = ask(http, url, gone="Crossref has no such DOI")
    if isinstance(page, Answer):
        return page
    try:
        value = at(json.loads(page.text), "message")
    except (ValueError, RecursionError):
        return useless(http, url, "Crossref gives no JSON")
    if not text(value, "DOI"):
        return useless(http, url, "Crossref gives no work")
    return found(_work(value, today))


def _work(value: Json, today: dt.date) -> Work:
    good, other = [], []
    for each in items(value, "license"):
        address, version = text(each, "URL"), text(each, "content-version")
        if (
            "creativecommons.org/" in address.lower()
            and version in {"vor", "unspecified"}
            and _holds(each, today)
        ):
            good.append((address, version))
        elif address:
            other.append(f"{address} ({version})" if version else address)
    return Work(
        doi=text(value, "DOI"),
        title=text(value, "title"),
        journal=text(value, "container-title"),
        kind=text(value, "type"),
        published=_day(at(value, "issued")),
        licences=tuple(dict.fromkeys(good)),
        other_licences=tuple(dict.fromkeys(other)),
        retracted=any(
            text(each, "type").lower() in {"retraction", "withdrawal", "removal"}
            for each in items(value, "updated-by")
        ),
        preprint=text(value, "subtype") == "preprint",
        published_as=text(next(iter(items(value, "relation", "is-preprint-of")), None), "id"),
    )


def _holds(licence: Json, today: dt.date) -> bool:
    """Whether a licence holds on a day: from the beginning, or since a day that has passed."""
    if text(licence, "delay-in-days") in {"", "0"}:
        return True
    start = _day(at(licence, "start"))
    return bool(start) and start <= today.isoformat()


def _day(value: Json) -> str:
    """Read ``date-parts``, of which any may be missing or null."""
    parts = items(value, "date-parts")
    first = parts[0] if parts and isinstance(parts[0], list) else []
    numbers: list[int] = []
    for part in first[:3]:
        if not isinstance(part, int) or isinstance(part, bool) or part < 1:
            break
        numbers.append(part)
    if not numbers:
        return ""
    return "-".join(
        f"{number:04}" if place == 0 else f"{number:02}" for place, number in enumerate(numbers)
    )
