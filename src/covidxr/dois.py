"""What papers a collection includes, and which of their DOIs are malformed, retracted or gone.

This workflow reads the table and asks the registries. It prints nothing and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from covidxr import store, tabledois
from covidxr.desks import access_for, asking
from covidxr.errors import UsageError
from covidxr.figures import email_of
from covidxr.registries import crossref, datacite, doiorg, europepmc
from covidxr.registry import State

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from covidxr.desks import Desks
    from covidxr.netline import Waiting
    from covidxr.pacing import Clock
    from covidxr.settings import Settings
    from covidxr.tabledois import IncludedDoi

AT_ONCE = 25
"""DOIs in one question to Europe PMC: addresses stay well below 2,000 characters."""


class Standing(StrEnum):
    """How a DOI stands."""

    FINE = "fine"
    MALFORMED = "malformed"
    RETRACTED = "retracted"
    GONE = "gone"
    UNKNOWN = "unknown"
    UNASKED = "not asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One DOI of the table.

    Parameters
    ----------
    doi : str
        Bare, or the cell as it stands where it is malformed.
    lines : tuple of int
        Lines of the table that name it.
    standing : Standing
        How it stands; *unknown* where nobody has answered for certain, *not asked* offline.
    title : str
        Of the article; empty where nobody says.
    note : str
        What is to be known besides.
    """

    doi: str
    lines: tuple[int, ...]
    standing: Standing = Standing.UNKNOWN
    title: str = ""
    note: str = ""


@dataclass(slots=True, kw_only=True)
class Survey:
    """Every DOI of a collection.

    Attributes
    ----------
    listed : list of Listed
        In the table's order.
    requests : int
        How many went out to the network.
    """

    listed: list[Listed] = field(default_factory=list)
    requests: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to ask.

    Parameters
    ----------
    root : Path
        The collection's folder.
    settings : Settings
        Contact and routes.
    clock : Clock
        Time and sleep.
    offline : bool
        Ask nobody: list DOIs and what is malformed.
    refresh : bool
        Ask again for what was answered within the last day.
    heard : callable
        Told of every wait.
    """

    root: Path
    settings: Settings
    clock: Clock
    offline: bool = False
    refresh: bool = False
    heard: Callable[[Waiting], None]


def dois(options: Options) -> Survey:
    """List the DOIs of a collection and how they stand.

    Raises
    ------
    CollectionError
        If the table cannot be read.
    """
    table = store.read_table(options.root)
    if table is None:
        raise UsageError(f"there is no {options.root / store.TABLE}; name the folder with --root")
    included = tabledois.included(table)
    survey = Survey()
    if options.offline:
        survey.listed = [_unasked(each) for each in included]
        return survey
    access = access_for(
        options.root, options.settings, options.clock, options.heard, refresh=options.refresh
    )
    with asking(access) as desks:
        good = [each.doi for each in included if each.doi]
        entries: dict[str, europepmc.Entry] = {}
        for start in range(0, len(good), AT_ONCE):
            part = tuple(good[start : start + AT_ONCE])
            entries |= europepmc.entries(part, desks.by_key["europepmc"])
        for each in included:
            entry = entries.get(each.doi)
            if not each.doi:
                survey.listed.append(_unasked(each))
            elif entry is not None:
                survey.listed.append(_by_entry(each, entry))
            else:
                survey.listed.append(_by_agency(each, desks, options))
        survey.requests = desks.sent
    return survey


def _unasked(included: IncludedDoi) -> Listed:
    if included.doi:
        return Listed(
            doi=included.doi,
            lines=included.lines,
            standing=Standing.UNASKED,
            note=included.note,
        )
    note = "no DOI can be read in this cell"
    return Listed(doi=included.text, lines=included.lines, standing=Standing.MALFORMED, note=note)


def _by_entry(included: IncludedDoi, entry: europepmc.Entry) -> Listed:
    note = "Europe PMC knows of a retraction" if entry.retracted else included.note
    return Listed(
        doi=included.doi,
        lines=included.lines,
        standing=Standing.RETRACTED if entry.retracted else Standing.FINE,
        title=entry.title,
        note=note,
    )


def _by_agency(included: IncludedDoi, desks: Desks, options: Options) -> Listed:
    """Ask the agency that has registered a DOI which Europe PMC does not list."""
    agency = doiorg.agency(included.doi, desks.by_key["doiorg"])
    if agency.state is State.ABSENT:
        return Listed(
            doi=included.doi, lines=included.lines, standing=Standing.GONE, note=agency.why
        )
    if agency.value is None:
        return Listed(doi=included.doi, lines=included.lines, note=agency.why)
    email = email_of(options.settings.contact)
    if agency.value == "DataCite":
        deposit = datacite.deposit(included.doi, desks.by_key["datacite"], email)
        title = deposit.value.title if deposit.value else ""
        return Listed(
            doi=included.doi,
            lines=included.lines,
            standing=Standing.FINE if deposit.value else Standing.UNKNOWN,
            title=title,
            note=deposit.why or included.note,
        )
    today = options.clock.utc_now().date()
    said = crossref.work(included.doi, desks.by_key["crossref"], today=today, email=email)
    if said.state is State.INCONCLUSIVE:
        return Listed(doi=included.doi, lines=included.lines, note=said.why)
    work = said.value
    if work is None:
        note = f"registered with {agency.value}; nobody says more of it"
        return Listed(doi=included.doi, lines=included.lines, standing=Standing.FINE, note=note)
    return Listed(
        doi=included.doi,
        lines=included.lines,
        standing=Standing.RETRACTED if work.retracted else Standing.FINE,
        title=work.title,
        note="Crossref knows of a retraction" if work.retracted else included.note,
    )
