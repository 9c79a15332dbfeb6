"""What a subset holds, as text and JSON. Returns strings, prints nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json, counted, escaped

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.subset import Plan

_HEAD = ("chosen by", "rows", "images", "patients")
_SHOWN = 10


def text(what: Plan, to: Path | None) -> str:
    """Give what each filter leaves, what goes along, and what a curator must know.

    Parameters
    ----------
    what : Plan
        What the subset holds.
    to : Path or None
        Where it was written; None where it was not.
    """
    rows = [
        (each.words, f"{each.rows:,}", f"{each.images:,}", f"{each.patients:,}")
        for each in what.steps
    ]
    lines = [aligned(_HEAD, rows, right=_HEAD[1:])]
    if not what.texts:
        return "\n".join([*lines, "No row is left by these filters."]) + "\n"
    lines += _along(what)
    lines += _named(
        [escaped(f"{path}: {why}") for path, why in what.problems],
        f"{counted(len(what.problems), 'file')} could not go along:",
    )
    lines += _named(
        list(map(escaped, what.missing)),
        f"{counted(len(what.missing), 'file')} that rows name "
        f"{'is' if len(what.missing) == 1 else 'are'} not there, as before:",
    )
    if to is not None:
        lines.append(escaped(f"Written to {to}; `covidxr validate --root {to}` checks it."))
    else:
        lines.append("Nothing was written.")
    return "\n".join(lines) + "\n"


def _along(what: Plan) -> list[str]:
    annotations = [path for path in (*what.copies, *what.texts) if path.startswith("annotations/")]
    files = len(what.copies) - sum(path in what.copies for path in annotations)
    along = f"{counted(files, 'file')} of images and volumes"
    lines = [f"With them: {along}, {counted(len(annotations), 'file')} of annotations."]
    cut = ", ".join(f"{count:,} entries of {path}" for path, count in what.cut.items())
    if cut:
        lines.append(escaped(f"Cut out, since they are about other rows: {cut}."))
    if what.left_out:
        lines.append(
            f"Left out: {counted(len(what.left_out), 'file')} of annotations of other rows."
        )
    return lines


def _named(items: list[str], head: str) -> list[str]:
    if not items:
        return []
    more = len(items) - _SHOWN
    shown = [f"  {item}" for item in items[:_SHOWN]]
    return [head, *shown, *([f"  and {more:,} more"] if more > 0 else [])]


def json_text(what: Plan, to: Path | None) -> str:
    """Give the same as one object."""
    return (
        as_json(
            {
                "to": None if to is None else str(to),
                "steps": [dataclasses.asdict(each) for each in what.steps],
                "files": sorted((*what.texts, *what.copies)),
                "cut": what.cut,
                "left_out": what.left_out,
                "missing": what.missing,
                "problems": [{"file": path, "why": why} for path, why in what.problems],
            },
            indent=2,
        )
        + "\n"
    )
