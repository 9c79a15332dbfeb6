"""The folder of a demonstration: made where nothing is yet, filled, listed; never emptied.

Owns that no file of anybody's is touched: a folder with something in it is refused. What goes into
it stands in :mod:`covidxr.demo`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from covidxr import disk
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterable


def made(folder: Path | None) -> Path:
    """Make the folder, or take an empty one.

    Parameters
    ----------
    folder : Path or None
        Where; None for a new temporary folder.

    Returns
    -------
    Path
        The folder's whole path.

    Raises
    ------
    CollectionError
        If something is there already, or nothing can be written there.
    """
    import tempfile

    try:
        if folder is None:
            return Path(tempfile.mkdtemp(prefix="covidxr-demo-")).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        if next(folder.iterdir(), None) is None:
            return folder.resolve()
    except disk.UNRESOLVED as error:
        where = "a temporary folder" if folder is None else str(folder)
        msg = f"{where} cannot be made: {disk.why(error)}; name another: `covidxr demo DIR`"
        raise CollectionError(msg) from error
    msg = (
        f"{folder} is not empty, and the demonstration changes nothing of yours; name a folder "
        "that is not there yet, or none for a temporary one"
    )
    raise CollectionError(msg)


def fill(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files into the folder.

    Parameters
    ----------
    folder : Path
        As `made` gives it.
    files : iterable of (str, bytes)
        Relative paths with / between their parts, and contents.

    Raises
    ------
    CollectionError
        If one cannot be written.
    """
    for name, content in files:
        path = folder / name
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            msg = f"{path.parent} cannot be made: {disk.why(error)}"
            raise CollectionError(msg) from error
        disk.write_bytes(path, content)


def listing(folder: Path) -> list[tuple[str, int]]:
    """Say what lies in the folder: names in order, those of folders with / and their file count."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            count = sum(each.is_file() for each in path.rglob("*"))
            found.append((f"{path.name}/", count))
        else:
            found.append((path.name, 1))
    return found
