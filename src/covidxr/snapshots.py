"""A collection as it stands in a folder, or as a git revision has it: its table and its files.

This module lists and reads; it changes nothing and compares nothing.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from covidxr import disk, exportfolder, revisions, store
from covidxr.errors import CollectionError, UsageError
from covidxr.places import Folder, UnopenedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from covidxr.table import Table

_STEP = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FileState:
    """What tells one content of a file from another.

    Parameters
    ----------
    id : str
        Hash of the bytes as git makes it; the same for the same bytes.
    size : int
        In bytes.
    """

    id: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One state of a collection.

    Parameters
    ----------
    name : str
        As the user named it.
    table : Table
        ``metadata.csv``.
    files : mapping of str to FileState, or None
        Files below ``images/``, ``volumes/`` and ``annotations/`` by path; None where a bare table
        is all there is.
    read : callable or None
        Gives the bytes of several of these files by path; None where they are not to be had.
    """

    name: str
    table: Table
    files: Mapping[str, FileState] | None = None
    read: Callable[[Iterable[str]], Mapping[str, bytes]] | None = None


def pair(root: Path, before: str, after: str | None) -> tuple[Snapshot, Snapshot]:
    """Read the two states that a user names.

    Parameters
    ----------
    root : Path
        The collection's folder, whose git repository knows the revisions.
    before, after : str
        A folder with a ``metadata.csv``, a table's file, or anything that git takes for a commit.
        None for `after` is the collection as it stands in `root`.

    Returns
    -------
    (Snapshot, Snapshot)
        Where one is a revision and the other `root` itself, git tells which files differ, so that
        filters such as those of git-lfs are no difference.

    Raises
    ------
    RevisionError
        If git does not know a revision.
    CollectionError
        If a table is not there or cannot be read.
    """
    first = of(root, before)
    if after is not None:
        return first, of(root, after)
    if _is_revision(before):
        return first, _working_tree(root, before, first.files or {})
    return first, of_folder(root)


def of(root: Path, name: str) -> Snapshot:
    """Read one state of a collection; parameters and errors are those of `pair`."""
    if _is_revision(name):
        return of_revision(root, name)
    path = Path(name)
    return of_folder(path, name) if path.is_dir() else of_table(path)


def _is_revision(name: str) -> bool:
    """Whether a name is for git: there is no table of that name, nor a folder with one."""
    path = Path(name)
    try:
        there = path.is_file() or store.has_table(path)
    except disk.UNRESOLVED:
        return True
    if not there and path.is_dir() and (path.is_absolute() or name.startswith(".")):
        msg = f"there is no {path / store.TABLE}"
        raise UsageError(msg)
    return not there


def of_table(path: Path) -> Snapshot:
    """Read a table whose files are not known."""
    table = store.read_table(path.parent, path.name)
    if table is None:
        msg = f"there is no {path}"
        raise CollectionError(msg)
    return Snapshot(name=str(path), table=table)


def of_folder(root: Path, name: str = "") -> Snapshot:
    """Read a collection in a folder; every file's bytes are looked at."""
    return Snapshot(
        name=name or "the working tree",
        table=_table(root),
        files={path: state_of(root, path) for path in files_below(root)},
        read=_reader(root),
    )


def of_revision(root: Path, revision: str) -> Snapshot:
    """Read a collection as a revision has it."""
    listed = revisions.tree(root, revision, (store.TABLE, *store.FOLDERS))
    blob = listed.pop(store.TABLE, None)
    if blob is None:
        msg = f"{revision} has no {store.TABLE}"
        raise CollectionError(msg)
    data = revisions.blobs(root, [blob.id])[blob.id]
    files = {path: each for path, each in listed.items() if _is_listed(path)}

    def read(paths: Iterable[str]) -> dict[str, bytes]:
        wanted = [path for path in paths if path in files]
        contents = revisions.blobs(root, [files[path].id for path in wanted])
        return {path: contents[files[path].id] for path in wanted}

    return Snapshot(
        name=revision,
        table=store.parse_table(data, f"{store.TABLE} at {revision}"),
        files={path: FileState(id=each.id, size=each.size) for path, each in files.items()},
        read=read,
    )


def _working_tree(root: Path, revision: str, files: Mapping[str, FileState]) -> Snapshot:
    """Read the folder that a revision is of: git knows which files are still the same."""
    changed = {path for path in revisions.changed_files(root, revision) if _is_listed(path)}
    now = {path: state for path, state in files.items() if path not in changed}
    there = changed & set(files_below(root))
    now |= {path: state_of(root, path) for path in sorted(there)}
    return Snapshot(name="the working tree", table=_table(root), files=now, read=_reader(root))


