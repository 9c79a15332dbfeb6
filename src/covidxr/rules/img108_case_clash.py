"""IMG108: two names are one on some systems."""

from __future__ import annotations

from itertools import compress
from operator import not_
from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.table import Row


@rule("IMG108", severity=Severity.ERROR, since="0.1")
def case_clash(dataset: Dataset) -> Iterator[Hit]:
    """Report two rows or files whose names differ only in capitals or Unicode form.

    What it checks
    --------------
    No two file names of a folder are equal once capitals and the Unicode form of letters are
    ignored, neither among the rows nor among the files. A row whose capitals are not its file's is
    IMG112.

    Why it matters
    --------------
    On Windows and on most Macs the two are one file: a clone of the collection holds only one of
    the images, under both rows, and git shows changes that nobody made.

    Example
    -------
    ``case-4-PA.png`` and ``case-4-pa.png`` stand in two rows.

    How to fix
    ----------
    Rename one of them, file and cell together.

    Source
    ------
    Microsoft, "Naming Files, Paths, and Namespaces"; Apple, "About Apple File System".
    """
    seen: set[str] = set()
    for row, other in _rows_that_clash(dataset):
        name, first = row["filename"], other["filename"]
        seen.add(fold_name(row.path))
        yield row.at(
            "filename",
            f"{name} and {first} (line {other.line}) {_how(name, first)}",
            suggestion="rename one of them",
        )
    for path, first in _clashes(list(dataset.files)):
        if fold_name(path) not in seen:
            yield Hit(
                message=f"{path} and {first} {_how(path, first)}",
                file=path,
                suggestion="rename one of them",
            )


def _rows_that_clash(dataset: Dataset) -> Iterator[tuple[Row, Row]]:
    if not _any_clash(dataset.table.texts("filename").known):
        return
    for cells, _ in dataset.conflicts("filename", "filename", same=fold_name):
        rows = [dataset.row(index) for index in cells.rows]
        firsts = {row.path: row for row in reversed(rows)}
        clashing = dict(_clashes([row.path for row in rows]))
        yield from ((row, firsts[clashing[row.path]]) for row in rows if row.path in clashing)


def _any_clash(names: list[str]) -> bool:
    """Tell quickly whether two of a million names may be equal but for capitals or form."""
    if not "".join(names).isascii():
        return True
    lower = list(map(str.islower, names))
    folded = list(map(str.lower, compress(names, map(not_, lower))))
    others = set(folded)
    return len(others) < len(folded) or not others.isdisjoint(compress(names, lower))


def _clashes(paths: list[str]) -> Iterator[tuple[str, str]]:
    """Give each path that is equal to an earlier one but for capitals, with that one."""
    firsts: dict[str, str] = {}
    for path in paths:
        first = firsts.setdefault(fold_name(path), path)
        if first != path:
            yield path, first


def _how(name: str, other: str) -> str:
    if name.lower() == other.lower():
        return "differ only in capitals: many systems take them for one file"
    return "are the same letters in two Unicode forms: many systems take them for one file"
