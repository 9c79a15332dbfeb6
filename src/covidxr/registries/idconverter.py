"""NCBI's ID converter: which article of PubMed Central has a DOI."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from covidxr.identifiers import doi_key
from covidxr.registry import (
    Answer,
    Registry,
    absent,
    ask,
    at,
    found,
    inconclusive,
    items,
    text,
    useless,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.registry import Desk

registry = Registry(
    key="idconverter",
    title="PMC ID converter",
    hosts=("pmc.ncbi.nlm.nih.gov",),
    # NCBI: three requests a second without a key.
    delay_seconds=0.34,
    knows="which article of PubMed Central has a DOI",
    seen="2026-09",
)

MOST = 200
"""DOIs in one question (NCBI's documentation of the converter)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ids:
    """The ids of one article.

    Parameters
    ----------
    pmcid : str
        ``"PMC123"``.
    pmid : str
        Digits; may be empty.
    """

    pmcid: str
    pmid: str = ""


def ids(dois: Sequence[str], http: Desk, email: str = "") -> dict[str, Answer[Ids]]:
    """Ask for the ids of some DOIs.

    Parameters
    ----------
    dois : sequence of str
        Bare; at most `MOST`.
    http : Desk
        Where to ask.
    email : str
        Of the curator; NCBI asks for it. May be empty.

    Returns
    -------
    dict of str to Answer
        One for each DOI, as it was given. Absent where PMC has no such article; an article under
        embargo is absent, with the day on which it appears.
    """
    joined = ",".join(quote(doi, safe="/") for doi in dois)
    more = urlencode(
        {
            "idtype": "doi",
            "format": "json",
            "tool": "covidxr",
            **({"email": email} if email else {}),
        }
    )
    url = f"https://pmc.ncbi.nlm.nih.gov/tools/idconv/api/v1/articles/?ids={joined}&{more}"
    page = ask(http, url)
    if isinstance(page, Answer):
        return dict.fromkeys(dois, page)
    try:
        reply = json.loads(page.text)
    except (ValueError, RecursionError):
        return dict.fromkeys(dois, useless(http, url, "the ID converter gives no JSON"))
    answers: dict[str, Answer[Ids]] = {}
    for record in items(reply, "records"):
        asked = text(record, "requested-id") or text(record, "doi")
        answers[doi_key(asked)] = _answer(record)
    if len(answers) < len({doi_key(doi) for doi in dois}):
        http.forget(url)
    unsaid: Answer[Ids] = inconclusive("the ID converter says nothing of it")
    return {doi: answers.get(doi_key(doi), unsaid) for doi in dois}


def _answer(record: object) -> Answer[Ids]:
    value = record if isinstance(record, dict) else {}
    pmcid = text(value, "pmcid")
    if pmcid and at(value, "live") is False:
        day = text(value, "release-date") or "a later day"
        return absent(f"{pmcid} is under embargo at PubMed Central until {day}")
    if pmcid:
        number = pmcid.upper().removeprefix("PMC").partition(".")[0]
        return found(Ids(pmcid=f"PMC{number}", pmid=text(value, "pmid")))
    said = text(value, "errmsg")
    if "not found" in said.lower():
        return absent("PubMed Central has no article with this DOI")
    return inconclusive(f"the ID converter says: {said or 'nothing'}")
