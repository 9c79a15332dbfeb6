"""What SCHEMA.md and the Table Schema say of the columns, made from the columns.

This module turns ``COLUMNS`` and the finding hierarchy into text, and finds and replaces that text
between the markers of a page. It opens no file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.columns import COLUMNS
from covidxr.errors import CovidxrError
from covidxr.labels import NODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from covidxr.cells import Column

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
"""Table Schema of Data Package v2."""

_MARKER = re.compile(
    r"^<!-- covidxr schema: (?P<kind>begin|end) (?P<name>\S+) -->[ \t]*(?P<end>\r\n|\n|\r|\Z)",
    re.MULTILINE,
)

_TYPES = {"integer": "integer", "number": "number"}
_FORMATS = {"url": "uri"}
# As much of a date as the source says; Table Schema's own date knows only whole days.
_PATTERNS = {
    "date": r"\d{4}(-\d{2}(-\d{2})?)?",
    "doi": r"10\.\d{4,9}/\S+",
    "identifier": r"[0-9A-Za-z][0-9A-Za-z_.\-]*",
}


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Write a Markdown table.

    Parameters
    ----------
    heads : iterable of str
        Names of its columns.
    rows : iterable of iterable of str
        Cells in Markdown; bars are escaped here, and newlines become blanks.

    Returns
    -------
    str
        Without a newline at the end.
    """
    names = list(heads)
    lines = [names, ["---"] * len(names), *(list(row) for row in rows)]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def _code(texts: Iterable[str]) -> str:
    return ", ".join(f"`{text}`" for text in texts)


def blocks() -> dict[str, str]:
    """Write every generated part of SCHEMA.md.

    Returns
    -------
    dict of str to str
        Markdown by the name of the block, in the order of the page; lines end with a newline
        character, the last one too.
    """
    made = {
        "columns": _columns(),
        "values": _values(),
        "findings": _findings(),
        "aliases": _aliases(),
    }
    return {name: f"{text}\n" for name, text in made.items()}


def _columns() -> str:
    heads = ("Column", "Meaning", "Values", "Level", "May be blank", "Example")
    return table(
        heads,
        (
            (
                f"`{column.name}`",
                column.meaning,
                describe_values(column),
                column.level.value,
                describe_blank(column),
                f"`{column.example}`" if column.example else "",
            )
            for column in COLUMNS
        ),
    )


_KINDS = {
    "text": "text",
    "identifier": "letters, digits, `-`, `_`, `.`",
    "integer": "whole number",
    "number": "number",
    "date": "`YYYY`, `YYYY-MM` or `YYYY-MM-DD`",
    "doi": "DOI",
    "url": "address",
    "licence": "SPDX id or `LicenseRef-…`",
    "finding": "path of the hierarchy",
    "filename": "file name",
}


def describe_values(column: Column) -> str:
    """Say in a few words, in Markdown, what a column's cells hold."""
    if column.allowed:
        return _code(column.allowed)
    words = _KINDS[column.kind]
    if column.minimum is not None and column.maximum is not None:
        return f"{words}, {column.minimum:g} to {column.maximum:g} {column.unit}".rstrip()
    return words


def describe_blank(column: Column) -> str:
    """Say whether a column's cells may be blank."""
    if column.kind == "licence":
        return "yes, but reported"
    return "yes" if column.blank else "no"


def _values() -> str:
    parts = []
    for column in COLUMNS:
        if not column.allowed:
            continue
        rows = [
            (f"`{value}`", meaning, _code(_spellings(column, value)))
            for value, meaning in column.allowed.items()
        ]
        text = table((f"`{column.name}`", "Meaning", "Read as the same"), rows)
        parts.append((column, text))
    return "\n\n".join(_merged(parts))


def _merged(parts: list[tuple[Column, str]]) -> Iterator[str]:
    """Give one table for all columns that take the same values, then the notes."""
    by_body: dict[str, list[tuple[Column, str]]] = {}
    for column, text in parts:
        body = text.partition("\n")[2]
        by_body.setdefault(body, []).append((column, text))
    for body, same in by_body.items():
        names = ", ".join(f"`{column.name}`" for column, _ in same)
        yield f"| {names} | Meaning | Read as the same |\n{body}"
        column = same[0][0]
        if column.hints:
            notes = [f"- `{word}`: {hint}" for word, hint in column.hints.items()]
            yield "Not values, and never replaced without the source:"
            yield "\n".join(notes)


def _spellings(column: Column, value: str) -> list[str]:
    same = value.casefold()
    return [text for text, meant in column.spellings.items() if meant == value and text != same]


def _findings() -> str:
    heads = ("Finding", "Kind", "Since", "Also written", "Note")
    return table(
        heads,
        (
            (
                f"`{node.path}`",
                node.kind,
                node.since,
                ", ".join((*node.deprecated, *node.synonyms)),
                node.note,
            )
            for node in NODES
        ),
    )


