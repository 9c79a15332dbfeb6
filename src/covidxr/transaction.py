"""Changing several files of a collection together, or none of them, whatever happens meanwhile.

No disk writes two files in one step. So the new files are written beside the collection first, then
a list of what replaces what, in one step; from then on the change is decided, and whoever opens the
collection next finishes what was cut off. What the disk refuses is taken back as a whole. One
writer at a time holds the collection.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import filelock

from covidxr.disk import WORK, keep_out_of_git, umask, why
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from typing import Literal, NoReturn

_FOLDER = "transaction"
_LIST = "list.json"
_VERSION = 1
# Name of a file that is about to take its place beside it; no image is called like that.
_PART = ".covidxr-part"

# Long enough for another command to write a table of a million rows, and short enough to wait for.
_PATIENCE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file that is made, replaced or removed.

    Parameters
    ----------
    path : str
        Relative to the collection's root, with ``/``.
    data : bytes or None
        The whole new file; None removes it.
    was : bytes or None
        What the file holds now; None where there is none. The change is refused if that is not so.
    """

    path: str
    data: bytes | None
    was: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    """One file of the list: its path, and the hashes of what it was and is to be."""

    path: str
    old: str | None
    new: str | None


@contextlib.contextmanager
def holding(root: Path) -> Iterator[None]:
    """Hold a collection for writing, after finishing what another writer was cut off from.

    Raises
    ------
    CollectionError
        If another writer does not let go, or the disk refuses.
    """
    lock = _lock(root)
    try:
        _finish(root)
        yield
    finally:
        lock.release()


def finish(root: Path) -> None:
    """Finish a change that was cut off; costs one look where there is none.

    Raises
    ------
    CollectionError
        If it cannot be finished; the message says what to do.
    """
    if (root / WORK / _FOLDER / _LIST).exists():
        with holding(root):
            pass


def commit(root: Path, changes: Sequence[Change]) -> None:
    """Make all changes, or none; call it while `holding` the collection.

    Files change in the order given.

    Raises
    ------
    CollectionError
        If a file is not what it was, or the disk refuses; then nothing was changed.
    ValueError
        If two changes are of one file.
    """
    if len({change.path for change in changes}) < len(changes):
        raise ValueError("two changes of one file")
    for change in changes:
        _check(root, change)
    folder = root / WORK / _FOLDER
    try:
        with _telling(folder):
            folder.mkdir(parents=True, exist_ok=True)
            keep_out_of_git(root / WORK)
            _sync(folder.parent)
            steps = [_prepare(folder, number, each) for number, each in enumerate(changes)]
            record = {"version": _VERSION, "folder": folder.stat().st_ino, "steps": steps}
            _write(folder / "list.part", json.dumps(record).encode())
            _sync(folder)
            # From here on it is decided.
            (folder / "list.part").replace(folder / _LIST)
            _sync(folder)
    except BaseException:
        # Ctrl-C can come right behind the list, too: then the change is made all the same.
        if (folder / _LIST).exists():
            _finish(root)
        else:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    _finish(root)


def _check(root: Path, change: Change) -> None:
    path = _inside(root, change.path)
    now = _read(path)
    if now != change.was:
        what = "is there already" if change.was is None else "was changed by someone else meanwhile"
        raise CollectionError(f"{path} {what}; nothing was written, try again")
    # Who asks for a file to be removed means it; git-annex protects every file.
    if None not in (now, change.data) and not os.access(path, os.W_OK):
        raise CollectionError(f"{path} is write-protected (nothing was changed)")


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CollectionError(f"{path} cannot be read: {why(error)}") from error


def _prepare(folder: Path, number: int, change: Change) -> dict[str, str | None]:
    """Write what a step needs, to be done and to be taken back."""
    if change.data is not None:
        _write(folder / f"new-{number}", change.data)
    if change.was is not None:
        _write(folder / f"old-{number}", change.was)
    return {"path": change.path, "old": _digest(change.was), "new": _digest(change.data)}


def _finish(root: Path) -> None:
    """Make the change that the list tells of, or take it back where that cannot be."""
    folder = root / WORK / _FOLDER
    if not (folder / _LIST).exists():
        # What was prepared and never decided on; it may be somebody's picture.
        shutil.rmtree(folder, ignore_errors=True)
        return
    with _telling(folder):
        steps = _steps(folder / _LIST)
    odd = _odd(root, steps)
    if odd:
        _apply(root, steps, "old", odd)
        raise CollectionError(
            f"a change that was cut off could not be finished, since {', '.join(odd)} was changed "
            "since; all else was taken back, and what it was about waits again: look whether "
            f"{odd[0]} still holds part of it, and run again"
        )
    try:
        _apply(root, steps, "new")
    except CollectionError as problem:
        _take_back(root, steps, problem)


