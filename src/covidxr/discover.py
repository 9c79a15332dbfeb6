"""Find papers that are not included yet.

This workflow pages through a search and drops what the collection has, has turned down, or has as a
candidate. It prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from covidxr import candidatestore, papercase, store
from covidxr.desks import access_for, asking
from covidxr.discovery import Lead, lead_of, query_for, ranked
from covidxr.errors import FetchError
from covidxr.figures import included_where
from covidxr.identifiers import canonical_url, doi_key, read_doi
from covidxr.registries import europepmc

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from covidxr.netline import Waiting
    from covidxr.pacing import Clock
    from covidxr.registries.europepmc import Entry
    from covidxr.settings import Settings

PAGE = 100
"""Results on one page: a tenth of what is allowed, so that little is lost with a failure."""


class Listener(Protocol):
    """Is told what happens, as it happens."""

    def page(self, number: int, seen: int, total: int) -> None:
        """One page of results was read."""

    def waits(self, waiting: Waiting) -> None:
        """The next request has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to look for.

    Parameters
    ----------
    root : Path
        The collection's folder.
    settings : Settings
        Contact and routes.
    clock : Clock
        Time and sleep.
    words : str
        Search words in place of the collection's topic; may be empty.
    raw : bool
        Whether `words` are the whole question.
    since : datetime.date or None
        Leave out what was published before.
    limit : int
        No further page is asked for once so many papers are found.
    cursor : str
        Where an earlier run has ended; ``"*"`` for the beginning.
    refresh : bool
        Ask again for pages that were read within the last day.
    output : Path or None
        Folder of candidates, where it is not the collection's own.
    """

    root: Path
    settings: Settings
    clock: Clock
    words: str = ""
    raw: bool = False
    since: dt.date | None = None
    limit: int = 100
    cursor: str = "*"
    refresh: bool = False
    output: Path | None = None


@dataclass(slots=True, kw_only=True)
class Finds:
    """What was found.

    Attributes
    ----------
    leads : list of Lead
        Ranked.
    query : str
        The question.
    seen, total : int
        Results that were looked at, and how many there are.
    included, retracted, nameless : int
        Results that the collection or the candidates have, that are retracted, that have no DOI.
    cursor : str
        Where the next run may go on; empty at the end.
    requests : int
        How many went out to the network.
    stopped : FetchError or None
        What ended the search before its end.
    """

    leads: list[Lead] = field(default_factory=list)
    query: str = ""
    seen: int = 0
    total: int = 0
    included: int = 0
    retracted: int = 0
    nameless: int = 0
    cursor: str = ""
    requests: int = 0
    stopped: FetchError | None = None


def discover(options: Options, listener: Listener) -> Finds:
    """Search for papers that are not included yet.

    Pages that were read within the last day are kept, so that the same search goes on where it was
    interrupted without asking again.

    Raises
    ------
    CollectionError
        If the collection cannot be read.
    """
    query = options.words if options.raw else query_for(options.words, options.since)
    finds = Finds(query=query, cursor=options.cursor)
    known = _known(options)
    access = access_for(
        options.root, options.settings, options.clock, listener.waits, refresh=options.refresh
    )
    with asking(access) as desks:
        number = 0
        while finds.cursor and len(finds.leads) < options.limit:
            answer = europepmc.search(
                query, desks.by_key["europepmc"], cursor=finds.cursor, size=PAGE
            )
            if answer.value is None:
                finds.stopped = FetchError(f"the search ended early: {answer.why}")
                break
            number += 1
            finds.total = max(finds.total, answer.value.total)
            finds.cursor = answer.value.cursor
            for entry in answer.value.entries:
                _sort(entry, finds, known)
            listener.page(number, finds.seen, finds.total)
            if not finds.cursor and options.cursor == "*" and finds.seen < finds.total:
                finds.stopped = FetchError(
                    f"the search ended after {finds.seen:,} of {finds.total:,} results; run it "
                    "again with --refresh"
                )
        finds.requests = desks.sent
    finds.leads = ranked(finds.leads)
    return finds


def _sort(entry: Entry, finds: Finds, known: set[str]) -> None:
    finds.seen += 1
    doi = read_doi(entry.doi).doi
    if doi is None:
        finds.nameless += 1
    elif doi_key(doi) in known or _page_key(entry) in known:
        finds.included += 1
    elif entry.retracted:
        finds.retracted += 1
    else:
        known.add(doi_key(doi))
        finds.leads.append(lead_of(entry))


def _page_key(entry: Entry) -> str:
    page = f"https://pmc.ncbi.nlm.nih.gov/articles/{entry.pmcid}/"
    return canonical_url(page) if entry.pmcid else "no page"


def _known(options: Options) -> set[str]:
    """Give the keys of every DOI and address that is taken care of."""
    known = {canonical_url(url) for url in store.published_addresses(options.root)}
    known |= set(included_where(options.root))
    candidates = candidatestore.candidates_of(options.root, options.output)
    known |= {doi_key(each.id) for each in candidates.cases(papercase.SOURCE, damaged=True)}
    return known - {""}
