"""What a takedown removes, as text and as JSON; prints nothing."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import counted, escaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.takedown import Plan

# A command of more paths is longer than a terminal's window; then they stand in a file.
_PATHS_SHOWN = 4


def as_text(plan: Plan, *, done: bool) -> str:
    """Write a plan for a terminal: what goes by name, what stays, what is left to do.

    Parameters
    ----------
    plan : Plan
        The plan.
    done : bool
        Whether it was carried out.
    """
    lines = [*_gone(plan, "removed" if done else "would remove"), *_stays(plan), *_to_do(plan)]
    return "\n".join(map(escaped, lines)) + "\n"


def as_json(plan: Plan, *, done: bool) -> str:
    """Write a plan as JSON."""
    return safe_json(
        {
            "version": 1,
            "removed": done,
            "rows": [
                {"line": row.line, "patientid": row.patientid, "filename": row.filename}
                for row in plan.rows
            ],
            "files": list(plan.files),
            "annotation_files": list(plan.masks),
            "annotation_entries": dict(plan.entries),
            "candidates": list(plan.candidates),
            "provenance_lines": plan.lines,
            "look_at": [{"path": each.path, "why": each.why} for each in plan.left],
            "renew": list(plan.renew),
            "copies_remain": list(_copies(plan)),
        },
        indent=2,
    )


def _gone(plan: Plan, verb: str) -> Iterator[str]:
    patients = dict.fromkeys(row.patientid for row in plan.rows)
    rows = counted(len(plan.rows), "row")
    of = f" of {counted(len(patients), 'patient')}" if plan.rows else ""
    yield f"{verb} {rows}{of} from metadata.csv"
    for row in plan.rows:
        yield f"  line {row.line}: patient {row.patientid}, {row.filename or 'no file'}"
    yield from _listed(f"{verb} {counted(len(plan.files), 'file')}", plan.files)
    yield from _listed(f"{verb} {counted(len(plan.masks), 'annotation file')}", plan.masks)
    total = sum(plan.entries.values())
    entries = f"{total:,} {'entry' if total == 1 else 'entries'} of other annotation files"
    named = [f"{path}: {count:,}" for path, count in plan.entries.items()]
    yield from _listed(f"{verb} {entries}", named)
    yield from _listed(f"{verb} {counted(len(plan.candidates), 'candidate')}", plan.candidates)
    verb = "wrote" if verb == "removed" else "would write"
    yield f"{verb} {counted(plan.lines, 'line')} to provenance.csv"


def _listed(head: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield head
        yield from (f"  {name}" for name in names)


def _stays(plan: Plan) -> Iterator[str]:
    yield from _listed("look at", [f"{each.path}: {each.why}" for each in plan.left])


def _to_do(plan: Plan) -> Iterator[str]:
    for command in plan.renew:
        yield f"README's label table counts what is gone: {command}"
    yield from _listed("copies remain in", list(_copies(plan)))


def _copies(plan: Plan) -> Iterator[str]:
    """Name the places that covidxr does not clean, with what does."""
    paths = (*plan.files, *plan.masks)
    if paths:
        told = "--paths-from-file FILE"
        if len(paths) <= _PATHS_SHOWN:
            told = " ".join(f"--path {shlex.quote(path)}" for path in paths)
        yield (
            f"git's history and every clone of it: git filter-repo --invert-paths {told}, which "
            "rewrites all commits"
        )
    if plan.rows:
        yield "earlier versions of metadata.csv and annotations/, in git's history, too"
    if plan.cached:
        yield "the cache of what was fetched: rm .covidxr/http.sqlite removes all of it"
