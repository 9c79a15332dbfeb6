"""Folders that exports are written to: whole or not at all, and only what an export wrote goes.

An export is built in a folder beside its place and moved there in one step. It lists its own files
in ``SHA256SUMS``, which ``sha256sum -c`` checks; by it an older export is told from anything else
that may lie in its place.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from covidxr import newfolder
from covidxr.disk import UNRESOLVED, read_bytes, why
from covidxr.errors import CollectionError, UsageError
from covidxr.takedownfiles import why_not

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from covidxr.model import Artifact

SUMS = "SHA256SUMS"
"""List of an export's files, in the form of GNU coreutils' ``sha256sum``."""

FOLDERS = ("images", "volumes", "annotations")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an export wrote.

    Parameters
    ----------
    folder : Path
        Where.
    files : int
        How many files, their list not counted.
    bytes : int
        What they weigh together.
    """

    folder: Path
    files: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Originals:
    """Where copies come from, what they must be, and how they are made."""

    root: Path
    known: Mapping[str, str]
    link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """An export that is built, and not in its place yet.

    Parameters
    ----------
    draft : Path
        Where it lies meanwhile.
    folder : Path
        Its place.
    files, bytes : int
        How many files, and what they weigh.
    """

    draft: Path
    folder: Path
    files: int
    bytes: int


def check_outside(to: Path, root: Path) -> None:
    """Refuse a place among the collection's own files, where an export would become part of them.

    Raises
    ------
    CollectionError
        If it is inside ``images/``, ``volumes/`` or ``annotations/``.
    """
    with _telling(to):
        for name in FOLDERS:
            if to.resolve().is_relative_to((root / name).resolve()):
                raise CollectionError(
                    f"{to} is among the collection's own files; name another folder with --to"
                )


def check_free(folder: Path, *, force: bool) -> None:
    """Refuse a place in which something lies that an export may not replace.

    Parameters
    ----------
    folder : Path
        The export's place.
    force : bool
        Whether an older export there may be replaced.

    Raises
    ------
    CollectionError
        If anything lies there, or with `force` anything but an export as it was written.
    """
    with _telling(folder):
        if folder.is_symlink():
            raise CollectionError(
                f"{folder} is a link; an export is written to a folder of its own"
            )
        if not folder.exists():
            return
        if not folder.is_dir():
            raise CollectionError(f"{folder} is there already, and is no folder")
        there = sorted(_files(folder))
    if there and not force:
        raise CollectionError(
            f"{folder} is not empty: name another folder with --to, or replace an older export "
            "with --force"
        )
    if there:
        _check_own(folder, there)


def _check_own(folder: Path, there: Iterable[str]) -> None:
    """Refuse to replace what no export wrote, and what was changed since."""
    sums = read_sums(read_bytes(folder / SUMS)) if (folder / SUMS).is_file() else {}
    for path in there:
        if path == SUMS:
            continue
        if path not in sums:
            raise CollectionError(
                f"{folder / path} was not written by an export; move it away, or name another "
                "folder with --to (nothing was changed)"
            )
        if _digest(folder / path) != sums[path]:
            raise CollectionError(
                f"{folder / path} was changed since it was exported; move it away, or name another "
                "folder with --to (nothing was changed)"
            )


@contextlib.contextmanager
def building(to: Path) -> Iterator[Path]:
    """Give a new hidden folder in which exports are built; it is gone afterwards, whatever happens.

    Parameters
    ----------
    to : Path
        The folder that exports are to lie in; made where it is not there, and taken away again if
        nothing came into it.

    Raises
    ------
    CollectionError
        If it cannot be made.
    """
    made: list[Path] = []
    with _telling(to):
        made = [each for each in (to, *to.parents) if not each.exists()]
        to.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".covidxr-export-", dir=to))
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        for each in made:
            with contextlib.suppress(OSError):
                each.rmdir()


