"""The label table: read a collection, count it, keep the table in README.

This workflow only joins the disk and the counting; it prints nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import disk, labelcounts, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from covidxr.labelcounts import GroupCounts, StatsOptions
    from covidxr.loadertables import LoaderGroup

    Choose = Callable[[StatsOptions], StatsOptions]
    """Makes the options that hold from those in a README's begin marker."""


def count(
    root: Path, options: StatsOptions, *, limit: int | None = None
) -> tuple[GroupCounts, ...]:
    """Count the labels of a collection by the hierarchy.

    Parameters
    ----------
    root : Path
        Folder of ``metadata.csv``.
    options : StatsOptions
        The columns that are wanted.
    limit : int, optional
        With ``by``, the most values that get a column of their own.

    Returns
    -------
    tuple of GroupCounts
        The columns.

    Raises
    ------
    CollectionError
        If there is no table that can be read.
    """
    return labelcounts.count_labels(store.read_collection(root), options, limit=limit)


def count_as_loader(root: Path, options: StatsOptions) -> tuple[LoaderGroup, ...]:
    """Count the labels of a collection as a loader of 2020 did; see `count`."""
    from covidxr import loadertables

    table = store.read_collection(root).table
    return loadertables.loader_groups(table, options.labels, options.views)


def write_block(root: Path, readme: Path, choose: Choose) -> bool:
    """Put today's table between the markers of a README.

    Parameters
    ----------
    root : Path
        Folder of ``metadata.csv``.
    readme : Path
        The file with the markers.
    choose : callable
        Makes the options from those in the begin marker.

    Returns
    -------
    bool
        Whether anything changed; the file is not touched otherwise.

    Raises
    ------
    CovidxrError
        If a file cannot be read or written, or the markers do not enclose one block.
    """
    from covidxr import readmeblock

    old = disk.read_text(readme)
    new = readmeblock.spliced(old, store.read_collection(root), choose)
    if new != old:
        disk.write_text(readme, new)
    return new != old


def stale_block(root: Path, readme: Path, choose: Choose) -> str:
    """Show what `write_block` would change.

    Returns
    -------
    str
        A unified diff; empty where the table is up to date.

    Raises
    ------
    CovidxrError
        As for `write_block`.
    """
    from covidxr import readmeblock

    old = disk.read_text(readme)
    new = readmeblock.spliced(old, store.read_collection(root), choose)
    if new == old:
        return ""
    from difflib import unified_diff

    lines = unified_diff(
        old.splitlines(), new.splitlines(), f"{readme} (as it is)", f"{readme}", n=1, lineterm=""
    )
    return "".join(f"{line}\n" for line in lines)


def save_chart(path: Path, chart: bytes) -> None:
    """Write a drawn chart.

    Raises
    ------
    CollectionError
        If the file cannot be written.
    """
    disk.write_bytes(path, chart)
