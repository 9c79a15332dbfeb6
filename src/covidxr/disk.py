"""The disk, file by file: reading texts, writing whole files or nothing, names of folders.

What a collection or a candidate is made of stands in :mod:`covidxr.store` and
:mod:`covidxr.candidatestore`; both write through here. Whatever keeps a file from being read or
written becomes a :class:`CollectionError`.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
from pathlib import Path

from covidxr.errors import CollectionError

WORK = ".covidxr"
"""Folder of a collection that git does not see."""

_IGNORE_ALL = "# Made by covidxr: nothing in this folder is part of the collection.\n*\n"

# Links that lead in a circle are no OSError, nor are paths with NUL in them.
UNRESOLVED = (OSError, RuntimeError, ValueError)


def read_text(path: Path) -> str:
    """Read a text file as it is, line ends included; bytes that are not UTF-8 become surrogates.

    Raises
    ------
    CollectionError
        If it cannot be read.
    """
    try:
        return _text(path)
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise CollectionError(msg) from error


def read_text_if_there(path: Path) -> str | None:
    """Read a text file as `read_text` does, or None where there is no such file.

    Raises
    ------
    CollectionError
        If there is one that cannot be read.
    """
    try:
        return _text(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        msg = f"{path} cannot be read: {error.strerror}"
        raise CollectionError(msg) from error


def _text(path: Path) -> str:
    try:
        # Settings can name any path, and some devices have no end.
        mode = path.stat().st_mode
    except ValueError as error:
        msg = f"{str(path)!r} is no path: {error}"
        raise CollectionError(msg) from None
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        msg = f"{path} is a device; a file is wanted"
        raise CollectionError(msg)
    return path.read_bytes().decode("utf-8", "surrogateescape")


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises
    ------
    CollectionError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be read: {why(error)}"
        raise CollectionError(msg) from error


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder at a path."""
    try:
        return path.is_dir()
    except UNRESOLVED:
        return False


def files_below(folder: Path) -> tuple[str, ...]:
    """List the files below a folder, links to folders not followed.

    Returns
    -------
    tuple of str
        Paths relative to it, with ``/``, sorted; what begins with a dot is left out.

    Raises
    ------
    CollectionError
        If a folder cannot be listed.
    """

    def refuse(error: OSError) -> None:
        msg = f"{error.filename} cannot be listed: {error.strerror}"
        raise CollectionError(msg) from error

    found = []
    for above, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        inside = Path(above).relative_to(folder)
        found += [(inside / name).as_posix() for name in names if not name.startswith(".")]
    return tuple(sorted(found))


def is_there(path: Path) -> bool:
    """Tell whether anything has this path; a path that cannot be asked for has nothing."""
    try:
        return path.exists()
    except UNRESOLVED:
        return False


def folder_name(root: Path) -> str:
    """Name of a collection's folder, however the path to it is written; blank where it has none."""
    try:
        return root.resolve().name
    except UNRESOLVED:
        return ""


def day_of_folder(root: Path) -> dt.date | None:
    """Read the day that a folder is named after: it holds a snapshot of a table of that day."""
    try:
        return dt.date.fromisoformat(folder_name(root))
    except ValueError:
        return None


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all, line ends as they stand in `text`."""
    write_bytes(path, text.encode("utf-8", "surrogateescape"))


def append_text(path: Path, text: str) -> None:
    """Add to the end of a text file, such as a job's summary; make it where there is none.

    Raises
    ------
    CollectionError
        If it cannot be written.
    """
    try:
        with path.open("ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as error:
        msg = f"{path} cannot be written: {why(error)}"
        raise CollectionError(msg) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: to a new file beside it, which then takes its place.

    Raises
    ------
    CollectionError
        If it cannot be written; the old file is then untouched.
    """
    import tempfile

    try:
        target = path.resolve()
        if target.exists() and not os.access(target, os.W_OK):
            # A new file could take its place all the same; its owner has asked that none does.
            msg = f"{path} is write-protected (nothing was changed)"
            raise CollectionError(msg)
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    except UNRESOLVED as error:
        msg = f"{path} cannot be written: {why(error)} (nothing was changed)"
        raise CollectionError(msg) from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes private files; the new one gets the old one's mode, or the usual one.
        mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~umask()
        Path(temporary).chmod(mode)
        Path(temporary).replace(target)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        msg = f"{path} cannot be written: {error.strerror} (nothing was changed)"
        raise CollectionError(msg) from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def keep_out_of_git(work: Path) -> None:
    """Put a ``.gitignore`` into covidxr's own folder, so that nothing in it is committed."""
    ignore = work / ".gitignore"
    if not ignore.exists():
        write_text(ignore, _IGNORE_ALL)


def why(error: Exception) -> str:
    """Say in the system's words why a path cannot be used."""
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def umask() -> int:
    """Give the bits that the user keeps out of new files' modes."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