def build(
    draft: Path,
    artifacts: Iterable[Artifact],
    root: Path,
    *,
    link: bool = False,
    known: Mapping[str, str] | None = None,
) -> tuple[int, int]:
    """Write an export's files and their list.

    Parameters
    ----------
    draft : Path
        A folder that is made; nobody else writes to it.
    artifacts : iterable of Artifact
        What to write.
    root : Path
        The collection's folder, for copies.
    link : bool
        Whether copies are hard links where the disk can: they take no room, and show every change
        that somebody makes *inside* the collection's file. covidxr itself always writes new files.
    known : mapping of str to str
        SHA-256 by path of what the export speaks of; a file that is not that any more is refused.

    Returns
    -------
    (int, int)
        How many files, and what they weigh, their list not counted.

    Raises
    ------
    UsageError
        If a path leads out of the folder.
    CollectionError
        If the disk refuses, a file is described twice, or one was changed since it was looked at.
    """
    originals = _Originals(root=root, known=known or {}, link=link)
    sums: dict[str, str] = {}
    total = 0
    with _telling(draft):
        draft.mkdir()
    for artifact in artifacts:
        _check_path(artifact.path)
        if artifact.path in sums or artifact.path == SUMS:
            raise CollectionError(f"the export describes {artifact.path} twice")
        target = draft / artifact.path
        with _telling(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            if artifact.copy_of:
                size, digest = _copied(originals, artifact.copy_of, target)
            else:
                size, digest = _streamed(_pieces(artifact), target)
        sums[artifact.path] = digest
        total += size
    with _telling(draft):
        (draft / SUMS).write_bytes(sums_text(sums))
    return len(sums), total


def write(folder: Path, artifacts: Iterable[Artifact], root: Path, *, force: bool) -> Written:
    """Write one folder, all of it or nothing.

    Parameters
    ----------
    folder : Path
        A new folder, or with `force` one that was written so before.
    artifacts : iterable of Artifact
        What goes into it.
    root : Path
        The collection's folder, for copies.
    force : bool
        Whether an older one is replaced.

    Raises
    ------
    CollectionError
        If something else lies there, or the disk refuses; then nothing was changed.
    """
    check_free(folder, force=force)
    with building(folder.absolute().parent) as draft:
        files, total = build(draft / folder.name, artifacts, root, link=False)
        built = Building(draft=draft / folder.name, folder=folder, files=files, bytes=total)
        return place(built)


def place(built: Building) -> Written:
    """Move a built export to its place, instead of an older one.

    Raises
    ------
    CollectionError
        If the disk refuses; an older export is then where it was.
    """
    old = built.draft.with_name(f"{built.draft.name}.old")
    with _telling(built.folder):
        newfolder.put(built.draft, built.folder, old)
    shutil.rmtree(old, ignore_errors=True)
    return Written(folder=built.folder, files=built.files, bytes=built.bytes)


def _check_path(path: str) -> None:
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    if (
        path in {"", "."}
        or path != posix.as_posix()
        or posix.is_absolute()
        or windows.is_absolute()
        or windows.drive
        or ".." in windows.parts
        or "\0" in path
    ):
        raise UsageError(f"{path!r} is no path inside an export's folder")


def _pieces(artifact: Artifact) -> Iterator[bytes]:
    if artifact.parts is not None:
        yield from artifact.parts()
    elif artifact.data is not None:
        yield artifact.data


def _streamed(pieces: Iterable[bytes], target: Path) -> tuple[int, str]:
    size, digest = 0, hashlib.sha256()
    with target.open("xb") as file:
        for piece in pieces:
            file.write(piece)
            digest.update(piece)
            size += len(piece)
    return size, digest.hexdigest()


def _copied(originals: _Originals, path: str, target: Path) -> tuple[int, str]:
    reason = why_not(originals.root, path)
    if reason:
        raise CollectionError(f"{path} {reason}")
    size, digest = _taken((originals.root / path).resolve(), target, link=originals.link)
    if originals.known.get(path, digest) != digest:
        raise CollectionError(
            f"{path} was changed by someone else meanwhile; nothing was written, run again"
        )
    return size, digest


def _taken(source: Path, target: Path, *, link: bool) -> tuple[int, str]:
    # Where the disk makes none, a copy serves as well.
    if link and newfolder.linked(source, target):
        return source.stat().st_size, _digest(source)
    with source.open("rb") as file:
        return _streamed(iter(lambda: file.read(_PIECE), b""), target)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise CollectionError(f"{path} cannot be read: {why(error)}") from error


def _files(folder: Path) -> Iterator[str]:
    for top, _folders, names in os.walk(folder):
        for name in names:
            yield Path(top, name).relative_to(folder).as_posix()


def sums_text(sums: dict[str, str]) -> bytes:
    """Write a list of files, by path, as ``sha256sum`` does.

    A backslash, a line feed or a carriage return in a name is written with a backslash, and so is
    the beginning of that line (GNU coreutils manual, "cksum output modes").
    """
    lines = []
    for path, digest in sorted(sums.items()):
        name = path.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        lines.append(f"{chr(92) if name != path else ''}{digest}  {name}\n")
    return "".join(lines).encode("utf-8", "surrogateescape")


def read_sums(data: bytes) -> dict[str, str]:
    """Read such a list; lines of another form count for nothing."""
    found = {}
    for line in data.decode("utf-8", "surrogateescape").split("\n"):
        digest, space, name = line.removeprefix("\\").partition("  ")
        if space and line.startswith("\\"):
            name = _unescaped(name)
        if space:
            found[name] = digest
    return found


def _unescaped(name: str) -> str:
    parts = name.split("\\\\")
    return "\\".join(part.replace("\\n", "\n").replace("\\r", "\r") for part in parts)


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into words."""
    try:
        yield
    except UNRESOLVED as error:
        where = getattr(error, "filename", None) or path
        raise CollectionError(f"{where} cannot be written or read: {why(error)}") from error


def looked_at(root: Path, paths: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the size and the SHA-256 of some of the collection's files.

    Yields
    ------
    (str, int, str)
        Path relative to the root, bytes, SHA-256 in hex.

    Raises
    ------
    CollectionError
        If one cannot be read or leads elsewhere.
    """
    for path in paths:
        reason = why_not(root, path)
        if reason:
            raise CollectionError(f"{path} {reason}")
        with _telling(root / path):
            yield path, (root / path).stat().st_size, _digest(root / path)