def _aliases() -> str:
    rows = [
        (_code(alias.replace("_", " ") for alias in column.aliases), f"`{column.name}`")
        for column in COLUMNS
        if column.aliases
    ]
    return table(("Name in an older header", "Today"), rows)


def table_schema() -> dict[str, Any]:
    """Describe the table as Frictionless Table Schema.

    Returns
    -------
    dict
        Ready for JSON. `level`, `unit` and `aliases` of a field are additions that the
        specification allows.
    """
    return {
        "$schema": PROFILE,
        "fields": [_field(column) for column in COLUMNS],
        "missingValues": [""],
        "primaryKey": ["folder", "filename"],
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        "description": column.meaning,
        "level": column.level.value,
    }
    if column.kind in _FORMATS:
        field["format"] = _FORMATS[column.kind]
    if column.unit:
        field["unit"] = column.unit
    if column.aliases:
        field["aliases"] = list(column.aliases)
    if column.allowed:
        field["categories"] = [
            {"value": value, "label": label} for value, label in column.allowed.items()
        ]
    if column.example:
        field["example"] = column.example
    constraints = _constraints(column)
    if constraints:
        field["constraints"] = constraints
    return field


def _constraints(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if not column.blank:
        found["required"] = True
    if column.allowed:
        found["enum"] = list(column.allowed)
    if column.kind in _PATTERNS:
        found["pattern"] = _PATTERNS[column.kind]
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            found[name] = int(bound) if float(bound).is_integer() else bound
    return found


class MarkerError(CovidxrError):
    """The markers of a page do not enclose each block once.

    Parameters
    ----------
    message : str
        What is wrong.
    line : int
        1-based line where it is seen.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """A block of a page: its name, the line of its first marker, and what stands between."""

    name: str
    line: int
    start: int
    stop: int
    newline: str


def has_blocks(page: str) -> bool:
    """Tell whether a page holds any marker of this module."""
    return _MARKER.search(page) is not None


def stale(page: str) -> list[tuple[int, str]]:
    """Find the blocks of a page that are not what `blocks` gives.

    Parameters
    ----------
    page : str
        Text of SCHEMA.md, with its own line ends.

    Returns
    -------
    list of (int, str)
        1-based line of the opening marker and name of each.

    Raises
    ------
    MarkerError
        If a marker is missing, repeated, unknown or not closed.
    """
    wanted = blocks()
    return [
        (place.line, place.name)
        for place in _places(page)
        if page[place.start : place.stop] != _written(wanted, place)
    ]


def updated(page: str) -> str:
    """Replace every block of a page by what `blocks` gives; all else stays as it was.

    Parameters
    ----------
    page : str
        Text of SCHEMA.md; the line ends of each marker are kept for its block.

    Returns
    -------
    str
        The new page.

    Raises
    ------
    MarkerError
        If a marker is missing, repeated, unknown or not closed.
    """
    wanted = blocks()
    for place in sorted(_places(page), key=lambda place: place.start, reverse=True):
        page = page[: place.start] + _written(wanted, place) + page[place.stop :]
    return page


def _written(wanted: dict[str, str], place: _Place) -> str:
    return f"\n{wanted[place.name]}\n".replace("\n", place.newline)


def _places(page: str) -> list[_Place]:
    found: dict[str, _Place] = {}
    markers = list(_MARKER.finditer(page))
    if len(markers) % 2:
        # An odd marker has no partner; this one makes the loop below name it.
        markers.append(markers[-1])
    for begin, end in zip(markers[::2], markers[1::2], strict=True):
        place = _place(page, begin, end)
        if place.name in found:
            raise MarkerError(f"block {place.name!r} is there twice", place.line)
        found[place.name] = place
    missing = [name for name in blocks() if name not in found]
    if missing:
        raise MarkerError(
            f"no marker <!-- covidxr schema: begin NAME --> names {', '.join(missing)}", 1
        )
    return list(found.values())


def _place(page: str, begin: re.Match[str], end: re.Match[str]) -> _Place:
    line = _line(page, begin)
    name = begin["name"]
    if begin["kind"] != "begin":
        raise MarkerError(f"block {name!r} ends and was not begun", line)
    if name not in blocks():
        known = ", ".join(blocks())
        raise MarkerError(f"there is no block {name!r}, only {known}", line)
    if end["kind"] != "end" or end["name"] != name or end is begin:
        raise MarkerError(f"block {name!r} is not closed", line)
    return _Place(
        name=name,
        line=line,
        start=begin.end(),
        stop=end.start(),
        newline=begin["end"],
    )


def _line(page: str, marker: re.Match[str]) -> int:
    return len(re.findall(r"\r\n|\n|\r", page[: marker.start()])) + 1
