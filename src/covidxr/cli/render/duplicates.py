"""Images that are there twice, as text, JSON, CSV and Markdown; prints nothing."""

from __future__ import annotations

import csv
import io
import re
import shlex
from typing import TYPE_CHECKING, Any

from covidxr.cli.render.diagnostics import as_json as safe_json
from covidxr.cli.render.diagnostics import counted, escaped
from covidxr.duplicates import Sort
from covidxr.filefacts import DECISIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from covidxr.duplicates import Cluster, Found, Judged, Side
    from covidxr.filefacts import PairDecision

_KINDS = {
    "bytes": "the same file, byte for byte",
    "pixels": "the same pixels",
    "near": "a near copy",
    "part": "one shows part of the other, or is marked or mirrored",
}
_SPECIAL = re.compile(r"([\\`*_\[\]|~#$<>&])")
_COLUMNS = (
    *("cluster", "sort", "kind", "distance", "likeness", "settled"),
    *("first", "first_line", "first_patientid", "first_finding"),
    *("second", "second_line", "second_patientid", "second_finding"),
    *("decision", "reason", "void"),
)
# Pairs that are decided on by accepting and rejecting.
_CANDIDATES = frozenset({Sort.COLLECTION, Sort.CANDIDATES})
# Names of a cluster that stand in a command; of a larger one the first are an example.
_NAMED = 6


