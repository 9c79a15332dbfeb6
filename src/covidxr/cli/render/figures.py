"""What became of papers, as text and as plain values; prints nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.scraped import counted
from covidxr.figuring import Ending

if TYPE_CHECKING:
    from covidxr.figuring import Outcome, Told

_HEAD = ("doi", "outcome", "licence", "figures", "images", "reason")


def table(outcome: Outcome) -> str:
    """Write the table at the end of a run, and a line that sums it up."""
    rows = [
        (
            each.doi,
            str(each.ending),
            each.licence or "-",
            str(each.figures),
            str(each.panels),
            each.reason or "-",
        )
        for each in outcome.told
    ]
    body = aligned(_HEAD, rows, right=("figures", "images")) if rows else ""
    return f"{body}{summary(outcome)}"


def summary(outcome: Outcome) -> str:
    """Write one line on a whole run."""
    counts = dict.fromkeys(Ending, 0)
    for each in outcome.told:
        counts[each.ending] += 1
    images = sum(each.panels for each in outcome.told)
    parts = [f"{counted(len(outcome.told), 'DOI')}"]
    parts += [f"{count} {ending}" for ending, count in counts.items() if count]
    parts += [counted(images, "image"), counted(outcome.requests, "request")]
    stopped = "; ended early" if outcome.stopped is not None else ""
    return ", ".join(parts) + stopped


def lines(told: Told) -> list[str]:
    """Say what became of one DOI, with what a curator must know."""
    reason = f": {told.reason}" if told.reason else ""
    images = f", {counted(told.panels, 'image')} of {told.figures}" if told.panels else ""
    said = [f"{told.doi}: {told.ending}{images}{reason}"]
    said += [
        f"  {title}: not taken, {why}" for title, why in told.not_taken if why not in told.reason
    ]
    said += [f"  note: {each}" for each in told.warnings]
    return said


def record(told: Told) -> dict[str, Any]:
    """Give what became of one DOI as plain values."""
    return {
        "doi": told.doi,
        "outcome": str(told.ending),
        "reason": told.reason,
        "title": told.title,
        "licence": told.licence,
        "figures": told.figures,
        "images": told.panels,
        "missing": told.missing,
        "incomplete": told.incomplete,
        "not_taken": [{"figure": title, "reason": why} for title, why in told.not_taken],
        "warnings": list(told.warnings),
        "steps": [
            {"registry": each.registry, "state": str(each.state), "why": each.why}
            for each in told.steps
        ],
    }
