"""IMG101: a row names a file that is not there."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells
    from covidxr.model import Hit


# Where more files than this have no row, or more rows no file, near names are not looked for: each
# search compares a name with all others.
_MOST = 500
_FEW = 10


@rule("IMG101", severity=Severity.ERROR, since="0.1", needs=(Need.IMAGES,))
def file_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose file is not in ``images/``.

    What it checks
    --------------
    Each row whose folder is images, or blank, names a file that is in ``images/``. A name that
    differs only in capitals is IMG112, a name with a folder in it IMG107, a volume VOL101. Where
    none of the files is there, that is said once.

    Why it matters
    --------------
    A program that loads the collection stops at the first such row, or trains on fewer images than
    the table promises. In the collection that this is modelled on, up to 172 rows of one revision
    had no image.

    Example
    -------
    ``filename`` holds ``case-7-pa.png``; ``images/`` holds ``case-7-pa.jpg``, which no row names.

    How to fix
    ----------
    Add the file, or correct the name. Look for the image in the collection's history before the
    row is removed: it may have been renamed.

    Source
    ------
    SCHEMA.md: every row has its file.
    """
    listed = dataset.listed("images")
    missing = [cells for cells in listed if f"images/{cells.texts[1]}" not in dataset.files]
    if len(missing) == len(listed) > _FEW:
        yield _all_missing(dataset, len(missing))
        return
    folded = {fold_name(path) for path in dataset.files} if missing else set()
    spare = _Spare(dataset, listed) if missing else None
    for cells in missing:
        name = cells.texts[1]
        base = re.split(r"[/\\]", name)[-1]
        if fold_name(f"images/{name}") in folded or f"images/{base}" in dataset.files:
            continue
        near = spare.near(name) if spare and len(missing) <= _MOST else None
        message = f"{name} is not in images/"
        yield cells.at("filename", message, value=name, suggestion=near)


def _all_missing(dataset: Dataset, count: int) -> Hit:
    return dataset.at_header(
        dataset.table.fields["filename"],
        f"none of the {count:,} files that rows name is in images/",
        name="filename",
        suggestion="fetch the images (a shallow or partial clone leaves them out), or use "
        "--images none",
    )


class _Spare:
    """Files that no row names, among which a missing one may be."""

    def __init__(self, dataset: Dataset, listed: list[Cells]) -> None:
        used = {f"images/{cells.texts[1]}" for cells in listed}
        self.files = dataset.files
        self.names = [
            path.removeprefix("images/")
            for path in dataset.files
            if path.startswith("images/") and path not in used
        ]
        self.by_stem = {_stem(name): name for name in reversed(self.names)}

    def near(self, name: str) -> str | None:
        if f"volumes/{name}" in self.files:
            return "it is in volumes/: correct the folder"
        found = self.by_stem.get(_stem(name))
        if found is None and len(self.names) <= _MOST:
            found = next(iter(get_close_matches(name, self.names, n=1, cutoff=0.85)), None)
        return found and f"images/ has {found}, which no row names: is it this one?"


def _stem(name: str) -> str:
    return fold_name(name).rpartition(".")[0]
