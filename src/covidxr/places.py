"""Where a collection's files lie: in a folder of this machine. Elsewhere is `elsewhere`.

This module owns how files below ``images/`` and ``volumes/`` are listed and opened, and what is
refused: links that lead out, pipes, devices. It judges nothing of what a file holds.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Protocol

from covidxr.disk import UNRESOLVED, why
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

LOOKED_AT = ("images", "volumes")
"""Folders whose files are looked at."""

# Larger files are mapped, so that a volume of some GB does not have to fit in memory.
_MAP_FROM = 16_000_000

# What editors, systems and people keep beside images without meaning a row.
_NOT_IMAGES = frozenset({".md", ".txt", ".rst", ".ini", ".db"})


class UnopenedError(Exception):
    """A file is not opened; the reason is a clause such as ``is a link that leads out``."""


class Place(Protocol):
    """Where files lie; sent to other processes, so it holds no open file."""

    def paths(self) -> Iterable[str]:
        """Give every file below `LOOKED_AT`, relative to the root, in order.

        Raises
        ------
        CollectionError
            If a folder cannot be listed.
        """
        ...

    def stamps(self, paths: Iterable[str]) -> Mapping[str, str]:
        """Give what changes with each file whenever it is written anew; unreadable ones left out.

        The second part of four or five that a colon parts is the size in bytes.
        """
        ...

    def opened(
        self, path: str, most: int | None = None
    ) -> contextlib.AbstractContextManager[tuple[bytes | mmap.mmap, int]]:
        """Open a file and give what it holds, at most so many bytes of it, and its whole size.

        Raises
        ------
        UnopenedError
            If it is not opened.
        """
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine.

    Parameters
    ----------
    root : Path
        The collection's folder.
    """

    root: Path

    def whole(self) -> Folder:
        """Give the same folder under its whole path, for those who work in another one."""
        return Folder(self.root.absolute())

    def is_there(self) -> bool:
        """Tell whether there is any folder whose files are looked at."""
        return any((self.root / name).is_dir() for name in LOOKED_AT)

    def paths(self) -> Iterator[str]:
        """List files as `Place` says."""
        for name in LOOKED_AT:
            top = self.root / name
            if not top.is_dir():
                continue
            for folder, subfolders, files in os.walk(top, onerror=_refuse):
                subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
                for file in sorted(files):
                    if is_image_name(file):
                        yield Path(folder, file).relative_to(self.root).as_posix()

    def stamps(self, paths: Iterable[str]) -> dict[str, str]:
        """Give stamps as `Place` says: number on the disk, size, and the times of last change."""
        found = {}
        for path in paths:
            with contextlib.suppress(OSError):
                status = (self.root / path).stat()
                parts = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
                found[path] = ":".join(map(str, parts))
        return found

    @contextlib.contextmanager
    def opened(self, path: str, most: int | None = None) -> Iterator[tuple[bytes | mmap.mmap, int]]:
        """Open a file as `Place` says; a large one is mapped."""
        full = self.root / path
        reason = self._why_not(full)
        if reason is not None:
            raise UnopenedError(reason)
        try:
            file = open(full, "rb", opener=_open_at_once)  # noqa: SIM115 - closed below
        except OSError as error:
            raise UnopenedError(f"cannot be read: {error.strerror}") from error
        with file, contextlib.ExitStack() as mapped:
            try:
                size = os.fstat(file.fileno()).st_size
                # A file that grows meanwhile is looked at as far as it was there.
                wanted = size if most is None else min(size, most)
                data: bytes | mmap.mmap
                if wanted < _MAP_FROM:
                    data = file.read(wanted)
                else:
                    data = mapped.enter_context(
                        mmap.mmap(file.fileno(), wanted, access=mmap.ACCESS_READ)
                    )
            except OSError as error:
                raise UnopenedError(f"cannot be read: {error.strerror}") from error
            yield data, size

    def _why_not(self, full: Path) -> str | None:
        """Why a file is not opened; git can carry a link to anywhere, and some ends have no end."""
        try:
            status = full.lstat()
            if stat.S_ISLNK(status.st_mode):
                target = full.resolve()
                if not any(target.is_relative_to(top.resolve()) for top in self._tops()):
                    return "is a link that leads out of the collection"
                status = full.stat()
        except UNRESOLVED as error:
            return f"cannot be read: {why(error)}"
        if not stat.S_ISREG(status.st_mode):
            return "is not a file but a folder, a pipe or a device"
        return None

    def _tops(self) -> Iterator[Path]:
        """Folders that links may lead into."""
        # images/ itself may be a link, to where a large collection lies.
        yield from (self.root, *(self.root / name for name in LOOKED_AT))
        # git-annex keeps the files of every folder at the top of the repository.
        start = self.root.resolve()
        for folder in (start, *start.parents):
            if (folder / ".git").exists():
                yield folder
                return


def is_image_name(name: str) -> bool:
    """Tell whether a file's name is not one of those that lie beside images without a row."""
    return not name.startswith(".") and PurePosixPath(name).suffix.lower() not in _NOT_IMAGES


def _refuse(error: OSError) -> None:
    # A folder that cannot be listed must not pass for one whose files are missing.
    msg = f"{error.filename} cannot be read: {error.strerror}"
    raise CollectionError(msg) from error


def _open_at_once(path: str, flags: int) -> int:
    # What became a pipe meanwhile is not waited for. Windows has neither such pipes nor the flag.
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
