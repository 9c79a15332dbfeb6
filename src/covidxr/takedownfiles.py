"""What a takedown looks at on the disk: annotations, texts that may name a file, a case's files.

This module lists and reads; it removes nothing and decides nothing. What is no plain file of the
collection is never opened.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from covidxr.annotationedit import TEXTS
from covidxr.disk import UNRESOLVED, WORK, read_bytes, why
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterator

ANNOTATIONS = "annotations"
_LISTED = (ANNOTATIONS, "docs", "images", "volumes")


def annotation_files(root: Path) -> tuple[str, ...]:
    """Give the path of every file below ``annotations/``, relative to the root, in order."""
    return tuple(_below(root, ANNOTATIONS))


def texts(root: Path) -> tuple[str, ...]:
    """Give the path of every text that may name a file of the collection.

    Returns
    -------
    tuple of str
        Those at the top, and below ``annotations/``, ``docs/``, ``images/`` and ``volumes/``.
    """
    with _telling(root):
        tops = sorted(path.name for path in root.iterdir() if path.is_file())
    found = [*tops, *(path for name in _LISTED for path in _below(root, name))]
    return tuple(
        path
        for path in found
        if PurePosixPath(path).suffix.lower() in TEXTS and not path.startswith(".")
    )


def candidate_files(root: Path, case: str) -> tuple[str, ...]:
    """Give the path of every file of a candidate's folder, its record last."""
    folder = f"{WORK}/candidates/{case}"
    found = sorted(_below(root, folder, hidden=True))
    record = f"{folder}/case.json"
    return tuple(sorted(found, key=lambda path: path == record))


def why_not(root: Path, path: str) -> str:
    """Say why a path of the collection is not opened; empty where it can be."""
    full = root / path
    try:
        inside = full.resolve().is_relative_to(root.resolve()) or full.resolve().is_relative_to(
            (root / PurePosixPath(path).parts[0]).resolve()
        )
        status = full.stat()
    except UNRESOLVED as error:
        return f"cannot be read: {why(error)}"
    if not inside:
        return "is a link that leads out of the collection"
    if not stat.S_ISREG(status.st_mode):
        return "is not a file but a folder, a pipe or a device"
    return ""


def contents(root: Path, path: str) -> bytes | None:
    """Read one file, or None where there is none of that name.

    Raises
    ------
    CollectionError
        If there is one that cannot be read or leads elsewhere.
    """
    full = root / path
    with _telling(full):
        if not full.is_symlink() and not full.exists():
            return None
    reason = why_not(root, path)
    if reason:
        raise CollectionError(f"{path} {reason}")
    return read_bytes(full)


def _below(root: Path, name: str, *, hidden: bool = False) -> Iterator[str]:
    for folder, subfolders, files in os.walk(root / name, onerror=_refuse):
        subfolders[:] = sorted(each for each in subfolders if hidden or not each.startswith("."))
        for file in sorted(files):
            if hidden or not file.startswith("."):
                yield Path(folder, file).relative_to(root).as_posix()


def _refuse(error: OSError) -> None:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return
    raise CollectionError(f"{error.filename} cannot be read: {why(error)}") from error


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    except UNRESOLVED as error:
        raise CollectionError(f"{path} cannot be read: {why(error)}") from error
