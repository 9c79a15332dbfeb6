"""Where each registry is asked: one polite line a registry, which is left alone when it asks to be.

This module joins the registries with the network. It remembers what was received for one paper, and
which registry does not answer: that one is not asked again in this run, and what it would have said
stays open.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from covidxr import candidatestore, store
from covidxr.errors import (
    FetchError,
    GoneError,
    RefusedError,
    SourceStoppedError,
    UnreachableError,
)
from covidxr.http import Web
from covidxr.netline import Access
from covidxr.plugins import discover
from covidxr.registry import Answer, Registry, absent, found, inconclusive
from covidxr.sourcing import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from covidxr.netline import Waiting
    from covidxr.pacing import Clock
    from covidxr.settings import Settings
    from covidxr.sourcing import Page

REGISTRIES = "covidxr.registries"

ENOUGH = 3
"""Failures in a row after which a registry is left alone: the line, not a paper, is at fault."""

_PDF_DELAY_SECONDS = 2.0


def registries() -> dict[str, Registry]:
    """Give every registry, by key."""
    return discover(REGISTRIES, Registry)


class _Desk:
    """A desk as the registries know it."""

    def __init__(self, registry: Registry, web: Web, heard: list[Page]) -> None:
        self._registry, self._web, self._heard = registry, web, heard
        self._closed: SourceStoppedError | None = None
        self._in_a_row = 0
        self.answered = False

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        if self._closed is not None:
            raise self._closed
        try:
            page = self._web.get(url, kind=kind)
        except SourceStoppedError as problem:
            self._closed = problem
            raise
        except UnreachableError as problem:
            self._in_a_row += 1
            if self._in_a_row >= ENOUGH:
                self._closed = SourceStoppedError(
                    f"{self._registry.title} is left alone for this run: {ENOUGH} times in a row "
                    f"it did not answer, the last because {problem}"
                )
            raise
        except FetchError:
            self._in_a_row = 0
            raise
        self._in_a_row = 0
        self.answered = True
        if kind is not Kind.IMAGE:
            self._heard.append(page)
        return page

    def known(self, prefix: str) -> tuple[str, ...]:
        return self._web.known(prefix)

    def forget(self, url: str) -> None:
        self._web.forget(url)


class Desks:
    """Every registry's desk.

    Parameters
    ----------
    access : Access
        How the network is used.

    Attributes
    ----------
    heard : list of Page
        What was received, pictures left out; cleared by who uses it.
    by_key : dict of str to Desk
        A desk a registry.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self.heard: list[Page] = []
        known = registries()
        self._webs = {
            key: Web(each.hosts, each.delay_seconds, access, interface=True)
            for key, each in known.items()
        }
        self.by_key = {key: _Desk(each, self._webs[key], self.heard) for key, each in known.items()}
        self._others = 0

    @property
    def sent(self) -> int:
        """How many requests went out."""
        return self._others + sum(web.sent for web in self._webs.values())

    @property
    def answered(self) -> bool:
        """Whether anybody has given any answer yet."""
        return any(desk.answered for desk in self.by_key.values())

    def pdf(self, url: str) -> Answer[Page]:
        """Fetch a PDF from the server that a registry names.

        That server is a site like any other: its robots.txt counts, and it is left at its word.
        """
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            return absent(f"{url!r} is no web address")
        with Web((host,), _PDF_DELAY_SECONDS, self._access) as web:
            try:
                page = web.get(url, kind=Kind.PDF)
            except (GoneError, RefusedError) as problem:
                return absent(str(problem))
            except (FetchError, SourceStoppedError) as problem:
                return inconclusive(str(problem))
            finally:
                self._others += web.sent
        self.heard.append(page)
        return found(page)

    def close(self) -> None:
        """End all connections."""
        for web in self._webs.values():
            web.__exit__()


def access_for(
    root: Path,
    settings: Settings,
    clock: Clock,
    heard: Callable[[Waiting], None],
    *,
    refresh: bool = False,
) -> Access:
    """Say how the network is used for a collection.

    Parameters
    ----------
    root : Path
        The collection's folder; where there is none, the cache is the user's.
    settings : Settings
        Contact and routes.
    clock : Clock
        Time and sleep.
    heard : callable
        Told of every wait.
    refresh : bool
        Whether what is kept is asked for again.
    """
    return Access(
        cache=candidatestore.cache_file(root, collection=store.has_table(root)),
        clock=clock,
        contact=settings.contact,
        routes=settings.routes,
        refresh=refresh,
        heard=heard,
    )


@contextmanager
def asking(access: Access) -> Iterator[Desks]:
    """Open the desks for as long as the block lasts."""
    desks = Desks(access)
    try:
        yield desks
    finally:
        desks.close()
