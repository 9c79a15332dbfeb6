"""Which part of a split each image is in, from a file that an export is given.

The file is one of `covidxr split`, whose hash is checked, or any CSV with the columns ``filename``
and ``part``, below lines of remarks that begin with ``#``.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from covidxr import disk, splitfile
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from covidxr.dataset import Dataset

_WANTED = ("filename", "part")


def read(path: Path, dataset: Dataset) -> dict[str, str]:
    """Read a split.

    Parameters
    ----------
    path : Path
        The file.
    dataset : Dataset
        The images.

    Returns
    -------
    dict of str to str
        Part by an image's path relative to the root; images without a part are left out.

    Raises
    ------
    UsageError
        If a column is missing, an image is not in the collection, stands in two parts, or somebody
        edited a file of `covidxr split`.
    CollectionError
        If the file cannot be read.
    """
    known = _paths(dataset)
    data = disk.read_bytes(path)
    if splitfile.is_split(data):
        return _own(path, splitfile.read(data, str(path)), known)
    lines = io.StringIO(data.decode("utf-8", "surrogateescape").removeprefix("\ufeff"))
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    missing = [name for name in _WANTED if name not in (rows.fieldnames or ())]
    if missing:
        raise UsageError(f"{path} has no column {', '.join(missing)}: it is no split")
    parts: dict[str, str] = {}
    for row in rows:
        name, part = ((row[key] or "").strip() for key in _WANTED)
        if name not in known:
            raise UsageError(f"{path} names {name!r}, which is not in the collection's table")
        if parts.setdefault(known[name], part) != part:
            raise UsageError(f"{path} puts {name} into two parts")
    return {image: part for image, part in parts.items() if part}


def _own(path: Path, split: splitfile.Split, known: Mapping[str, str]) -> dict[str, str]:
    """Take the parts of a split that is as it was written."""
    if split.edits:
        raise UsageError(
            f"{path} is not as it was written: {split.edits[0]}; `covidxr split --check {path}`"
        )
    parts = split.parts()
    lost = next((each for each in parts if each not in known), None)
    if lost is not None:
        raise UsageError(f"{path} names {lost!r}, which is not in the collection's table")
    return parts


def _paths(dataset: Dataset) -> dict[str, str]:
    """Give each file's path by its name, and by its path."""
    paths = {}
    for cells in dataset.cells("folder", "filename"):
        path = f"{cells.texts[0] or 'images'}/{cells.texts[1]}"
        paths[path] = paths[cells.texts[1]] = path
    return paths
