"""The baseline: known problems that a collection lives with, each with the reason.

This module reads and writes the baseline's text; it opens no file. Entries are found again by
fingerprint, so they survive moved lines and end with the problem.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from covidxr.model import Diagnostic

_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One accepted problem.

    Parameters
    ----------
    fingerprint, code : str
        As the diagnostic has them.
    reason : str
        Why it is accepted; never empty.
    added : datetime.date
        When it was accepted.
    expires : datetime.date or None
        From this day on the problem counts again.
    where : str
        File, row and column in words, for people who read the baseline.
    """

    fingerprint: str
    code: str
    reason: str
    added: dt.date
    expires: dt.date | None = None
    where: str = ""


def parse_baseline(text: str, *, where: str) -> tuple[Entry, ...]:
    """Read a baseline.

    Raises
    ------
    UsageError
        If it is not the JSON that `write_baseline` writes, or an entry has no reason.
    """
    try:
        data = json.loads(text)
        if data["version"] != _VERSION:
            msg = f"{where}: version {data['version']!r} of a baseline is not known here"
            raise UsageError(msg)
        return tuple(_entry(each, where) for each in data["entries"])
    except RecursionError:
        msg = f"{where} is not a baseline (it is nested too deep); make one with --write-baseline"
        raise UsageError(msg) from None
    except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
        msg = f"{where} is not a baseline ({error}); make one with --write-baseline"
        raise UsageError(msg) from None


def _entry(data: Any, where: str) -> Entry:
    if not isinstance(data, dict) or not all(isinstance(each, str) for each in data.values()):
        msg = "an entry is not an object of strings"
        raise TypeError(msg)
    if not data.get("reason", "").strip():
        msg = f"{where}: the entry {data['fingerprint']} ({data['code']}) has no reason"
        raise UsageError(msg)
    expires = data.get("expires")
    return Entry(
        fingerprint=data["fingerprint"],
        code=data["code"],
        reason=data["reason"],
        added=dt.date.fromisoformat(data["added"]),
        expires=dt.date.fromisoformat(expires) if expires else None,
        where=data.get("where", ""),
    )


def write_baseline(
    old: Iterable[Entry],
    diagnostics: Iterable[Diagnostic],
    unseen: Iterable[Entry] = (),
    *,
    reason: str,
    today: dt.date,
) -> str:
    """Write a baseline that accepts some diagnostics.

    Parameters
    ----------
    old : iterable of Entry
        Entries that stay with their own reason where the problem is still there.
    diagnostics : iterable of Diagnostic
        All problems of today.
    unseen : iterable of Entry
        Entries that stay as they are, since nobody looked.
    reason : str
        Reason of the entries that are new.
    today : datetime.date
        The day of the entries that are new.

    Returns
    -------
    str
        JSON, sorted, one entry a line, with a line end.
    """
    if not reason.strip():
        msg = "a baseline needs a reason: --reason “why these problems may stay”"
        raise UsageError(msg)
    known = {entry.fingerprint: entry for entry in old}
    entries = {entry.fingerprint: entry for entry in unseen}
    for each in diagnostics:
        place = " ".join(part for part in (each.file, each.row, each.field) if part)
        entries[each.fingerprint] = known.get(each.fingerprint) or Entry(
            fingerprint=each.fingerprint, code=each.code, reason=reason, added=today, where=place
        )
    ordered = sorted(entries.values(), key=lambda entry: (entry.code, entry.where))
    lines = ",\n".join("  " + json.dumps(_json(entry), ensure_ascii=False) for entry in ordered)
    body = f"[\n{lines}\n ]" if lines else "[]"
    return f'{{"version": {_VERSION},\n "entries": {body}}}\n'


def _json(entry: Entry) -> dict[str, str]:
    data = {
        "fingerprint": entry.fingerprint,
        "code": entry.code,
        "where": entry.where.encode("utf-8", "replace").decode(),
        "reason": entry.reason,
        "added": entry.added.isoformat(),
    }
    return data | ({"expires": entry.expires.isoformat()} if entry.expires else {})