def _table(root: Path) -> Table:
    # A large one is read by processes of their own there.
    return store.read_collection(root).table


def _reader(root: Path) -> Callable[[Iterable[str]], Mapping[str, bytes]]:
    def read(paths: Iterable[str]) -> dict[str, bytes]:
        found = {}
        for path in paths:
            try:
                with Folder(root).opened(path) as (data, _):
                    found[path] = bytes(data)
            except UnopenedError as error:
                msg = f"{path} {error}"
                raise CollectionError(msg) from None
        return found

    return read


def _is_listed(path: str) -> bool:
    """Whether a file belongs to the collection: below its folders, and not hidden."""
    parts = PurePosixPath(path).parts
    return parts[0] in store.FOLDERS and not any(part.startswith(".") for part in parts)


def files_below(root: Path) -> Iterator[str]:
    """Give the path of every file below the collection's folders, hidden ones left out.

    Raises
    ------
    CollectionError
        If a folder cannot be listed.
    """

    def refuse(error: OSError) -> None:
        msg = f"{error.filename} cannot be read: {disk.why(error)}"
        raise CollectionError(msg) from error

    for name in store.FOLDERS:
        if not (root / name).is_dir():
            continue
        for folder, subfolders, files in os.walk(root / name, onerror=refuse):
            subfolders[:] = sorted(each for each in subfolders if not each.startswith("."))
            for file in sorted(files):
                if not file.startswith("."):
                    yield Path(folder, file).relative_to(root).as_posix()


def state_of(root: Path, path: str, *, kind: str = "git") -> FileState:
    """Give size and hash of one file.

    Parameters
    ----------
    root : Path
        The collection's folder.
    path : str
        Relative to it.
    kind : str
        ``"git"``: the id that git gives the bytes (SHA-1 of a header and them); a link is the text
        of its target, as git has it. ``"sha256"``: of the bytes alone, those behind a link.

    Raises
    ------
    CollectionError
        If it cannot be read.
    """
    full = root / path
    if kind == "git" and full.is_symlink():
        target = os.fsencode(full.readlink())
        return FileState(id=_digest([target], len(target), kind), size=len(target))
    try:
        with Folder(root).opened(path) as (data, size):
            parts = (data[at : at + _STEP] for at in range(0, len(data), _STEP))
            return FileState(id=_digest(parts, len(data), kind), size=size)
    except UnopenedError as error:
        msg = f"{path} {error}"
        raise CollectionError(msg) from None


def _digest(parts: Iterable[bytes], size: int, kind: str) -> str:
    if kind == "git":
        # git's object ids; nothing secret hangs on them.
        made = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    else:
        made = hashlib.sha256()
    for part in parts:
        made.update(part)
    return made.hexdigest()


# -- releases --------------------------------------------------------------------------------------

RELEASES = "releases"
MANIFEST, SUMS = "release.json", "SHA256SUMS"


def releases(root: Path) -> tuple[str, ...]:
    """Give the names of the folders below ``releases/`` that hold a whole release, sorted.

    Raises
    ------
    CollectionError
        If the folder cannot be listed.
    """
    folder = root / RELEASES
    if not folder.is_dir():
        return ()
    try:
        return tuple(sorted(each.parent.name for each in folder.glob(f"*/{MANIFEST}")))
    except OSError as error:
        msg = f"{folder} cannot be read: {disk.why(error)}"
        raise CollectionError(msg) from error


def pair_with_release(root: Path, version: str) -> tuple[Snapshot, Snapshot]:
    """Read a collection as one of its releases tells it, and as it stands.

    Parameters
    ----------
    root : Path
        The collection's folder.
    version : str
        Of the release.

    Returns
    -------
    (Snapshot, Snapshot)
        Files are told apart by SHA-256; what older ones held is not known.
    """
    folder = root / RELEASES / version
    sums = exportfolder.read_sums(disk.read_bytes(folder / SUMS))
    before = Snapshot(
        name=version,
        table=_table(folder),
        files={path: FileState(id=each, size=0) for path, each in sums.items() if _is_listed(path)},
    )
    files = {path: state_of(root, path, kind="sha256") for path in files_below(root)}
    after = Snapshot(name="the working tree", table=_table(root), files=files, read=_reader(root))
    return before, after
