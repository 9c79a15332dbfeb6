"""IMG103: a file in images/ is no picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


_DO = "fetch the image again from its source"
_POINTER = "Git LFS pointer"
_FEW = 3


@rule("IMG103", severity=Severity.ERROR, since="0.1", needs=(Need.IMAGES,))
def undecodable(dataset: Dataset) -> Iterator[Hit]:
    """Report a file in ``images/`` that no program can show.

    What it checks
    --------------
    Each file in ``images/`` is a picture by its content: it is not empty, and begins as one of the
    formats that are known. What it is instead is said, where that can be told. Many Git LFS
    pointers are reported once.

    Why it matters
    --------------
    A scraper that is refused saves the refusal: the file is named ``.jpg`` and holds a web page.

    Example
    -------
    ``images/case-9.jpg`` begins with ``<!doctype html>``: it is a page that asks to log in.

    How to fix
    ----------
    Fetch the image again from the row's url. For Git LFS pointers, run ``git lfs pull``.

    Source
    ------
    SCHEMA.md: every row has its file, with the extension of what it holds.
    """
    bad = dict(dataset.broken("images", "unreadable", "empty"))
    pointers = [path for path, message in bad.items() if _POINTER in message]
    if len(pointers) > _FEW:
        yield Hit(
            message=f"{len(pointers):,} files are Git LFS pointers; the images were not fetched",
            file=pointers[0],
            suggestion="run git lfs pull",
        )
        for path in pointers:
            del bad[path]
    for path, message in bad.items():
        yield dataset.at_file(path, message, suggestion=_DO)
