"""What became of a contribution, as text and as plain values; prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covidxr.cli.render.diagnostics import as_json
from covidxr.cli.render.scraped import counted
from covidxr.ingesting import LOOK, Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case
    from covidxr.ingesting import Outcome, Told


def line(told: Told) -> str:
    """Say what became of one file; empty where its case says it."""
    if told.ending in {Ending.TAKEN, Ending.DRAFTED}:
        return ""
    reason = f": {told.reason}" if told.reason else ""
    return f"{told.name}: {told.ending}{reason}"


def stored(case: Case, images: Sequence[KeptImage]) -> list[str]:
    """Say that a patient is a candidate now, and what a curator must know."""
    said = [f"{case.source}/{case.id}: {counted(len(images), 'image')}"]
    said += [f"  note: {each}" for each in case.warnings]
    for image in images:
        told = image.candidate.extra.get("warnings")
        listed = told if isinstance(told, list) else []
        said += [f"  image {image.candidate.label}: {each}" for each in listed]
    return said


def summary(outcome: Outcome, *, dry_run: bool) -> str:
    """Write one line on a whole run."""
    counts = dict.fromkeys(Ending, 0)
    for each in outcome.told:
        counts[each.ending] += 1
    made = "draft" if dry_run else "new candidate"
    parts = [f"{counted(outcome.cases, made)} with {counted(outcome.images, 'image')}"]
    parts.append(f"{counted(len(outcome.told), 'file')} seen")
    parts += [
        f"{counts[ending]:,} {ending}"
        for ending in (Ending.KNOWN, *(each for each in Ending if each in LOOK))
        if counts[ending]
    ]
    parts += [f"{counted(len(outcome.notes), 'note')} on the table"] if outcome.notes else []
    said = f"ingest: {', '.join(parts)}\n"
    if outcome.quarantine:
        said += f"what was not let through is listed in {outcome.quarantine}\n"
    return said


def as_record(outcome: Outcome, drafts: Sequence[dict[str, Any]]) -> str:
    """Write a whole run as JSON."""
    return as_json(
        {
            "version": 1,
            "cases": outcome.cases,
            "images": outcome.images,
            "files": [
                {
                    "name": each.name,
                    "outcome": str(each.ending),
                    "reason": each.reason,
                    "case": each.case,
                }
                for each in outcome.told
            ],
            "notes": list(outcome.notes),
            "quarantine": outcome.quarantine,
            "drafts": list(drafts),
        },
        indent=2,
    )
