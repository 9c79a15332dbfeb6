"""Auditing a split, whoever made it.

This workflow joins the collection, the files of a split and the audit. It changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import disk, split, splitaudit, splitfile, splitread
from covidxr.errors import UsageError
from covidxr.splitread import Listed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from covidxr.dataset import Dataset
    from covidxr.split import Looking
    from covidxr.splitaudit import Audit
    from covidxr.splitread import Foreign
    from covidxr.table import Table

_LISTS = (".csv", ".tsv", ".txt")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found.

    Parameters
    ----------
    name : str
        What was checked.
    images : int
        Rows of the table that name a file.
    audit : Audit
        Of the parts; of the folds where there is one part alone.
    folds : Audit or None
        Of the folds, where the split has both.
    edits : tuple of str
        Where a split of covidxr's is not as it was written; empty for others.
    table_changed : bool
        Whether the table is another one than when covidxr made the split.
    """

    name: str
    images: int
    audit: Audit
    folds: Audit | None = None
    edits: tuple[str, ...] = ()
    table_changed: bool = False

    @property
    def must_be_seen(self) -> bool:
        """Whether a curator must look."""
        folds = self.folds is not None and self.folds.leaks
        return self.audit.leaks or folds or bool(self.edits)


def check(looking: Looking, files: Sequence[Path]) -> Checked:
    """Audit a split.

    Parameters
    ----------
    looking : Looking
        The collection.
    files : sequence of Path
        One file with all parts, one file per part, or a folder with ``train/`` and ``test/``, or
        with such files.

    Raises
    ------
    CollectionError
        If something cannot be read.
    UsageError
        If no file is named, or nothing in a folder is in a part.
    """
    if not files:
        raise UsageError("which split? name its file, its files, or its folder")
    dataset = split.looked_at(looking)
    foreign = _read(files, dataset.table)
    own = foreign.own
    table = hashlib.sha256(dataset.table.text.data).hexdigest()
    parts, folds = list(foreign.listed), _in_folds(foreign)
    if folds and own and len(own.plan.parts) == 1:
        parts, folds = folds, []
    return Checked(
        name=" and ".join(map(str, files)),
        images=sum(bool(text) * len(rows) for text, rows in _named(dataset)),
        audit=_audit(dataset, parts),
        folds=_audit(dataset, folds) if folds else None,
        edits=own.edits if own else (),
        table_changed=own is not None and own.table_sha256 != table,
    )


def _named(dataset: Dataset) -> list[tuple[str, Sequence[int]]]:
    return [(cells.text, cells.rows) for cells in dataset.cells("filename")]


def _audit(dataset: Dataset, listed: Sequence[Listed]) -> Audit:
    return splitaudit.audit(dataset, splitaudit.assigned(dataset, listed))


def _in_folds(foreign: Foreign) -> list[Listed]:
    """Give the same images with their fold in place of their part; none without folds."""
    lines = foreign.own.lines if foreign.own and foreign.own.plan.folds else ()
    return [
        Listed(
            written=each.written,
            part="" if line.fold is None else splitfile.fold_name(line.fold),
            rows=each.rows,
        )
        for each, line in zip(foreign.listed, lines, strict=False)
    ]


def _read(files: Sequence[Path], table: Table) -> Foreign:
    if len(files) > 1 or not disk.is_folder(files[0]):
        return splitread.read([(str(path), disk.read_bytes(path)) for path in files], table)
    folder = files[0]
    paths = disk.files_below(folder)
    laid_out = splitread.in_folders(paths, table)
    if laid_out.listed:
        return laid_out
    lists = [path for path in paths if path.endswith(_LISTS) and splitread.kind_of(path)]
    if not lists:
        raise UsageError(f"nothing below {folder} is in a folder or list named train, val or test")
    return splitread.read([(path, disk.read_bytes(folder / path)) for path in lists], table)
