"""The records of one run over papers: what is asked of it, what it tells, what became of each DOI.

This module owns plain values; :mod:`covidxr.figures` does the work.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case
    from covidxr.errors import CovidxrError
    from covidxr.lookup import Step
    from covidxr.netline import Waiting
    from covidxr.pacing import Clock
    from covidxr.settings import Settings


class Ending(StrEnum):
    """What became of one DOI."""

    TAKEN = "candidate"
    DRAFTED = "draft"
    NONE = "no figure"
    REFUSED = "not cleared"
    ABSENT = "no full text"
    INCONCLUSIVE = "inconclusive"
    KNOWN = "known already"
    UNREADABLE = "unreadable"


AGAIN = frozenset({Ending.INCONCLUSIVE, Ending.UNREADABLE})
"""What a curator must look at, or run again for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to take.

    Parameters
    ----------
    root : Path
        The collection's folder.
    settings : Settings
        Contact and routes.
    clock : Clock
        Time and sleep.
    dois : tuple of str
        In any form that a person pastes.
    lists : tuple of Path
        Files of DOIs: one a line, or CSV with a column ``doi``.
    pdfs : tuple of Path
        PDF files that the curator has; then `dois` names the one that it is of.
    missing : bool
        Take the DOIs of the table whose files are not here.
    known : bool
        Take DOIs that the collection has already, too.
    unlicensed : bool
        Download what is not cleared, for private review.
    fetch_pdf : bool
        Ask the server that Unpaywall names for a PDF, where its licence permits.
    offline : bool
        Ask nobody; for `pdfs` only.
    dry_run : bool
        Keep nothing, fetch no picture.
    refresh : bool
        Ask again for what is kept, and take again what is a candidate.
    output : Path or None
        Folder for candidates, where it is not the collection's own.
    limit : int or None
        Most papers that are taken.
    """

    root: Path
    settings: Settings
    clock: Clock
    dois: tuple[str, ...] = ()
    lists: tuple[Path, ...] = ()
    pdfs: tuple[Path, ...] = ()
    missing: bool = False
    known: bool = False
    unlicensed: bool = False
    fetch_pdf: bool = False
    offline: bool = False
    dry_run: bool = False
    refresh: bool = False
    output: Path | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What became of one DOI.

    Parameters
    ----------
    doi : str
        As it was asked for.
    ending : Ending
        What became of it.
    reason : str
        Why it is no candidate, or what is not in it; may be empty.
    title, licence : str
        Of the article; the licence as an SPDX id, or the words where there is none.
    figures : int
        Its figures that show a radiograph or CT.
    panels : int
        Images that were kept, or would be.
    missing : int
        Graphics that no file came for.
    incomplete : bool
        Whether another run may bring more.
    not_taken : tuple of (str, str)
        Figures that were left out, each with the reason.
    warnings : tuple of str
        What a curator must know.
    steps : tuple of Step
        Who was asked, and what they said.
    """

    doi: str
    ending: Ending
    reason: str = ""
    title: str = ""
    licence: str = ""
    figures: int = 0
    panels: int = 0
    missing: int = 0
    incomplete: bool = False
    not_taken: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Listener(Protocol):
    """Is told what happens, as it happens."""

    def begins(self, doi: str, number: int, total: int) -> None:
        """A paper is being looked up."""

    def picture(self, doi: str, label: str) -> None:
        """A figure is being fetched, or cut."""

    def drafted(self, case: Case, rows: Sequence[dict[str, str]]) -> None:
        """A paper was read, and this is what its rows would be."""

    def stored(self, case: Case, images: Sequence[KeptImage]) -> None:
        """A paper is a candidate now."""

    def ended(self, told: Told) -> None:
        """A DOI is done."""

    def waits(self, waiting: Waiting) -> None:
        """The next request has to wait."""


@dataclass(slots=True)
class Outcome:
    """What a run did.

    Attributes
    ----------
    told : list of Told
        One for each DOI, in order.
    requests : int
        How many went out to the network.
    stopped : CovidxrError or None
        What ended the run before its end.
    """

    told: list[Told]
    requests: int = 0
    stopped: CovidxrError | None = None