def _take_back(root: Path, steps: Sequence[_Step], problem: CollectionError) -> NoReturn:
    try:
        _apply(root, steps, "old")
    except CollectionError:
        raise CollectionError(
            f"{problem}: a change is half made, and covidxr finishes it as soon as it can"
        ) from problem
    raise CollectionError(f"{problem} (nothing was changed)") from problem


def _odd(root: Path, steps: Sequence[_Step]) -> tuple[str, ...]:
    """Give the files that are neither what they were nor what they were to become."""
    return tuple(
        step.path
        for step in steps
        if _digest(_read(_inside(root, step.path))) not in (step.old, step.new)
    )


def _apply(
    root: Path, steps: Sequence[_Step], which: Literal["old", "new"], odd: Collection[str] = ()
) -> None:
    """Bring every file to what it was or is to be, and forget the list."""
    folder = root / WORK / _FOLDER
    with _telling(folder):
        for number, step in enumerate(steps):
            wanted: str | None = getattr(step, which)
            path = _inside(root, step.path)
            if step.path not in odd and _digest(_read(path)) != wanted:
                _put(None if wanted is None else folder / f"{which}-{number}", path)
            path.resolve().with_name(_PART).unlink(missing_ok=True)
            if wanted is None:
                _remove_empty(root, path.parent)
        # In one step out of the way, so that a list never stands without its files.
        (folder / _LIST).unlink()
        _sync(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _remove_empty(root: Path, folder: Path) -> None:
    """Remove folders of candidates that nothing is left in; the collection's own stay."""
    top = root / WORK / "candidates"
    while top in folder.parents and top != folder.parent:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _steps(path: Path) -> tuple[_Step, ...]:
    try:
        record = json.loads(path.read_text("utf-8"))
        version, folder = record["version"], record["folder"]
        steps = tuple(
            _Step(path=str(step["path"]), old=step["old"], new=step["new"])
            for step in record["steps"]
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _unusable(path, f"cannot be read: {error!r}") from error
    if version != _VERSION:
        raise _unusable(path, f"has version {version!r}")
    if folder != path.parent.stat().st_ino:
        # A repository can bring such a list along; what it says is not done for a stranger.
        raise _unusable(path, "was not written in this folder")
    return steps


def _unusable(path: Path, why_not: str) -> CollectionError:
    return CollectionError(
        f"{path} {why_not}; finish the change with the covidxr that began it, where it began, or "
        f"remove {path.parent} to forget it"
    )


def _put(source: Path | None, target: Path) -> None:
    """Bring a file to its place in one step, or remove it."""
    if source is None:
        target.unlink(missing_ok=True)
        _sync(target.parent)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # A table that is a link stays one; its mode stays, too.
    target = target.resolve()
    mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~umask()
    part = target.with_name(_PART)
    part.unlink(missing_ok=True)
    try:
        os.link(source, part)
    except OSError:
        # Another file system, or one without links.
        _write(part, source.read_bytes())
    part.chmod(mode)
    part.replace(target)
    _sync(target.parent)


def _inside(root: Path, path: str) -> Path:
    parts = PurePosixPath(path).parts
    try:
        odd = b"\0" in os.fsencode(path)
    except UnicodeEncodeError:
        odd = True
    names = {part.casefold() for part in parts}
    if odd or not parts or {"..", ".git"} & names or PurePosixPath(path).is_absolute():
        raise CollectionError(f"{path!r} is no path within the collection")
    return root.joinpath(*parts)


def _lock(root: Path) -> filelock.BaseFileLock:
    folder = root / WORK / "locks"
    with _telling(folder):
        folder.mkdir(parents=True, exist_ok=True)
        keep_out_of_git(root / WORK)
        lock = filelock.FileLock(folder / "collection.lock", timeout=_PATIENCE_SECONDS)
        try:
            lock.acquire()
        except filelock.Timeout:
            raise CollectionError(
                f"another covidxr is writing to this collection; try again when it has ended "
                f"(it holds {lock.lock_file})"
            ) from None
    return lock


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """Make sure that names, too, are on the disk; systems that cannot do not need to."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def _telling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = error.filename or path
        raise CollectionError(f"{where} cannot be written or read: {why(error)}") from error
