"""The records of one run over a source: what is asked of it, what it tells, what it did.

This module owns plain values; :mod:`covidxr.scrape` does the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case
    from covidxr.errors import CovidxrError
    from covidxr.netline import Waiting
    from covidxr.pacing import Clock
    from covidxr.settings import Settings
    from covidxr.sourcing import Found, ResultPage


class Mode(StrEnum):
    """How far a run goes."""

    LIST = "list"
    DRAFTS = "drafts"
    FETCH = "fetch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to take.

    Parameters
    ----------
    root : Path
        The collection's folder.
    source : str
        Key of the source.
    settings : Settings
        Contact, routes, permissions.
    clock : Clock
        Time and sleep.
    asked : tuple of str
        Search words, or addresses of cases; not both.
    saved : tuple of Path
        Pages that the curator saved, or folders of them; then nothing is fetched.
    output : Path or None
        Folder for candidates, where it is not the collection's own.
    mode : Mode
        How far to go.
    limit, max_pages : int or None
        Most cases that are taken, and pages of results that are looked at.
    since : datetime.date or None
        Leave out what was published before.
    refresh : bool
        Ask again for what is kept, and take again what is a candidate already.
    """

    root: Path
    source: str
    settings: Settings
    clock: Clock
    asked: tuple[str, ...] = ()
    saved: tuple[Path, ...] = ()
    output: Path | None = None
    mode: Mode = Mode.FETCH
    limit: int | None = None
    max_pages: int | None = None
    since: dt.date | None = None
    refresh: bool = False


class Listener(Protocol):
    """Is told what happens, as it happens."""

    def results(self, page: ResultPage) -> None:
        """One page of a search was read."""

    def listed(self, found: Found) -> None:
        """A case would be fetched."""

    def begins(self, url: str) -> None:
        """A case is being read."""

    def image(self, done: int, total: int) -> None:
        """So many of a case's images have been tried."""

    def drafted(self, case: Case, rows: Sequence[dict[str, str]]) -> None:
        """A case was read, and this is what its rows would be."""

    def stored(self, case: Case, images: Sequence[KeptImage]) -> None:
        """A case is a candidate now."""

    def skipped(self, url: str, why: str) -> None:
        """A case was left out."""

    def failed(self, url: str, problem: CovidxrError) -> None:
        """A case could not be taken; the run goes on."""

    def waits(self, waiting: Waiting) -> None:
        """The next request has to wait."""


@dataclass(slots=True)
class Outcome:
    """What a run did.

    Attributes
    ----------
    pages, listed, taken, images, missing, skipped, failed : int
        Pages of results; cases that would be fetched; cases drafted or stored; their images; images
        that no file came for; cases left out; cases that could not be taken.
    requests : int
        How many went out to the network.
    incomplete : int
        Stored cases that another run may complete.
    stopped : CovidxrError or None
        What ended the run before its end.
    """

    pages: int = 0
    listed: int = 0
    taken: int = 0
    images: int = 0
    missing: int = 0
    skipped: int = 0
    failed: int = 0
    requests: int = 0
    incomplete: int = 0
    stopped: CovidxrError | None = None
