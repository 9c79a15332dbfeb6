"""Ask each site for one page, and say whether it still looks as it is read.

This workflow sends one request for a page a source, and keeps nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.errors import CovidxrError, FetchError, GoneError, SourceError, UnreachableError
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    from covidxr.pacing import Clock
    from covidxr.settings import Settings
    from covidxr.sourcing import Http, Page, Source

FINE, CHANGED, GONE, UNKNOWN = "fine", "changed", "gone", "not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look at a site found.

    Parameters
    ----------
    state : str
        ``"fine"``, ``"changed"``, ``"gone"``, or ``"not known"`` where nothing was let through.
    words : str
        What was seen.
    """

    state: str
    words: str


class _EnoughError(CovidxrError):
    """The source asks for more than the one page: it could read that one."""


class _OnePage:
    """An `Http` that gives one page and no more."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._given = False

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        if self._given:
            raise _EnoughError(url)
        self._given = True
        return self._http.get(url, kind=kind)

    def known(self, prefix: str) -> tuple[str, ...]:
        return self._http.known(prefix)


def look(source: Source, settings: Settings, clock: Clock) -> Look:
    """Read a source's example once.

    Parameters
    ----------
    source : Source
        Whose example.
    settings : Settings
        Contact and routes.
    clock : Clock
        Time and sleep.

    Returns
    -------
    Look
        Never raises for what the site does.
    """
    from covidxr.http import Web
    from covidxr.netline import Access

    access = Access(cache=None, clock=clock, contact=settings.contact, routes=settings.routes)
    with Web(source.hosts, source.delay_seconds, access) as web:
        return _look(source, web)


def _look(source: Source, http: Http) -> Look:
    try:
        case = next(source.cases(source.example, _OnePage(http)), None)
    except _EnoughError:
        return Look(state=FINE, words=f"{source.example} is read")
    except SourceError as problem:
        return Look(state=CHANGED, words=f"{problem.url}: {problem.missing}")
    except (GoneError, UnreachableError) as problem:
        return Look(state=GONE, words=str(problem))
    except (FetchError, CovidxrError) as problem:
        return Look(state=UNKNOWN, words=str(problem))
    if case is None:
        return Look(state=CHANGED, words=f"{source.example} gives no case")
    return Look(state=FINE, words=f"{case.url}: {case.title}, {len(case.images)} images")
