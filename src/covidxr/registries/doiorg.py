"""doi.org: which agency has registered a DOI, and whether it exists at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from covidxr.registry import Answer, Registry, absent, ask, found, text, useless

if TYPE_CHECKING:
    from covidxr.registry import Desk

registry = Registry(
    key="doiorg",
    title="doi.org",
    hosts=("doi.org",),
    delay_seconds=0.2,
    knows="which agency registered a DOI, and whether there is such a DOI",
    seen="2026-09",
)


def agency(doi: str, http: Desk) -> Answer[str]:
    """Ask who registered a DOI.

    Parameters
    ----------
    doi : str
        Bare.
    http : Desk
        Where to ask.

    Returns
    -------
    Answer of str
        ``"Crossref"``, ``"DataCite"``, another agency's name; absent where there is no such DOI.
    """
    url = f"https://doi.org/doiRA/{quote(doi, safe='/')}"
    page = ask(http, url)
    if isinstance(page, Answer):
        return page
    try:
        records = json.loads(page.text)
    except (ValueError, RecursionError):
        return useless(http, url, f"{url} gives no JSON")
    record = records[0] if isinstance(records, list) and records else records
    if name := text(record, "RA"):
        return found(name)
    if "not exist" in (status := text(record, "status").lower()) or "invalid" in status:
        return absent(f"doi.org: {text(record, 'status')}")
    return useless(http, url, f"{url} names no agency")
