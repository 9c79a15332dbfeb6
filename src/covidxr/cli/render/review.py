"""Decisions and the queue of a review, for a terminal and as JSON; prints nothing."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from covidxr.cli.render.aligned import aligned
from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import escaped
from covidxr.reviewsheet import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.reviewsheet import Done, Entry, Progress

_SAID = {
    State.WAITING: "waits",
    State.ACCEPTED: "accepted",
    State.REJECTED: "rejected",
    State.DEFERRED: "deferred",
    State.TAKEN_DOWN: "taken down",
}


def done(what: Done) -> str:
    """Say what a decision came to, one line and one a note."""
    entry = what.entry
    line = f"{_SAID[entry.state]}: {entry.id}"
    if what.undone:
        line = f"undone: {entry.id} {_SAID[entry.state]} again"
    if what.line is not None:
        line += f" -> {entry.filename}, patient {what.patientid} (line {what.line})"
    reason = entry.decision.reason if entry.decision is not None and not what.undone else ""
    if reason:
        line += f": {reason}"
    return "\n".join(map(escaped, (line, *(f"  {note}" for note in what.notes)))) + "\n"


def done_json(whats: Sequence[Done], refused: Sequence[tuple[str, str]] = ()) -> str:
    """Write what decisions came to as JSON."""
    return safe_json(
        {
            "version": 1,
            "done": [dataclasses.asdict(each) for each in whats],
            "refused": [{"id": id_, "message": problem} for id_, problem in refused],
        },
        indent=2,
    )


def queue(entries: Sequence[Entry], damaged: Mapping[str, str]) -> str:
    """Lay the queue out, one line an image; damaged records stand below."""
    rows = [
        (
            each.id,
            _SAID[each.state],
            each.filename or (each.decision.reason if each.decision else ""),
            each.title,
        )
        for each in entries
    ]
    text = aligned(("Image", "State", "File or reason", "Title"), rows) if rows else ""
    return text + "".join(f"{escaped(path)}: {escaped(why)}\n" for path, why in damaged.items())


def counts(progress: Progress) -> str:
    """Say how far a review is, on one line."""
    parts = [
        f"{progress.waiting} of {progress.total} images wait",
        f"{progress.accepted} accepted",
        f"{progress.rejected} rejected",
        f"{progress.deferred} deferred",
    ]
    if progress.taken_down:
        parts.append(f"{progress.taken_down} taken down")
    return ", ".join(parts)


def queue_json(entries: Sequence[Entry], progress: Progress, damaged: Mapping[str, str]) -> str:
    """Write the queue as JSON."""
    return safe_json(
        {
            "version": 1,
            "progress": dataclasses.asdict(progress),
            "images": [dataclasses.asdict(each) for each in entries],
            "damaged": dict(damaged),
        },
        indent=2,
    )