def as_text(found: Found, root: str) -> str:
    """Write what was found for a terminal: cluster by cluster, and what to type next.

    Parameters
    ----------
    found : Found
        From :func:`covidxr.duplicates.search`.
    root : str
        The collection's folder as the commands have to name it.
    """
    lines: list[str] = []
    for number, cluster in enumerate(found.clusters, start=1):
        head = f"{number}. {_head(cluster)}: {counted(len(cluster.sides), 'image')}"
        pairs = [f"   {line}" for each in cluster.pairs for line in _pair(each)]
        lines += [head, *(f"   {_side(each)}" for each in cluster.sides), *pairs]
        lines += [f"   {line}" for line in _next(cluster, root)]
        lines.append("")
    lines += [_stale_line(each.decision, each.why, root) for each in found.stale]
    if found.unread:
        more = len(found.unread) - _NAMED
        named = ", ".join(found.unread[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
        lines.append(f"not comparable, since they cannot be decoded: {named}")
    lines.append(total(found))
    return "\n".join(map(escaped, lines)) + "\n"


def total(found: Found) -> str:
    """Say in a line how many were compared and what came of it."""
    counts = dict.fromkeys(Sort, 0)
    for cluster in found.clusters:
        for each in cluster.pairs:
            counts[each.sort] += not each.settled
    pairs = [f"{count:,} of {_WORDS[sort]}" for sort, count in counts.items() if count]
    said = f"{counted(sum(counts.values()), 'pair')}: {', '.join(pairs)}" if pairs else "no pair"
    settled = f"; {counted(found.settled, 'pair')} settled before" if found.settled else ""
    unread = f"; {counted(len(found.unread), 'file')} not comparable" if found.unread else ""
    return f"{counted(found.searched, 'image')} compared: {said}{settled}{unread}"


_WORDS = {
    Sort.PATIENTS: "different patients",
    Sort.TWICE: "one patient",
    Sort.UNKNOWN: "a patient not known",
    Sort.COLLECTION: "a candidate and the collection",
    Sort.CANDIDATES: "two candidates",
    Sort.UNLISTED: "a file in no row",
}


def as_json(found: Found, root: str) -> str:
    """Write what was found as JSON."""
    return safe_json(
        {
            "version": 1,
            "searched": found.searched,
            "settled": found.settled,
            "unread": list(found.unread),
            "clusters": [
                {
                    "sort": each.sort,
                    "images": [_image(side) for side in each.sides],
                    "pairs": [_record(pair) for pair in each.pairs],
                    "next": list(_next(each, root)),
                }
                for each in found.clusters
            ],
            "stale": [_decision(each.decision) | {"why": each.why} for each in found.stale],
        },
        indent=2,
    )


def as_csv(found: Found, _root: str) -> str:
    """Write one line a pair, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    for number, cluster in enumerate(found.clusters, start=1):
        sides = {side.key: side for side in cluster.sides}
        for each in cluster.pairs:
            cells = {
                "cluster": number,
                **{name: value for name, value in _record(each).items() if name in _COLUMNS},
                **_cells("first", sides[each.pair.first]),
                **_cells("second", sides[each.pair.second]),
                "decision": each.decision.decision if each.decision else "",
                "reason": each.decision.reason if each.decision else "",
            }
            writer.writerow({name: escaped(str(value)) for name, value in cells.items()})
    return out.getvalue()


def as_markdown(found: Found, root: str) -> str:
    """Write a table of pairs, for an issue or a job's summary."""
    lines = [f"**{_plain(total(found))}**", ""]
    if found.clusters:
        lines += ["| | What | First | Second | How alike |", "| --- | --- | --- | --- | --- |"]
    for number, cluster in enumerate(found.clusters, start=1):
        sides = {side.key: side for side in cluster.sides}
        for each in cluster.pairs:
            cells = (
                each.sort + (f" ({_decided(each)})" if each.decision else ""),
                *(_side(sides[name]) for name in (each.pair.first, each.pair.second)),
                _alike(each),
            )
            lines.append(f"| {number} | {' | '.join(map(_plain, cells))} |")
    stale = [_plain(_stale_line(each.decision, each.why, root)) for each in found.stale]
    return "\n".join([*lines, *(f"\n{line}" for line in stale)]) + "\n"


FORMS: dict[str, Callable[[Found, str], str]] = {
    "text": as_text,
    "json": as_json,
    "csv": as_csv,
    "markdown": as_markdown,
}
"""Forms of a search's result; each is given what was found and the collection's folder."""


def decisions(made: Sequence[PairDecision], verb: str, form: str) -> str:
    """Write decisions that were written down or forgotten.

    Parameters
    ----------
    made : sequence of PairDecision
        The decisions.
    verb : str
        What was done with them, such as ``"decided"``.
    form : str
        ``text`` or ``json``.
    """
    if form == "json":
        return safe_json({"version": 1, verb: list(map(_decision, made))}, indent=2)
    lines = (f"{verb}: {each.first} and {each.second}: {each.decision}" for each in made)
    return "".join(f"{escaped(line)}\n" for line in lines)


def _head(cluster: Cluster) -> str:
    if all(each.settled for each in cluster.pairs):
        return "settled"
    two_times = any(each.two_times and not each.settled for each in cluster.pairs)
    return f"{cluster.sort}{', two offsets or dates' if two_times else ''}"


def _side(side: Side) -> str:
    if side.id:
        return f"{side.id}  candidate"
    rows = "; ".join(
        f"line {row.line}: patient {row.cells.get('patientid', 'not known')}"
        + "".join(f", {name} {row.cells[name]}" for name in ("offset", "date") if name in row.cells)
        + (f", {row.cells['finding']}" if "finding" in row.cells else "")
        for row in side.rows
    )
    return f"{side.path}  {rows or 'in no row'}"


def _pair(each: Judged) -> Iterator[str]:
    names = (name.removeprefix("candidates/") for name in (each.pair.first, each.pair.second))
    yield f"{' = '.join(names)}: {_alike(each)}; {each.sort}"
    if each.decision is not None:
        yield f"  {_decided(each)}"


def _alike(each: Judged) -> str:
    pair = each.pair
    if pair.kind == "near":
        return f"{_KINDS['near']} ({pair.distance} of 256 bits, likeness {pair.likeness:.2f})"
    if pair.kind == "part":
        return f"{_KINDS['part']} (likeness {pair.likeness:.2f})"
    return _KINDS[pair.kind]


def _decided(each: Judged) -> str:
    decision = each.decision
    if decision is None:
        return ""
    by = f" by {decision.decided_by}" if decision.decided_by else ""
    said = f"{decision.decision}{by} on {decision.decided_at[:10]}: {decision.reason}"
    return f"decided before, but {each.void}: {said}" if each.void else f"decided: {said}"


def _next(cluster: Cluster, root: str) -> Iterator[str]:
    """Say what to do about a cluster, by the worst of its pairs, with the commands to type."""
    if all(each.settled for each in cluster.pairs):
        return
    where = "" if root in {"", "."} else f" --root {shlex.quote(root)}"
    files = [side.path for side in cluster.sides if side.path]
    ids = [side.id for side in cluster.sides if side.id]
    among = [each for each in cluster.pairs if not each.settled and each.sort not in _CANDIDATES]
    if among:
        named = sorted({name for each in among for name in (each.pair.first, each.pair.second)})
        decide = f"covidxr duplicates decide {_quoted(named)}{where} --as"
        yield from _about_files(among[0].sort, decide)
    if ids:
        told = f"same image as {(files or ids)[0]}"
        wanted = ids if files else ids[1:]
        reject = f"covidxr reject {_quoted(wanted)}{where} --reason {shlex.quote(told)}"
        yield f"a candidate that is not wanted twice: {reject}"


def _about_files(sort: Sort, decide: str) -> Iterator[str]:
    if sort is Sort.PATIENTS:
        yield "one person under two ids? give the rows one patientid; in the wrong row? delete it"
        yield f"the same image, and all stays as it is: {decide} keep --reason '…'"
    elif sort is Sort.TWICE:
        yield "delete one row and its file, or find the image that belongs to the other row"
        yield f"one patient, and both stay: {decide} same-patient --reason '…'"
    elif sort is Sort.UNLISTED:
        yield "delete the file that no row names, or give it a row"
    else:
        yield "fill in patientid"
    yield f"they show different images: {decide} not-duplicate --reason '…'"


def _quoted(names: Sequence[str]) -> str:
    more = " …" if len(names) > _NAMED else ""
    return " ".join(map(shlex.quote, names[:_NAMED])) + more


def _stale_line(decision: PairDecision, why: str, root: str) -> str:
    where = "" if root in {"", "."} else f" --root {shlex.quote(root)}"
    return (
        f"duplicate-decisions.csv:{decision.line}: {decision.first} and {decision.second}: {why}; "
        f"covidxr duplicates forget --stale{where}"
    )


def _image(side: Side) -> dict[str, Any]:
    if side.id:
        return {"candidate": side.id}
    return {"path": side.path, "rows": [{"line": row.line} | dict(row.cells) for row in side.rows]}


def _record(each: Judged) -> dict[str, Any]:
    return {
        "first": each.pair.first,
        "second": each.pair.second,
        "sort": each.sort,
        "kind": each.pair.kind,
        "distance": each.pair.distance,
        "likeness": round(each.pair.likeness, 4),
        "two_times": each.two_times,
        "settled": each.settled,
        "decision": None if each.decision is None else _decision(each.decision),
        "void": each.void,
    }


def _decision(of: PairDecision) -> dict[str, Any]:
    return {
        "first": of.first,
        "second": of.second,
        "decision": of.decision,
        "meaning": DECISIONS.get(of.decision, ""),
        "reason": of.reason,
        "decided_by": of.decided_by,
        "decided_at": of.decided_at,
    }


def _cells(which: str, side: Side) -> dict[str, str]:
    row = side.rows[0] if side.rows else None
    cells = {} if row is None else row.cells
    return {
        f"{which}_line": "" if row is None else str(row.line),
        f"{which}_patientid": cells.get("patientid", ""),
        f"{which}_finding": cells.get("finding", ""),
    }


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", escaped(text))
