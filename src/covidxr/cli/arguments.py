"""What commands share of their arguments: days, choices, pages that are generated and checked."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import typer

from covidxr.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def day(text: str | None, option: str) -> dt.date | None:
    """Read a day such as 2020-06-22; None for none."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} is not a day such as 2020-06-22", param_hint=option
        ) from None


def one_of(text: str, choices: Iterable[str], option: str) -> None:
    """Refuse a word that is none of an option's."""
    known = list(choices)
    if text not in known:
        words = f"{', '.join(known[:-1])} or {known[-1]}"
        raise typer.BadParameter(f"{text!r} is not {words}", param_hint=option)


def written_or_checked(
    text: str, write: Path | None, check: Path | None, renews: str
) -> int | None:
    """Write a generated page, or tell whether a file still is that page.

    Parameters
    ----------
    text : str
        The page.
    write, check : Path or None
        What the user asked for.
    renews : str
        The command that renews it, without the file.

    Returns
    -------
    int or None
        The exit code; None where neither was asked for.
    """
    from covidxr import disk

    if write is not None:
        disk.write_text(write, text)
        return 0
    if check is None:
        return None
    current = disk.read_text_if_there(check) == text
    if not current:
        output.note(f"{check} is out of date; `{renews} --write {check}` renews it")
    return 0 if current else 1
