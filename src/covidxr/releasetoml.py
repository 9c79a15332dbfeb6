"""Version and day of a release in a settings' file, every other byte as it was.

This module edits text and opens no file.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from covidxr.errors import UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

VERSION, DAY = "version", "released-on"


def with_version(text: str, version: str, day: dt.date, *, table: str = "collection") -> str:
    """Write a version and its day into a TOML file.

    Parameters
    ----------
    text : str
        The file; empty for a new one.
    version : str
        ``MAJOR.MINOR.PATCH``.
    day : datetime.date
        On which it is released.
    table : str
        Where both stand: ``"collection"``, in ``pyproject.toml`` ``"tool.covidxr.collection"``.

    Returns
    -------
    str
        The file with these two values; a table that is not there is put at its end.

    Raises
    ------
    UsageError
        If the table is written in a way in which its values cannot be replaced alone, such as
        ``collection = {…}``.
    """
    made = text
    for key, value in ((DAY, day.isoformat()), (VERSION, f'"{version}"')):
        made = _with(made, table, key, value)
    wanted = _parsed(text)
    place = wanted
    for name in table.split("."):
        place = place.setdefault(name, {})
    place |= {VERSION: version, DAY: day}
    if _parsed(made) != wanted:
        msg = (
            f"version and day cannot be written below [{table}] without changing more; write "
            f'there yourself: version = "{version}" and released-on = {day.isoformat()}'
        )
        raise UsageError(msg)
    return made


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError:
        return {}


def _with(text: str, table: str, key: str, value: str) -> str:
    lines = text.splitlines(keepends=True)
    end = "\r\n" if text.count("\r\n") > text.count("\n") // 2 else "\n"
    head = re.compile(rf"\s*\[\s*{re.escape(table)}\s*\]\s*(?:#.*)?$")
    start = next((at for at, line in enumerate(lines) if head.match(line.rstrip("\r\n"))), None)
    if start is None:
        before = text if not text or text.endswith("\n") else text + end
        return f"{before}{end if before else ''}[{table}]{end}{key} = {value}{end}"
    own = re.compile(
        rf"(\s*{re.escape(key)}\s*=\s*)(?:\"[^\"]*\"|'[^']*'|[^\s#\"']+)(.*)$", re.DOTALL
    )
    for at in range(start + 1, _stop(lines, start)):
        match = own.match(lines[at])
        if match:
            lines[at] = f"{match[1]}{value}{match[2]}"
            return "".join(lines)
    if not lines[start].endswith("\n"):
        lines[start] += end
    lines.insert(start + 1, f"{key} = {value}{end}")
    return "".join(lines)


def _stop(lines: Sequence[str], start: int) -> int:
    """Give the line at which the next table begins."""
    # A value of several lines can end the search too early; the check of the whole finds that.
    rest = range(start + 1, len(lines))
    return next((at for at in rest if re.match(r"\s*\[", lines[at])), len(lines))
