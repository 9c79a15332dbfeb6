"""The contract that a source meets: what it receives, what it yields, what its site permits.

A source describes cases: it receives an address and an `Http` and yields records. It opens no file,
no socket and no terminal, so that listing, a dry run and tests need no code of their own.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from covidxr.cases import LicenceClaim

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from covidxr.cases import Case


class Kind(StrEnum):
    """What an address is asked for; it decides the limits, and what answer is none.

    A ``RECORD`` is JSON, or an XML list, that changes by the day; ``JSON`` stays as it is.
    """

    PAGE = "page"
    LISTING = "listing"
    JSON = "json"
    RECORD = "record"
    XML = "article"
    PDF = "PDF"
    IMAGE = "image"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What was found at an address.

    Parameters
    ----------
    url : str
        Where it was found in the end, after redirects; the site's address, whatever the route.
    body : bytes
        As received, content encoding undone.
    content_type : str
        As the server names it, lower case, with its parameters; empty where it does not.
    retrieved_at : str
        UTC, ISO 8601 with ``Z``: when the bytes were received.
    via : str
        Base address of the mirror that answered in the site's place; empty for the site itself.
    saved_as : str
        Name of the curator's file, for a saved page; else empty.
    """

    url: str
    body: bytes
    content_type: str = ""
    retrieved_at: str = ""
    via: str = ""
    saved_as: str = ""

    @property
    def text(self) -> str:
        """The body as text: by its byte order mark, else as UTF-8, with U+FFFD where it is not.

        HTML that names another encoding is read by :mod:`covidxr.htmlpage`, which asks the body.
        """
        return self.body.decode("utf-8-sig", "replace")


class Http(Protocol):
    """What a source may ask of the world."""

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        """Fetch an address, or find it among saved files.

        Parameters
        ----------
        url : str
            Absolute, http or https, of a host that the source declares.
        kind : Kind
            What is expected there.

        Raises
        ------
        FetchError
            If this address cannot be had; `GoneError` where nothing is there.
        SourceStoppedError
            If the site asks to stop. A source never catches it.
        """

    def known(self, prefix: str) -> tuple[str, ...]:
        """Addresses below a prefix that are at hand without a request, in natural order.

        Always empty on the network; what the curator saved, for saved files.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFile:
    """One file that a curator saved by hand.

    Parameters
    ----------
    name : str
        Path below the folder that was named, with ``/``.
    head : bytes
        Its first 4 KiB.
    url : str
        The address that it says it was saved from; empty where it says none.
    """

    name: str
    head: bytes
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One case in a list of results.

    Parameters
    ----------
    url : str
        Its address.
    title : str
        As the list has it; may be empty.
    published : str
        ISO 8601, as far as the list says it; else empty.
    """

    url: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultPage:
    """One page of a search.

    Parameters
    ----------
    url : str
        Its address.
    number : int
        1 for the first.
    cases : tuple of Found
        In the page's order, each address once. Empty where the page lists no case.
    others : int
        How many entries are no cases: news, articles.
    pages : int or None
        How many pages there are, where the page says so.
    """

    url: str
    number: int
    cases: tuple[Found, ...]
    others: int = 0
    pages: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a site permits, as far as is known.

    Parameters
    ----------
    search : bool
        Whether the cases of a search may be taken one after another.
    search_reason : str
        Why not, or what is known where nothing forbids it: a sentence.
    named : bool
        Whether single cases that the user names may be fetched.
    named_at_once : int or None
        How many in one run; None for no limit.
    saved : bool
        Whether pages that the curator saved may be read.
    url : str
        Address of the terms; empty where none were found.
    seen : str
        Date of the copy that this rests on, ISO 8601; empty where none was seen.
    licence : LicenceClaim
        What the site states for its cases as a whole.
    credit : str
        The credit sentence that it asks for, with ``{fields}``; empty where it asks for none.
    attribution : str
        How it is credited where it asks for no sentence: ``{authors}`` stands for who is named,
        ``{number}`` for the last number of the page's address; empty where nothing is known.
    ask : str
        Whom to ask for what is not permitted; empty where nobody is known.
    """

    search: bool
    search_reason: str
    named: bool = True
    named_at_once: int | None = None
    saved: bool = True
    url: str = ""
    seen: str = ""
    licence: LicenceClaim = field(default_factory=LicenceClaim)
    credit: str = ""
    attribution: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One site: what it permits, and how its pages are read.

    Parameters
    ----------
    key : str
        What the user types, such as ``"eurorad"``; also the name of its file.
    title : str
        The site's own name.
    hosts : tuple of str
        Every host that may be asked, those of image files too; no other one is.
    pattern : re.Pattern
        Matches, whole, the address of one case, in each form that people paste.
    example : str
        Address of a case that is known to have been there.
    terms : Terms
        What the site permits.
    delay_seconds : float
        From the start of one request to the start of the next.
    newest_first : bool
        Whether a search gives the newest case first, so that it may end at older ones.
    page : str
        Its documentation: the function's docstring.
    cases : callable
        From an address that `pattern` accepts and an `Http` to its case, as an iterator.
    search : callable or None
        From search words and an `Http` to pages of results, until the last one; None where the
        site cannot be searched.
    needs_words : bool
        Whether a search without words would be one for everything that the site has.
    recognise : callable
        From a saved file to the address that it stands for, empty where it stands for none.
    """

    key: str
    title: str
    hosts: tuple[str, ...]
    pattern: re.Pattern[str]
    example: str
    terms: Terms
    delay_seconds: float
    newest_first: bool
    page: str
    cases: Callable[[str, Http], Iterator[Case]]
    search: Callable[[Sequence[str], Http], Iterator[ResultPage]] | None
    needs_words: bool
    recognise: Callable[[SavedFile], str]

    def accepts(self, url: str) -> bool:
        """Whether this is the address of one of its cases."""
        return self.pattern.fullmatch(url) is not None


def _says_itself(file: SavedFile) -> str:
    return file.url


def source(  # noqa: PLR0913 - a site is described by all of these, by name
    key: str,
    *,
    title: str,
    hosts: tuple[str, ...],
    pattern: str,
    example: str,
    terms: Terms,
    delay_seconds: float,
    newest_first: bool = False,
    search: Callable[[Sequence[str], Http], Iterator[ResultPage]] | None = None,
    needs_words: bool = False,
    recognise: Callable[[SavedFile], str] = _says_itself,
) -> Callable[[Callable[[str, Http], Iterator[Case]]], Source]:
    """Make a function from an address to cases into a source.

    Parameters
    ----------
    key, title, hosts, example, terms, delay_seconds, newest_first, search, needs_words, recognise
        As in :class:`Source`.
    pattern : str
        A regular expression; case is ignored.

    Returns
    -------
    callable
        The decorator; the source's page is the function's docstring.
    """

    def decorate(cases: Callable[[str, Http], Iterator[Case]]) -> Source:
        return Source(
            key=key,
            title=title,
            hosts=hosts,
            pattern=re.compile(pattern, re.IGNORECASE),
            example=example,
            terms=terms,
            delay_seconds=delay_seconds,
            newest_first=newest_first,
            page=inspect.getdoc(cases) or "",
            cases=cases,
            search=search,
            needs_words=needs_words,
            recognise=recognise,
        )

    return decorate
