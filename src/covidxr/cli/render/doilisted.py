"""The DOIs of a collection and how they stand, as a table, CSV or JSON; prints nothing."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from covidxr.cli.render import diagnostics
from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.scraped import counted
from covidxr.dois import Standing

if TYPE_CHECKING:
    from covidxr.dois import Survey

_WELL = {Standing.FINE, Standing.UNASKED}
_HEAD = ("doi", "rows", "standing", "title", "note")


def as_table(survey: Survey) -> str:
    """Lay out one line a DOI; where something is wrong the first of its lines is named."""
    rows = [
        (
            each.doi,
            str(len(each.lines)),
            str(each.standing),
            each.title or "-",
            _note(each.note, each.lines[0], wrong=each.standing not in _WELL),
        )
        for each in survey.listed
    ]
    return aligned(_HEAD, rows, right=("rows",)) if rows else "the table names no DOI\n"


def as_csv(survey: Survey) -> str:
    """Write the same as CSV."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_HEAD)
    for each in survey.listed:
        writer.writerow((each.doi, len(each.lines), each.standing, each.title, each.note))
    return target.getvalue()


def as_json(survey: Survey) -> str:
    """Write everything, the lines of the table too."""
    return diagnostics.as_json(
        {
            "version": 1,
            "dois": [
                {
                    "doi": each.doi,
                    "lines": list(each.lines),
                    "standing": str(each.standing),
                    "title": each.title,
                    "note": each.note,
                }
                for each in survey.listed
            ],
        },
        indent=2,
    )


def summary(survey: Survey) -> str:
    """Write one line on all."""
    counts = dict.fromkeys(Standing, 0)
    for each in survey.listed:
        counts[each.standing] += 1
    parts = [counted(len(survey.listed), "DOI")]
    parts += [f"{count} {standing}" for standing, count in counts.items() if count]
    parts.append(counted(survey.requests, "request"))
    return ", ".join(parts)


def _note(note: str, line: int, *, wrong: bool) -> str:
    place = f"line {line}" if wrong else ""
    return ": ".join(filter(None, (place, note))) or "-"
