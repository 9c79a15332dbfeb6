"""An `Http` over a dict of pages: what the sources' own tests use instead of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.errors import CovidxrError, GoneError
from covidxr.sourcing import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Mapping


class Pages:
    """Gives what it was made with; anything else is gone.

    Parameters
    ----------
    pages : mapping
        From an address to a body, or to an exception that is raised there.
    saved : bool
        Whether they are files that a curator saved, which can be listed.
    """

    def __init__(
        self, pages: Mapping[str, bytes | str | CovidxrError], *, saved: bool = False
    ) -> None:
        self.pages = dict(pages)
        self.saved = sorted(pages) if saved else []
        self.asked: list[tuple[str, Kind]] = []

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        self.asked.append((url, kind))
        found = self.pages.get(url)
        if found is None:
            raise GoneError(f"{url} is not there (404)", url)
        if isinstance(found, CovidxrError):
            raise found
        body = found.encode() if isinstance(found, str) else found
        return Page(url=url, body=body, retrieved_at="2026-01-02T03:04:05Z")

    def known(self, prefix: str) -> tuple[str, ...]:
        return tuple(url for url in self.saved if url.startswith(prefix))
