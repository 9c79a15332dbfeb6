"""``covidxr migrate``: rewrite an earlier table to today's header and findings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.migrate import Migration

_LINES_SHOWN = 8


def command(
    *,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    encoding: Annotated[
        str | None,
        typer.Option(help="Encoding of a table that is not UTF-8, such as mac_roman or cp1252."),
    ] = None,
) -> int:
    """Rewrite the table's header and findings to today's form.

    Cells that do not change keep every byte. Records that cannot be placed are kept and listed;
    exit code 1 says that there are some.
    """
    from covidxr.migrate import migrate

    done = migrate(root, encoding=encoding, write=not dry_run)
    output.write("\n".join(_words(done)))
    return 1 if done.left else 0


def _words(done: Migration) -> Iterator[str]:
    for old, new in done.renamed:
        yield f"column {old!r} -> {new}"
    if done.added:
        yield f"added, blank: {', '.join(done.added)}"
    if done.moved:
        yield "columns put in today's order"
    if done.dropped:
        yield f"dropped {done.dropped} unnamed column that held nothing"
    for name in done.kept:
        yield f"kept behind the others: {name!r}, which today's schema does not know"
    for change in done.changes:
        words = f"{_short(change.old)} -> {_short(change.new)}"
        yield f"{change.name}: {words} in {_rows(change.lines)}"
    for line, why in done.left:
        yield f"metadata.csv:{line}: left for you: {why}"
    cells = sum(len(change.lines) for change in done.changes)
    yield f"{cells} cells changed, {len(done.left)} lines left for you"


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:28]} … {text[-28:]}")  # noqa: PLR2004


def _rows(lines: tuple[int, ...]) -> str:
    shown = ", ".join(map(str, lines[:_LINES_SHOWN]))
    more = f" and {len(lines) - _LINES_SHOWN} more" if len(lines) > _LINES_SHOWN else ""
    if len(lines) == 1:
        return f"1 row (line {shown})"
    return f"{len(lines)} rows (lines {shown}{more})"
