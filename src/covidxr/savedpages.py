"""What a curator saved in a browser, read in memory: pages with their folder, archives, replies.

This module owns the forms that browsers save in. It opens no file: bytes come in, and large ones
are read when they are asked for. Nothing here asks the network; what was not saved is not there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.parser import BytesParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from covidxr import htmlpage
from covidxr.errors import GoneError, UsageError
from covidxr.identifiers import canonical_url
from covidxr.sourcing import Kind, Page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from email.message import Message

SAVED = "saved:"
"""Scheme of the address of a file beside a saved page: its own address is not known any more."""

# Names of the folder beside "Case.html", by browser and language: Chrome, Edge and Firefox in
# English; Firefox and old Internet Explorers in German, Italian, Spanish and French; old Safari.
_FOLDERS = ("{}_files", "{}-Dateien", "{}_file", "{}_archivos", "{}_fichiers", "{}.files")

# "<!-- saved from url=(0042)https://… -->": Internet Explorer's "mark of the web", which Chrome and
# Edge still write; the number is the address's length.
_SAVED_FROM = re.compile(
    rb"<!--\s{0,20}saved from url=\(\d{1,6}\)(\S{1,4000})\s{0,20}-->", re.IGNORECASE
)
_BEGINNING = 8192
_MOST_PARTS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class MhtmlPart:
    """One part of a page saved as one file.

    Parameters
    ----------
    url : str
        Its own address, or ``cid:…`` where the page names it so; empty where it has none.
    content_type : str
        As the archive names it, lower case.
    body : bytes
        Transfer encoding undone.
    """

    url: str
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Held:
    """One saved file.

    Parameters
    ----------
    name : str
        As the curator sees it.
    read : callable
        Gives its bytes.
    content_type : str
        Lower case; empty where it is not known.
    inferred : bool
        Whether its address was concluded from its name, so that nobody can say it is from there.
    """

    name: str
    read: Callable[[], bytes]
    content_type: str
    inferred: bool = False


class SavedPages:
    """Saved files in the network's place; an `Http` as the sources know it.

    Parameters
    ----------
    held : mapping of str to Held
        By address.
    retrieved_at : str
        UTC, ISO 8601 with ``Z``: when they were read.

    Attributes
    ----------
    used : set of str
        Keys of `held` that were asked for.
    """

    def __init__(self, held: Mapping[str, Held], retrieved_at: str) -> None:
        self._held = dict(held)
        self._retrieved_at = retrieved_at
        self._by_page = {canonical_url(url): url for url in reversed(self._held)}
        self._by_page.pop("", None)
        self.used: set[str] = set()

    def get(self, url: str, *, kind: Kind = Kind.PAGE) -> Page:
        """Give the saved file of an address.

        Parameters
        ----------
        url : str
            An address, or one of the scheme ``saved``. Scheme, ``www.``, fragment and what only
            changes a page's language do not matter.
        kind : Kind
            An image whose address was only inferred is given with one of the scheme ``saved``.

        Raises
        ------
        GoneError
            If it was not saved.
        """
        bare = url.partition("#")[0]
        if bare.startswith(SAVED):
            # A page may write the same name with a blank or with %20.
            bare = SAVED + quote(unquote(bare.removeprefix(SAVED)))
        key = bare if bare in self._held else self._by_page.get(canonical_url(bare), "")
        if key not in self._held:
            raise GoneError(f"{url} is not among the saved files", url)
        self.used.add(key)
        held = self._held[key]
        if held.inferred and kind in {Kind.IMAGE, Kind.VOLUME}:
            bare = SAVED + quote(held.name)
        return Page(
            url=bare,
            body=held.read(),
            content_type=held.content_type,
            retrieved_at=self._retrieved_at,
            saved_as=held.name,
        )

    def known(self, prefix: str) -> tuple[str, ...]:
        """Addresses below a prefix, numbers in their natural order."""
        return tuple(sorted((url for url in self._held if url.startswith(prefix)), key=_natural))


def _natural(text: str) -> list[tuple[int, str]]:
    return [
        (int(part) if part.isdigit() and len(part) < 20 else -1, part)  # noqa: PLR2004 - an int's
        for part in re.split(r"(\d+)", text)
    ]


def read_mhtml(body: bytes, name: str) -> tuple[MhtmlPart, ...]:
    """Read a page that was saved as one file.

    Source: RFC 2557; Chrome puts the page's address into ``Snapshot-Content-Location``.

    Parameters
    ----------
    body : bytes
        The whole file.
    name : str
        Its name, for messages.

    Returns
    -------
    tuple of MhtmlPart
        The page first.

    Raises
    ------
    UsageError
        If it is no such file, or holds no page.
    """
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(body)
        parts = [_part(part) for part in message.walk() if not part.is_multipart()][:_MOST_PARTS]
    except RecursionError:
        raise UsageError(f"{name} cannot be read: its parts are nested too deep") from None
    root = next((part for part in parts if "html" in part.content_type), None)
    if not message.is_multipart() or root is None:
        msg = f"{name} is no web page in one file; save the page again as “Webpage, single file”"
        raise UsageError(msg)
    location = str(message.get("Snapshot-Content-Location", "")).strip()
    page = MhtmlPart(url=location or root.url, content_type=root.content_type, body=root.body)
    return (page, *(part for part in parts if part is not root and part.body))


def _part(part: Message) -> MhtmlPart:
    identifier = str(part.get("Content-ID", "")).strip().strip("<>")
    location = "".join(str(part.get("Content-Location", "")).split())
    payload = part.get_payload(decode=True)
    return MhtmlPart(
        url=location or (f"cid:{identifier}" if identifier else ""),
        content_type=part.get_content_type().lower(),
        body=payload if isinstance(payload, bytes) else b"",
    )


def address_of_html(body: bytes) -> str:
    """Give the address that a saved page says it is from.

    Returns
    -------
    str
        What the browser wrote at its head, else its canonical link, else its ``og:url``; empty
        where it says none.
    """
    if found := _SAVED_FROM.search(body[:_BEGINNING]):
        return found[1].decode("utf-8", "replace")
    page = htmlpage.parse(body)
    link = page.select_one("link[rel=canonical][href]")
    return htmlpage.address(link, "", "href") or htmlpage.meta(page, "og:url")


def folder_names(name: str) -> tuple[str, ...]:
    """Names that the folder of a saved page can have.

    Parameters
    ----------
    name : str
        The page's file name, such as ``"Case 1.html"``.
    """
    stem = PurePosixPath(name).stem
    return tuple(form.format(stem) for form in _FOLDERS)


def with_saved_addresses(body: bytes, folders: Sequence[str], prefix: str = "") -> bytes:
    """Turn a page's references into its folder into addresses of the scheme ``saved``.

    Parameters
    ----------
    body : bytes
        The page.
    folders : sequence of str
        Names that its folder can have.
    prefix : str
        Path of the page's own folder, with ``/`` at its end; empty at the top.

    Returns
    -------
    bytes
        ``src="./Case%201_files/a.png"`` has become ``src="saved:Case%201_files/a.png"``, in every
        attribute; all else is as it was.
    """
    forms = {
        form.encode("utf-8", "replace")
        for folder in folders
        for form in (folder, quote(folder), folder.replace(" ", "%20"), _as_html(folder))
    }
    names = b"|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
    # In front stands a quote or an equals sign, or the comma and blanks of a srcset.
    reference = re.compile(rb"([\"'=]|,\s{0,20})(?:\./)?(" + names + rb")/")
    start = SAVED.encode() + quote(prefix).encode()

    def rewritten(match: re.Match[bytes]) -> bytes:
        folder = unquote(match[2].decode("utf-8", "replace").replace("&amp;", "&"))
        return match[1] + start + quote(folder).encode() + b"/"

    return reference.sub(rewritten, body)


def _as_html(text: str) -> str:
    return text.replace("&", "&amp;")
