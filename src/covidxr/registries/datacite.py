"""DataCite: what a repository has registered with a DOI (Zenodo, figshare and others)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from covidxr.registry import Answer, Registry, ask, at, found, items, text, useless

if TYPE_CHECKING:
    from covidxr.registry import Desk

registry = Registry(
    key="datacite",
    title="DataCite",
    hosts=("api.datacite.org",),
    # A thousand in five minutes, with an address.
    delay_seconds=0.34,
    knows="title and rights of what a repository has published",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """What DataCite says of one DOI.

    Parameters
    ----------
    doi, title, publisher, published : str
        Empty where it does not say.
    rights : tuple of str
        Addresses, or SPDX ids where there is no address.
    """

    doi: str
    title: str = ""
    publisher: str = ""
    published: str = ""
    rights: tuple[str, ...] = ()


def deposit(doi: str, http: Desk, email: str = "") -> Answer[Deposit]:
    """Ask for the deposit of a DOI; absent where DataCite has none."""
    mailto = f"?mailto={quote(email, safe='@')}" if email else ""
    url = f"https://api.datacite.org/dois/{quote(doi, safe='')}{mailto}"
    page = ask(http, url, gone="DataCite has no such DOI")
    if isinstance(page, Answer):
        return page
    try:
        value = at(json.loads(page.text), "data", "attributes")
    except (ValueError, RecursionError):
        return useless(http, url, "DataCite gives no JSON")
    if not text(value, "doi"):
        return useless(http, url, "DataCite gives no deposit")
    rights = [
        text(each, "rightsUri") or text(each, "rightsIdentifier")
        for each in items(value, "rightsList")
    ]
    first = next(iter(items(value, "titles")), None)
    return found(
        Deposit(
            doi=text(value, "doi"),
            title=text(first, "title"),
            publisher=text(value, "publisher", "name") or text(value, "publisher"),
            published=text(value, "publicationYear"),
            rights=tuple(filter(None, rights)),
        )
    )
