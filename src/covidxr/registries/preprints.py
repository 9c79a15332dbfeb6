"""medRxiv and bioRxiv: the licence of a preprint, and the article that it became."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from covidxr.registry import (
    Answer,
    Registry,
    State,
    absent,
    ask,
    found,
    items,
    number,
    text,
    useless,
)

if TYPE_CHECKING:
    from covidxr.registry import Desk

registry = Registry(
    key="preprints",
    title="medRxiv and bioRxiv",
    hosts=("api.biorxiv.org",),
    # No rate is published; one in three seconds is what others were never refused at.
    delay_seconds=3.0,
    knows="the licence of a preprint, and the article that it became",
    seen="2026-09",
)

PREFIX = "10.1101/"
_SERVERS = ("medrxiv", "biorxiv")
# The server's own names; cc_no, which grants nothing, is handed on as it stands.
_LICENCES = {
    "cc_by": "CC BY",
    "cc_by_nc": "CC BY-NC",
    "cc_by_nd": "CC BY-ND",
    "cc_by_nc_nd": "CC BY-NC-ND",
    "cc0": "CC0",
    # In the public domain in the United States alone.
    "cc0_ng": "work of the US government",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preprint:
    """The newest version of a preprint.

    Parameters
    ----------
    doi, title, server : str
        As the server has them.
    version : int
        From 1.
    licence : str
        Such as ``"CC BY-NC"``; empty where it grants nothing.
    published_as : str
        DOI of the article that it became; empty where there is none.
    """

    doi: str
    title: str = ""
    server: str = ""
    version: int = 1
    licence: str = ""
    published_as: str = ""


def preprint(doi: str, http: Desk) -> Answer[Preprint]:
    """Ask both servers for a preprint; absent where neither has it."""
    states: list[Answer[Preprint]] = []
    for server in _SERVERS:
        answer = _details(doi, server, http)
        if answer.state is State.FOUND:
            return answer
        states.append(answer)
    unsure = [each for each in states if each.state is State.INCONCLUSIVE]
    return unsure[0] if unsure else absent("neither medRxiv nor bioRxiv has it")


def _details(doi: str, server: str, http: Desk) -> Answer[Preprint]:
    url = f"https://api.biorxiv.org/details/{server}/{quote(doi, safe='/')}"
    page = ask(http, url)
    if isinstance(page, Answer):
        return page
    try:
        value = json.loads(page.text)
    except (ValueError, RecursionError):
        return useless(http, url, f"{server} gives no JSON")
    rows = [each for each in items(value, "collection") if text(each, "doi")]
    if not rows:
        said = text(next(iter(items(value, "messages")), None), "status")
        if "no posts" in said.lower():
            return absent(f"{server} has no such preprint")
        return useless(http, url, f"{server} says: {said or 'nothing'}")
    newest = max(rows, key=lambda each: number(each, "version"))
    became = text(newest, "published")
    return found(
        Preprint(
            doi=text(newest, "doi"),
            title=text(newest, "title"),
            server=text(newest, "server") or server,
            version=number(newest, "version") or 1,
            licence=_LICENCES.get(code := text(newest, "license").lower(), code),
            published_as="" if became.upper() == "NA" else became,
        )
    )
