"""Papers that a search has found, as a table, CSV or JSON; prints nothing."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from covidxr.cli.render import diagnostics
from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.scraped import counted

if TYPE_CHECKING:
    from covidxr.discover import Finds
    from covidxr.discovery import Lead

COLUMNS = ("doi", "score", "licence", "published", "title", "journal", "pmcid", "why")
"""Columns of the CSV form, in order."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_table(finds: Finds) -> str:
    """Lay out what a person needs to choose."""
    rows = [
        (each.entry.doi, str(each.score), each.entry.licence or "-", each.entry.published,
         each.entry.title)
        for each in finds.leads
    ]  # fmt: skip
    return aligned(COLUMNS[:5], rows, right=("score",)) if rows else "nothing new was found\n"


def as_csv(finds: Finds) -> str:
    """Write a list that ``covidxr figures --from`` reads."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in finds.leads:
        writer.writerow([_safe(cell) for cell in _cells(each)])
    return target.getvalue()


def as_json(finds: Finds) -> str:
    """Write everything."""
    return diagnostics.as_json(
        {
            "version": 1,
            "query": finds.query,
            "seen": finds.seen,
            "total": finds.total,
            "included": finds.included,
            "retracted": finds.retracted,
            "without_doi": finds.nameless,
            "cursor": finds.cursor,
            "papers": [dict(zip(COLUMNS, _cells(each), strict=True)) for each in finds.leads],
        },
        indent=2,
    )


def summary(finds: Finds) -> str:
    """Write one line on a search."""
    parts = [
        f"{counted(len(finds.leads), 'paper')} of {finds.seen:,} results looked at",
        f"{finds.total:,} in all",
    ]
    parts += [f"{finds.included:,} included already"] if finds.included else []
    parts += [f"{finds.retracted:,} retracted"] if finds.retracted else []
    parts += [f"{finds.nameless:,} without a DOI"] if finds.nameless else []
    more = f"; go on with --cursor '{finds.cursor}'" if finds.cursor else ""
    return ", ".join(parts) + more


def _cells(lead: Lead) -> tuple[str, ...]:
    entry = lead.entry
    return (
        entry.doi,
        str(lead.score),
        entry.licence,
        entry.published,
        entry.title,
        entry.journal,
        entry.pmcid,
        "; ".join(lead.why),
    )


def _safe(cell: str) -> str:
    """Keep a spreadsheet from running a title as a formula; numbers stay numbers."""
    number = cell.lstrip("-").isdecimal()
    return f"'{cell}" if cell.startswith(_FORMULA) and not number else cell
