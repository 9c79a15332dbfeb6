"""``covidxr show``: one image or one patient, with the picture where the terminal can show it."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from covidxr.cli.render.termpicture import Form
    from covidxr.showing import Shown
    from covidxr.table import Row

_PICTURES = "auto|kitty|iterm2|sixel|blocks|none"
# Columns: of one picture, which fits beside nothing else, and of each of a patient's.
_LARGE, _SMALL = 60, 26
_WIDEST = 1000


def command(
    *,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="A file name or a patientid; patientid=7 where a name could be both.",
        ),
    ],
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    picture: Annotated[
        str,
        typer.Option(
            metavar=_PICTURES,
            help="How the picture is shown; auto knows many terminals, and shows none elsewhere.",
        ),
    ] = "auto",
    width: Annotated[
        int | None,
        typer.Option(
            min=4,
            max=_WIDEST,
            help="Columns of a picture.",
            show_default=f"{_LARGE}, or {_SMALL} for each of a patient's",
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of the result.")
    ] = "text",
) -> int:
    """Show an image's row and its patient's course, or a patient's images, and the pictures.

    Examples: `covidxr show covid-12.png`, `covidxr show 12 --picture none`,
    `covidxr show patientid=12 --format json`.
    """
    from covidxr import showing
    from covidxr.cli.render import show as render

    arguments.one_of(picture, _PICTURES.split("|"), "--picture")
    arguments.one_of(form, ("text", "json"), "--format")
    shown = showing.find(root, name)
    if form == "json":
        output.write(render.as_json(shown))
        return 0
    _pictures(root, shown, picture, width)
    output.write(render.as_text(shown, width=_columns()))
    return 0


def _columns() -> int:
    return shutil.get_terminal_size((80, 24)).columns


def _form(picture: str) -> Form | None:
    """Tell how pictures are sent; None where none is."""
    if picture == "none":
        return None
    if picture == "auto" and not (sys.stdout.isatty() and output.colourful()):
        return None
    from covidxr.cli.render import termpicture

    if picture == "auto":
        form = termpicture.form_for(os.environ)
        return None if form is termpicture.Form.BLOCKS and not _takes_blocks() else form
    return termpicture.Form(picture)


def _takes_blocks() -> bool:
    try:
        "▀".encode(sys.stdout.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _pictures(root: Path, shown: Shown, picture: str, width: int | None) -> None:
    form = _form(picture)
    if form is None:
        return
    if shown.is_patient:
        _small(root, shown.rows, form, width or _SMALL)
        return
    for row in shown.rows[:1]:
        _large(root, row, form, min(width or _LARGE, _columns()))


def _large(root: Path, row: Row, form: Form, width: int) -> None:
    from covidxr import showing
    from covidxr.cli.render import termpicture

    pixels, why = showing.picture(root, row)
    if pixels is None:
        output.note(why)
        return
    true_colour = termpicture.has_true_colour(os.environ)
    output.write(termpicture.drawn(pixels, form, width, true_colour=true_colour))


def _small(root: Path, rows: Sequence[Row], form: Form, width: int) -> None:
    """Show a patient's images, as many side by side as the terminal is wide."""
    from covidxr import showing
    from covidxr.cli.render import termpicture

    beside = max(_columns() // width, 1)
    true_colour = termpicture.has_true_colour(os.environ)
    for start in range(0, len(rows), beside):
        part = rows[start : start + beside]
        found = [showing.picture(root, row) for row in part]
        for _, why in found:
            if why:
                output.note(why)
        laid = termpicture.grid([pixels for pixels, _ in found], width)
        output.write(termpicture.drawn(laid, form, width * len(part), true_colour=true_colour))
        output.write(termpicture.captions([_caption(row) for row in part], width))


def _caption(row: Row) -> str:
    when = f"day {row['offset']}" if row["offset"] else row["date"]
    return ", ".join(filter(None, (when, row["view"], row["filename"])))
