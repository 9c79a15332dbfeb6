"""Files that a curator saved by hand, found on the disk: pages, their pictures, replies, archives.

What such files hold is read by :mod:`covidxr.savedpages`; this module only finds them, and opens
the large ones when they are asked for.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from covidxr import savedpages
from covidxr.disk import UNRESOLVED, why
from covidxr.errors import CollectionError, UsageError
from covidxr.savedpages import SAVED, Held, SavedPages
from covidxr.sourcing import SavedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from covidxr.sourcing import Source

_HEAD = 4096
_PAGES = frozenset({".html", ".htm", ".xhtml"})
_ARCHIVES = frozenset({".mhtml", ".mht"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSet:
    """What was found.

    Parameters
    ----------
    pages : SavedPages
        Every file that has an address.
    addresses : tuple of str
        Those of files that were named or stand for a page or a reply, in natural order.
    unknown : tuple of str
        Names of files that stand for nothing that the source knows.
    """

    pages: SavedPages
    addresses: tuple[str, ...]
    unknown: tuple[str, ...]

    def entries(self, accepts: Callable[[str], bool]) -> Iterator[str]:
        """Give the addresses of cases, without those that an earlier case has read already.

        Parameters
        ----------
        accepts : callable
            Whether an address is one of the source's cases.
        """
        for address in self.addresses:
            if accepts(address) and address not in self.pages.used:
                yield address


def read_saved(paths: tuple[Path, ...], source: Source, retrieved_at: str) -> SavedSet:
    """Find and recognise saved files.

    Parameters
    ----------
    paths : tuple of Path
        Files, or folders of them.
    source : Source
        Whose pages they are.
    retrieved_at : str
        UTC, ISO 8601: when they are read.

    Raises
    ------
    UsageError
        If nothing there stands for a page of the source, or an archive is broken.
    CollectionError
        If a file cannot be read.
    """
    held: dict[str, Held] = {}
    addresses: list[str] = []
    unknown: list[str] = []
    brought: dict[str, int] = {}
    for number, top in enumerate(paths):
        # Pictures of two folders may be called alike: each folder has a place of its own.
        place = f"{number}/" if len(paths) > 1 else ""
        files = _files(top)
        beside = _beside_pages(files)
        for name, path in files.items():
            if name in beside:
                continue
            found = list(_read(name, path, (place, files), source.recognise))
            address = found[0][0] if found else ""
            if not address:
                unknown.append(name)
            elif len(found) > brought.get(address, 0):
                # Of a page that was saved twice, the copy with more beside it is taken.
                brought[address] = len(found)
                held |= dict(found)
                addresses.append(address)
    held.pop("", None)
    if not any(map(source.accepts, addresses)):
        where = ", ".join(map(str, paths))
        msg = (
            f"{where} holds no saved page of {source.title} that is known here: save the case in a "
            "browser as “Web page, complete” or as one file (.mhtml), or keep its JSON reply"
        )
        raise UsageError(msg)
    return SavedSet(
        pages=SavedPages(held, retrieved_at),
        # Pages before replies: what a page's case has read is no case of its own.
        addresses=tuple(sorted(dict.fromkeys(addresses), key=_pages_first(held))),
        unknown=tuple(unknown),
    )


def _pages_first(held: dict[str, Held]) -> Callable[[str], bool]:
    return lambda address: "html" not in held[address].content_type


def _files(top: Path) -> dict[str, Path]:
    """Give every file at or below a path, by its name below it."""
    try:
        if top.is_dir():
            found = sorted(path for path in top.rglob("*") if path.is_file())
            names = {path.relative_to(top).as_posix(): path for path in found}
            return {name: path for name, path in names.items() if not _is_hidden(name)}
        if not stat.S_ISREG(top.stat().st_mode):
            msg = f"{top} is a pipe or a device; a saved page is a file"
            raise CollectionError(msg)
    except UNRESOLVED as error:
        msg = f"{top} cannot be read: {why(error)}"
        raise CollectionError(msg) from error
    siblings = {
        f"{folder}/{path.relative_to(top.parent / folder).as_posix()}": path
        for folder in savedpages.folder_names(top.name)
        for path in sorted((top.parent / folder).rglob("*"))
        if path.is_file()
    }
    return {top.name: top, **siblings}


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in PurePosixPath(name).parts)


def _beside_pages(files: dict[str, Path]) -> set[str]:
    """Names of files that lie in the folder of a saved page: parts of it, not pages."""
    folders = tuple(
        f"{PurePosixPath(name).with_name(folder).as_posix()}/"
        for name, path in files.items()
        if path.suffix.lower() in _PAGES
        for folder in savedpages.folder_names(path.name)
    )
    return {name for name in files if name.startswith(folders)} if folders else set()


def _read(
    name: str,
    path: Path,
    around: tuple[str, dict[str, Path]],
    recognise: Callable[[SavedFile], str],
) -> Iterator[tuple[str, Held]]:
    """Give the address of a file first, then those of what it brings along."""
    ending = path.suffix.lower()
    if ending in _ARCHIVES:
        yield from _archive(name, _bytes(path))
    elif ending in _PAGES:
        yield from _page(name, path, around, recognise)
    else:
        file = SavedFile(name=name, head=_bytes(path, _HEAD))
        yield recognise(file), Held(name, lambda: _bytes(path), "", inferred=True)


def _archive(name: str, body: bytes) -> Iterator[tuple[str, Held]]:
    for part in savedpages.read_mhtml(body, name):
        yield part.url, Held(name, lambda part=part: part.body, part.content_type)  # type: ignore[misc]


def _page(
    name: str,
    path: Path,
    around: tuple[str, dict[str, Path]],
    recognise: Callable[[SavedFile], str],
) -> Iterator[tuple[str, Held]]:
    place, files = around
    body = _bytes(path)
    address = savedpages.address_of_html(body)
    folders = savedpages.folder_names(path.name)
    parent = PurePosixPath(name).parent
    # Two pages in two folders may each have a "case_files" of their own.
    prefix = "" if str(parent) == "." else f"{parent.as_posix()}/"
    rewritten = savedpages.with_saved_addresses(body, folders, place + prefix)
    page = Held(name, lambda: rewritten, "text/html")
    yield recognise(SavedFile(name=name, head=body[:_HEAD], url=address)), page
    for other, file in files.items():
        if other.startswith(tuple(f"{prefix}{folder}/" for folder in folders)):
            yield f"{SAVED}{quote(place + other)}", Held(other, lambda file=file: _bytes(file), "")  # type: ignore[misc]


def _bytes(path: Path, most: int = -1) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as error:
        msg = f"{path} cannot be read: {why(error)}"
        raise CollectionError(msg) from error
