"""Which version a release may carry: what each kind of change asks for.

Major: whoever reads the data by its columns or by its labels has to change something. A column
came, went, moved or is called otherwise; a row that had a finding has another one, or none. Minor:
there is more or less of it. Rows or files came or went, a file holds other bytes or has another
name, annotations changed, a row got its first finding. Patch: cells or texts were mended.

This module compares and opens no file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from covidxr import labels
from covidxr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.comparison import ColumnChanges, Comparison, FileDiff

# Semantic Versioning 2.0.0 without pre-releases, as `covidxr.toml` and Croissant take versions.
_FORM = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)", re.ASCII)

Version = tuple[int, int, int]
"""Major, minor and patch."""


class Step(IntEnum):
    """How far a version goes beyond the one before."""

    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        """Its name."""
        return self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """The smallest step that a release may take.

    Parameters
    ----------
    step : Step
        The step.
    reasons : tuple of str
        What changed that asks for it, each a clause; empty where nothing but texts did.
    """

    step: Step
    reasons: tuple[str, ...]


def parse(text: str) -> Version:
    """Read a version.

    Raises
    ------
    UsageError
        If it is not three numbers joined by full stops.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        msg = f"{text!r} is no version such as 1.2.0: major, minor and patch, in numbers"
        raise UsageError(msg)
    return int(match[1]), int(match[2]), int(match[3])


def read(text: str) -> Version | None:
    """Read a version, or a tag of one such as ``v1.2.0``; None for anything else."""
    bare = text.removeprefix("v")
    return parse(bare) if _FORM.fullmatch(bare) else None


def written(version: Version) -> str:
    """Write a version."""
    return ".".join(map(str, version))


def step_between(old: Version, new: Version) -> Step | None:
    """Tell which step leads from one version to another; None where it is not higher."""
    if new <= old:
        return None
    if new[0] > old[0]:
        return Step.MAJOR
    return Step.MINOR if new[1] > old[1] else Step.PATCH


def next_version(old: Version, step: Step) -> Version:
    """Give the version that a step leads to."""
    major, minor, patch = old
    if step is Step.MAJOR:
        return major + 1, 0, 0
    return (major, minor + 1, 0) if step is Step.MINOR else (major, minor, patch + 1)


def needed(found: Comparison) -> Needed:
    """Tell which step the changes since the last release need.

    Returns
    -------
    Needed
        The largest that any change asks for, and only the reasons for that one.
    """
    for step, reasons in ((Step.MAJOR, tuple(_major(found))), (Step.MINOR, tuple(_minor(found)))):
        if reasons:
            return Needed(step=step, reasons=reasons)
    return Needed(step=Step.PATCH, reasons=tuple(_patch(found)))


def _major(found: Comparison) -> Iterator[str]:
    yield from _columns(found.table.columns)
    relabelled = sum(was for was, _ in _findings(found))
    if relabelled:
        yield f"{_rows(relabelled)} with a finding {_have(relabelled)} another one, or none"


def _columns(columns: ColumnChanges) -> Iterator[str]:
    if columns.added:
        yield f"columns came: {', '.join(name for name, _ in columns.added)}"
    if columns.removed:
        yield f"columns went: {', '.join(name for name, _ in columns.removed)}"
    renamed = (*columns.renamed, *columns.respelt)
    if renamed:
        yield f"columns are called otherwise: {', '.join(new for _, new in renamed)}"
    if columns.moved:
        yield "columns stand in another order"


def _findings(found: Comparison) -> Iterator[tuple[bool, bool]]:
    """Yield for each finding that changed whether there was one before, and whether there is."""
    for row in found.table.changed:
        for cell in row.cells:
            if cell.column == "finding" and cell.old.strip() != cell.new.strip():
                was, now = (labels.read_finding(text.strip()) for text in (cell.old, cell.new))
                yield was.is_finding, now.is_finding


def _minor(found: Comparison) -> Iterator[str]:
    table = found.table
    for words, rows in (("came", table.added), ("went", table.removed)):
        if rows:
            yield f"{_rows(len(rows))} {words}"
    renamed = sum(each.renamed for each in table.changed)
    if renamed:
        yield f"{_rows(renamed)} {'names' if renamed == 1 else 'name'} another file"
    first = sum(not was and now for was, now in _findings(found))
    if first:
        yield f"{_rows(first)} got a first finding"
    if table.odd_added or table.odd_removed:
        yield "records of another width than the header came or went"
    if found.files is not None:
        yield from _files(found.files)


def _files(files: FileDiff) -> Iterator[str]:
    kinds = (
        ("came", files.added),
        ("went", files.removed),
        ("changed", files.changed),
        ("renamed", files.renamed),
    )
    said = [f"{len(paths):,} {word}" for word, paths in kinds if paths]
    if said:
        yield f"of images, volumes and annotations {', '.join(said)}"


def _patch(found: Comparison) -> Iterator[str]:
    cells = sum(len(row.cells) for row in found.table.changed)
    if cells:
        yield f"{cells:,} {'cell was' if cells == 1 else 'cells were'} mended"
    elif not found.table.same_bytes:
        yield "the table has the same cells in other bytes, or in another order"


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _have(count: int) -> str:
    return "has" if count == 1 else "have"
