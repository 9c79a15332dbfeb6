"""Which row of a contributor's table is about which file.

This module compares names part by part from the end: ``a/b.dcm`` in a row is the file
``sent.zip/2020/a/b.dcm``, and ``a`` in a row is every file in the folder ``a``. A name that fits
two places fits none: what is not plain is told and not used. It touches no disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from covidxr.ingestmapping import TableRow

_MOST_NOTES = 20


@dataclass(slots=True, kw_only=True)
class Matched:
    """Rows and files that belong together.

    Attributes
    ----------
    rows : dict of str to TableRow
        By the file's name.
    notes : list of str
        Rows without a file, files without a row, and what fits several.
    """

    rows: dict[str, TableRow] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def match(rows: Sequence[TableRow], names: Iterable[str], where: str) -> Matched:
    """Find the row of each file.

    Parameters
    ----------
    rows : sequence of TableRow
        Of the contributor's table.
    names : iterable of str
        Of all files, with ``/``.
    where : str
        What the table is called, for messages.

    Returns
    -------
    Matched
        Where a row names a file and another its folder, the one that names the file holds.
    """
    listed = list(names)
    places = _places(frozenset(_parts(row.file) for row in rows), listed)
    matched = Matched()
    by_place: dict[tuple[str, ...], list[TableRow]] = {}
    for row in rows:
        found = places.get(_parts(row.file), set())
        if len(found) == 1:
            by_place.setdefault(next(iter(found)), []).append(row)
        elif found:
            matched.notes.append(
                f"{where}, line {row.line}: {row.file!r} can be {len(found)} files or folders; "
                "write more of its path"
            )
        else:
            matched.notes.append(f"{where}, line {row.line}: there is no file {row.file!r}")
    plain = {place: _plain(each, where, matched.notes) for place, each in by_place.items()}
    without = []
    for name in listed:
        parts = _parts(name)
        ends = range(len(parts), 0, -1)
        known = [each for end in ends if (each := plain.get(parts[:end])) is not None]
        if known:
            matched.rows[name] = known[0]
        else:
            without.append(name)
    matched.notes += [f"{where} has no row for {name}" for name in without[:_MOST_NOTES]]
    if len(without) > _MOST_NOTES:
        matched.notes.append(f"{where} has no row for {len(without) - _MOST_NOTES:,} more files")
    return matched


def _plain(rows: Sequence[TableRow], where: str, notes: list[str]) -> TableRow | None:
    """Give the row of a place; none where two rows say different things of it."""
    first = rows[0]
    said = {name: each.value for name, each in first.cells.items()}
    for other in rows[1:]:
        same = {name: each.value for name, each in other.cells.items()} == said
        if not same or other.patient != first.patient:
            notes.append(
                f"{where}: lines {first.line} and {other.line} say different things of "
                f"{first.file!r}; neither is used"
            )
            return None
    return first


def _places(
    wanted: frozenset[tuple[str, ...]], names: Iterable[str]
) -> dict[tuple[str, ...], set[tuple[str, ...]]]:
    """Give the paths that the names of rows stand for: files, and folders of files."""
    found: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    lengths = {len(parts) for parts in wanted if parts}
    for name in names:
        parts = _parts(name)
        for end in range(1, len(parts) + 1):
            for length in lengths:
                run = parts[max(end - length, 0) : end]
                if run in wanted:
                    found.setdefault(run, set()).add(parts[:end])
    return found


def _parts(name: str) -> tuple[str, ...]:
    plain = name.strip().replace("\\", "/").casefold()
    return tuple(part for part in plain.split("/") if part not in {"", "."})
