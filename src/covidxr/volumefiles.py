"""Files that may hold a volume, found on the disk and opened one at a time.

This module finds and opens; what is in a file is for :mod:`covidxr.imaging` to say. Links are
not followed, and what is no plain file is passed over.
"""

from __future__ import annotations

import mmap
import os
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from covidxr.disk import UNRESOLVED, why
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.imaging.measured import Buffer


def find(path: Path) -> dict[str, Path]:
    """List what is to be looked at.

    Parameters
    ----------
    path : Path
        A file, or a folder with files at any depth.

    Returns
    -------
    dict of str to Path
        By name: of a file its own, of those in a folder the path below it, with ``/``; sorted.
        Names that begin with a dot are left out.

    Raises
    ------
    CollectionError
        If there is nothing of that name, or it cannot be read.
    """
    try:
        mode = path.stat().st_mode
    except UNRESOLVED as error:
        msg = f"{path} cannot be read: {why(error)}"
        raise CollectionError(msg) from error
    if stat.S_ISREG(mode):
        return {path.name: path}
    if not stat.S_ISDIR(mode):
        msg = f"{path} is neither a file nor a folder"
        raise CollectionError(msg)
    return dict(sorted(_below(path)))


@contextmanager
def opened(path: Path) -> Iterator[Buffer]:
    """Give a file's bytes without reading those that nobody looks at.

    Parameters
    ----------
    path : Path
        From `find`.

    Yields
    ------
    bytes or mmap
        The whole file.

    Raises
    ------
    CollectionError
        If it cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                # Nothing cannot be mapped.
                yield b""
                return
            with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as data:
                yield data
    except OSError as error:
        msg = f"{path} cannot be read: {why(error)}"
        raise CollectionError(msg) from error


def _below(top: Path) -> Iterator[tuple[str, Path]]:
    for folder, subfolders, files in os.walk(top, onerror=_refuse):
        subfolders[:] = [each for each in subfolders if not each.startswith(".")]
        for name in files:
            path = Path(folder, name)
            if not name.startswith(".") and stat.S_ISREG(path.lstat().st_mode):
                yield path.relative_to(top).as_posix(), path


def _refuse(error: OSError) -> None:
    msg = f"{error.filename} cannot be read: {why(error)}"
    raise CollectionError(msg) from error
