"""IMG107: a file name that some system or shell takes otherwise."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.model import Fix, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_BLANK = re.compile(r"\s")
_FOLDER = re.compile(r"[/\\]")
# What _SUSPECT looks for, one by one: in a text of megabytes that is much quicker.
_UNSAFE = " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f/\\"
_HIDDEN = frozenset("-.")
_FIRST = itemgetter(slice(1))
_SUSPECT = re.compile(r"^[-.]|[\s/\\]|[^\x00-\x7f]")


@rule("IMG107", severity=Severity.WARNING, since="0.1")
def unsafe_name(dataset: Dataset) -> Iterator[Hit]:
    """Report a file name that not every system, shell or program takes as it stands.

    What it checks
    --------------
    ``filename`` has no blanks inside, does not begin with ``-`` or ``.``, has ASCII letters only,
    and names no folder. Characters that Windows refuses are reported with the columns.

    Why it matters
    --------------
    A blank splits the name in scripts, a leading ``-`` is taken for an option, a leading ``.``
    hides the file, and letters such as ``é`` have two spellings in Unicode, of which macOS and
    Linux may choose different ones. A name with a folder is not found in ``images/``.

    Example
    -------
    ``Paciente José 2.png``

    How to fix
    ----------
    Rename the file and the cell together. Where the file is in ``images/`` under the name without
    its folder, and no other row names it, ``covidxr validate --fix`` takes the folder out of the
    cell.

    Source
    ------
    POSIX.1-2017 section 3.282, portable filename character set; Unicode Standard Annex 15.
    """
    if not dataset.has("filename") or not _any_unsafe(dataset.table.texts("filename").known):
        return
    names = _Names(dataset)
    for cells in dataset.holding("filename", _SUSPECT.search):
        name = cells.text
        base = _FOLDER.split(name)[-1]
        paths = {f"{dataset.row(row)['folder'] or 'images'}/{base}" for row in cells.rows}
        known = base != name and all(path in dataset.files for path in paths)
        free = known and names.take(paths)
        suggestion = "rename the file and the cell"
        if known:
            suggestion = f"write {base}" if free else f"{base} has another row: which is right?"
        yield cells.at(
            "filename",
            f"the file name {name!r} {_why(name)}",
            suggestion=suggestion,
            fix=Fix(value=base) if free else None,
        )


class _Names:
    """Files that a row names, or will after ``--fix``."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._taken: set[str] | None = None

    def take(self, paths: set[str]) -> bool:
        """Tell whether no row names any of these files, and count them as named from now on."""
        if self._taken is None:
            rows = self._dataset.cells("folder", "filename")
            self._taken = {fold_name(f"{at.text or 'images'}/{at.texts[1]}") for at in rows}
        folded = set(map(fold_name, paths))
        free = folded.isdisjoint(self._taken)
        self._taken |= folded
        return free


def _any_unsafe(names: list[str]) -> bool:
    """Tell quickly whether any of a million names deserves a look."""
    joined = "".join(names)
    if not joined.isascii() or any(letter in joined for letter in _UNSAFE):
        return True
    return not _HIDDEN.isdisjoint(map(_FIRST, names))


def _why(name: str) -> str:
    if _FOLDER.search(name):
        return "names a folder"
    if name.startswith(("-", ".")):
        return f"begins with {name[0]!r}"
    blank = _BLANK.search(name)
    if blank:
        return "has a blank" if blank[0] == " " else f"has {blank[0]!r}"
    strange = next(letter for letter in name if not letter.isascii())
    return f"has {strange!r}, which is not ASCII"
