"""The folder of a subset: built beside its place and put there whole, or not at all.

This module owns that no file of anybody's is overwritten: only an empty folder, or an older subset
in which nothing else lies, gives way. What goes into it stands in :mod:`covidxr.subset`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from covidxr import disk, newfolder
from covidxr.errors import CollectionError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

RECORD = "subset.json"
"""What says that a folder is a subset, how it was chosen, and which files it has."""

VERSION = 1

_OWN = ("images", "volumes", "annotations", disk.WORK)


def refuse(root: Path, to: Path, *, force: bool) -> None:
    """Refuse a place where a subset cannot be put.

    Parameters
    ----------
    root : Path
        The collection's folder.
    to : Path
        Where the subset is to be.
    force : bool
        Whether an older subset may be replaced.

    Raises
    ------
    UsageError
        If something is there.
    CollectionError
        If it cannot be looked at.
    """
    try:
        here, there = root.resolve(), to.resolve()
        if here == there or there in here.parents:
            raise UsageError(f"{to} holds the collection itself; name another folder with --to")
        if any((root / name).resolve() in (there, *there.parents) for name in _OWN):
            raise UsageError(f"{to} is part of the collection; name another folder with --to")
        if to.is_symlink() or (to.exists() and not to.is_dir()):
            raise UsageError(f"{to} is no folder; name another one with --to")
        if not to.exists() or next(to.iterdir(), None) is None:
            return
        others = _others(to)
    except disk.UNRESOLVED as error:
        raise CollectionError(f"{to} cannot be read: {disk.why(error)}") from error
    if others is None:
        raise UsageError(f"{to} is not empty; name a folder that is not there yet with --to")
    if not force:
        raise UsageError(f"{to} is an older subset; replace it with --force")
    if others:
        raise UsageError(
            f"{to} is an older subset, but {others} was added to it and would be lost; move it away"
        )


def _others(to: Path) -> str | None:
    """Give a file that is not of the older subset, empty for none; None where it is no subset."""
    try:
        record = json.loads((to / RECORD).read_bytes())
        listed = {RECORD, *record["files"]} if record["version"] == VERSION else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if listed is None:
        return None
    for folder, subfolders, files in os.walk(to):
        subfolders.sort()
        for file in sorted(files):
            path = Path(folder, file).relative_to(to).as_posix()
            if path not in listed and not _is_cache(path):
                return path
    return ""


def _is_cache(path: str) -> bool:
    """Tell whether covidxr can make a file of its own folder again, unlike cases and decisions."""
    top, _, rest = path.partition("/")
    return top == disk.WORK and not rest.startswith(("candidates/", "review"))


def build(
    root: Path,
    to: Path,
    texts: Mapping[str, bytes],
    copies: Iterable[str],
    *,
    link: bool = False,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write a folder whole, and put it in the place of what `refuse` has let pass.

    Parameters
    ----------
    root : Path
        The collection's folder.
    to : Path
        Where the subset is to be.
    texts : mapping of str to bytes
        Files that are written, by path.
    copies : iterable of str
        Files of the collection that are copied to the same path.
    link : bool
        Whether they are hard links where the file system has them; a link saves the space, and
        both names are one file.
    progress : callable, optional
        Told how many files were copied.

    Raises
    ------
    CollectionError
        If the disk refuses; then nothing was changed.
    """
    with _telling(to):
        to.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{to.name}.", dir=to.parent.resolve()))
    try:
        new = work / "new"
        with _telling(to):
            new.mkdir()
            for path, data in texts.items():
                (new / path).parent.mkdir(parents=True, exist_ok=True)
                (new / path).write_bytes(data)
            for done, path in enumerate(copies, start=1):
                (new / path).parent.mkdir(parents=True, exist_ok=True)
                if not (link and newfolder.linked(root / path, new / path)):
                    shutil.copyfile(root / path, new / path)
                if progress is not None:
                    progress(done)
            newfolder.put(new, to, work / "old")
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def _telling(to: Path) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    except (OSError, ValueError) as error:
        where = getattr(error, "filename", None) or to
        raise CollectionError(
            f"{to} cannot be written: {where}: {disk.why(error)} (nothing was changed)"
        ) from error
