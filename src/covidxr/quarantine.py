"""The list of what was not let through: names and reasons, never a byte of the files.

A file that cannot be cleaned may hold a person's name or face, so that it stays where it is; this
list says where that is, in covidxr's own folder, which git does not see.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.casefile import as_text
from covidxr.disk import keep_out_of_git, why, write_text
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from covidxr.ingesting import Told

VERSION = 1


def write(work: Path, run: str, paths: Sequence[Path], told: Sequence[Told]) -> Path:
    """Write the list of one run.

    Parameters
    ----------
    work : Path
        covidxr's own folder, where the candidates are.
    run : str
        When it began, as a part of a file's name.
    paths : sequence of Path
        What was taken in: the originals are there.
    told : sequence of Told
        What was not let through.

    Returns
    -------
    Path
        The list's.

    Raises
    ------
    CollectionError
        If the disk refuses.
    """
    folder = work / "quarantine"
    record = {
        "version": VERSION,
        "run": run,
        "originals": [str(path) for path in paths],
        "files": [
            {"name": each.name, "outcome": str(each.ending), "reason": each.reason} for each in told
        ],
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        keep_out_of_git(work)
        path = folder / f"{run}.json"
        number = 1
        while path.exists():
            number += 1
            path = folder / f"{run}-{number}.json"
    except OSError as error:
        msg = f"{folder} cannot be written: {why(error)}"
        raise CollectionError(msg) from error
    write_text(path, as_text(record))
    return path
