"""What a contributor sent, on the disk: files, folders and archives, as one stream of files.

This module finds and reads; links are never followed, and nothing is written. What it cannot read
is named with the reason. Archives stand in :mod:`covidxr.ingestarchives`.
"""

from __future__ import annotations

import contextlib
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from covidxr.disk import UNRESOLVED, why
from covidxr.errors import CollectionError, UsageError
from covidxr.imaging.formats import PEEK
from covidxr.ingestarchives import Member, Refused, archive_kind, members
from covidxr.ingesting import UnfitError
from covidxr.ingestnames import LIMITS, Limits, is_ignored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(slots=True, kw_only=True)
class Contribution:
    """Everything below some paths; archives stay open for as long as the block lasts.

    Parameters
    ----------
    paths : tuple of Path
        Files, folders, archives; what they are is told by content.
    without : tuple of Path
        Files that are no images: the contributor's table.
    limits : Limits
        How much is taken.
    """

    paths: tuple[Path, ...]
    without: tuple[Path, ...] = ()
    limits: Limits = LIMITS
    _open: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._open.close()

    def files(self) -> Iterator[Member | Refused]:
        """Give every file, in the order of the paths and of their names.

        Raises
        ------
        UsageError
            If one of the paths is not there.
        CollectionError
            If a folder cannot be listed.
        """
        for top in self.paths:
            try:
                # What the user names may be a link; what lies below may not.
                path = top.resolve(strict=True)
                folder = path.is_dir()
            except UNRESOLVED as error:
                raise UsageError(f"{top} cannot be read: {why(error)}") from error
            name = path.name or "folder"
            if folder:
                yield from self._below(path, name)
            else:
                yield from self._file(path, name)

    def _below(self, top: Path, name: str) -> Iterator[Member | Refused]:
        for folder, subfolders, files in os.walk(top, onerror=_refuse):
            subfolders.sort()
            for each in list(subfolders):
                path = Path(folder, each)
                if is_ignored(each):
                    subfolders.remove(each)
                elif path.is_symlink():
                    subfolders.remove(each)
                    yield Refused(name=_named(name, top, path), reason=_LINK)
            for each in sorted(files):
                path = Path(folder, each)
                if not is_ignored(each):
                    yield from self._file(path, _named(name, top, path))

    def _file(self, path: Path, name: str) -> Iterator[Member | Refused]:
        if any(_is_same(path, each) for each in self.without):
            return
        try:
            with _opened(path) as file:
                size = os.fstat(file.fileno()).st_size
                kind = archive_kind(file.read(PEEK))
        except UnfitError as refusal:
            yield Refused(name=name, reason=str(refusal))
            return
        if not kind:
            yield Member(name=name, read=lambda: _whole(path, self.limits))
            return
        archive = self._open.enter_context(_opened(path))
        yield from members(archive, kind, size, name, self.limits)


_LINK = "it is a link, which is not followed"


def _refuse(error: OSError) -> None:
    # A folder that cannot be listed must not pass for an empty one.
    msg = f"{error.filename} cannot be read: {error.strerror}"
    raise CollectionError(msg) from error


def _named(name: str, top: Path, path: Path) -> str:
    return f"{name}/{path.relative_to(top).as_posix()}"


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except UNRESOLVED:
        return False


def _opened(path: Path) -> IO[bytes]:
    """Open a plain file; a link, a pipe or a device is none, whatever it became meanwhile."""
    try:
        file = open(path, "rb", opener=_open_plainly)  # noqa: SIM115 - the caller closes
    except UNRESOLVED as error:
        link = path.is_symlink()
        raise UnfitError(_LINK if link else f"it cannot be read: {why(error)}") from None
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise UnfitError("it is no file but a pipe or a device")
    return file


def _open_plainly(path: str, flags: int) -> int:
    # Windows has neither flag, nor such pipes.
    more = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return os.open(path, flags | more)


def _whole(path: Path, limits: Limits) -> bytes:
    with _opened(path) as file:
        try:
            size = os.fstat(file.fileno()).st_size
            if size > limits.file_bytes:
                most = limits.file_bytes >> 20
                raise UnfitError(f"it has {size >> 20:,} MiB; more than {most:,} are not taken")
            return file.read(size)
        except OSError as error:
            raise UnfitError(f"it cannot be read: {why(error)}") from None


def sizes(root: Path, names: Iterable[str]) -> frozenset[int]:
    """Give the different sizes of a collection's files, in bytes.

    Parameters
    ----------
    root : Path
        The collection's folder.
    names : iterable of str
        Paths below it, with ``/``; what is not there has none.
    """
    found = set()
    for name in names:
        with contextlib.suppress(OSError):
            found.add((root / name).stat().st_size)
    return frozenset(found)
