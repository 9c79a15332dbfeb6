"""``covidxr schema``: the columns of the table, and whether SCHEMA.md says the same."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = "SCHEMA.md"


class Format(StrEnum):
    """How the columns are printed."""

    TABLE = "table"
    JSON = "json"
    MARKDOWN = "markdown"


def command(
    *,
    root: Annotated[Path, typer.Option(help="The folder that holds SCHEMA.md.")] = Path(),
    write: Annotated[
        bool, typer.Option("--write", help="Renew the tables of SCHEMA.md between their markers.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit 1 where they are out of date, and show how."),
    ] = False,
    format: Annotated[  # noqa: A002 - the option's name
        Format,
        typer.Option("--format", help="json is a Table Schema (Data Package v2)."),
    ] = Format.TABLE,
) -> int:
    """Show the columns: what each means, which values it takes, whether it may be blank.

    Examples: `covidxr schema`, `covidxr schema --format json > schema.json`,
    `covidxr schema --check`.
    """
    from covidxr.errors import UsageError

    if write and check:
        raise UsageError("use one of --write and --check at a time")
    if write:
        return _write(root / PAGE)
    if check:
        return _check(root / PAGE)
    _print(format)
    return 0


def _print(form: Format) -> None:
    from covidxr.cli import output
    from covidxr.cli.render import columntable

    if form is Format.TABLE:
        output.show(columntable.as_table())
    elif form is Format.JSON:
        output.write(columntable.as_json())
    else:
        output.write(columntable.as_markdown())


def _write(path: Path) -> int:
    from covidxr import disk, schemapage
    from covidxr.cli import output

    old = disk.read_text(path)
    new = _named(path, lambda: schemapage.updated(old))
    if new != old:
        disk.write_text(path, new)
    output.note(f"{path}: the tables are {'up to date' if new == old else 'rewritten'}")
    return 0


def _check(path: Path) -> int:
    from covidxr import disk, schemapage
    from covidxr.cli import output
    from covidxr.cli.render import columntable

    old = disk.read_text(path)
    new = _named(path, lambda: schemapage.updated(old))
    if new == old:
        output.note(f"{path}: the tables are up to date")
        return 0
    output.write(columntable.difference(str(path), old, new))
    output.note(f"{path}: the tables are out of date; `covidxr schema --write` renews them")
    return 1


def _named(path: Path, work: Callable[[], str]) -> str:
    """Do work on a page's text, and name the page in what is wrong with it."""
    from covidxr.errors import CollectionError
    from covidxr.schemapage import MarkerError

    try:
        return work()
    except MarkerError as error:
        raise CollectionError(f"{path}:{error.line}: {error}") from None
