"""Label counts as a terminal's table, JSON and CSV. Returns what is to be printed.

Markdown stands in :mod:`covidxr.labelcounts`, because a rule compares README with it.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from covidxr import labelcounts, labels
from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from covidxr.labelcounts import GroupCounts
    from covidxr.loadertables import LoaderGroup

JSON_VERSION = 1

# Seven columns of this width stand beside the labels on a line of 80 characters.
_NARROW = 9


def as_table(groups: Sequence[GroupCounts], *, by: str | None = None) -> RenderableType:
    """Lay the counts out for a terminal: the tree on the left, three numbers a group.

    Parameters
    ----------
    groups : sequence of GroupCounts
        Its columns.
    by : str or None
        What the groups are values of; then each has one column, images and patients.

    Returns
    -------
    rich renderable
        The table and a line on what was counted.
    """
    from rich import box
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    crossed = by is not None
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        header_style="bold",
    )
    table.add_column(f"images/patients\nby {by}" if crossed else "Label", no_wrap=True)
    names = _names(groups) if crossed else [escaped(group.name) for group in groups]
    for name in names:
        heads = (name,) if crossed else (f"{name}\nwith", "\nwithout", "\npatients")
        for head in heads:
            table.add_column(Text(head), justify="right")
    columns = [labelcounts.cells(group, crossed=crossed) for group in groups]
    nodes = [node for node in labels.NODES if node.is_finding]
    for number, node in enumerate(nodes):
        row = [Text("  " * node.depth + node.name)]
        for group, column in zip(groups, columns, strict=True):
            style = "" if group.labels[number].images else "dim"
            row += [Text(cell, style=style) for cell in column[number]]
        table.add_row(*row)
    said = [
        note if name in note else f"{name} = {note}"
        for name, note in zip(names, map(escaped, labelcounts.notes(groups)), strict=True)
    ]
    return Group(table, Text("\n" + "\n".join(said), style="dim"))


def _names(groups: Sequence[GroupCounts]) -> list[str]:
    """Heads of narrow columns: numbers where a name is too long, explained below the table."""
    if all(len(escaped(group.name)) <= _NARROW for group in groups):
        return [escaped(group.name) for group in groups]
    return [f"[{number}]" for number in range(1, len(groups) + 1)]


def as_json(groups: Sequence[GroupCounts], *, by: str | None = None) -> str:
    """Write the counts as JSON, with a line end."""
    said = {
        "version": JSON_VERSION,
        "labels": labelcounts.NATIVE,
        "by": by or "views",
        "groups": [
            {
                "name": group.name,
                "images": group.images,
                "patients": group.patients,
                "left_out": dict(group.left_out),
                "labels": [
                    {
                        "label": found.label,
                        "images": found.images,
                        "images_without": group.images - found.images,
                        "patients": found.patients,
                    }
                    for found in group.labels
                ],
            }
            for group in groups
        ],
    }
    return f"{safe_json(said, indent=2)}\n"


def as_csv(groups: Sequence[GroupCounts]) -> str:
    """Write the counts as CSV: a row per group and label."""
    heads = ("group", "label", "images", "images_without", "patients")
    return _csv(
        heads,
        (
            (
                escaped(group.name),
                found.label,
                found.images,
                group.images - found.images,
                found.patients,
            )
            for group in groups
            for found in group.labels
        ),
    )


def loader_json(groups: Sequence[LoaderGroup], labelset: str) -> str:
    """Write a loader's table as JSON: null where the loader printed nothing."""
    said = {
        "version": JSON_VERSION,
        "labels": labelset,
        "by": "views",
        "groups": [
            {
                "name": ", ".join(group.views),
                "images": group.samples,
                "labels": [
                    {"label": label, "images": counts.get(1.0), "images_without": counts.get(0.0)}
                    for label, counts in group.totals.items()
                ],
            }
            for group in groups
        ],
    }
    return f"{safe_json(said, indent=2)}\n"


def loader_csv(groups: Sequence[LoaderGroup]) -> str:
    """Write a loader's table as CSV: blank where the loader printed nothing."""
    return _csv(
        ("group", "label", "images", "images_without"),
        (
            (escaped(", ".join(group.views)), label, counts.get(1.0, ""), counts.get(0.0, ""))
            for group in groups
            for label, counts in group.totals.items()
        ),
    )


def _csv(heads: Sequence[str], rows: Iterator[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return out.getvalue()
