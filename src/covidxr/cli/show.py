"""``covidxr show``: an image or a patient of the collection, with the picture where it can be."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.showing import Showing

PICTURES = ("auto", "kitty", "iterm", "sixel", "blocks", "none")


def command(
    *,
    name: Annotated[
        str, typer.Argument(metavar="FILENAME|PATIENTID", help="Such as images/one.png, or 12.")
    ],
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    picture: Annotated[
        str,
        typer.Option(
            metavar="|".join(PICTURES),
            help="How the picture is shown; auto shows it where the terminal says that it can.",
        ),
    ] = "auto",
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of what is printed.")
    ] = "text",
) -> int:
    """Show an image's row, where it came from, its patient's course, diagnostics and the picture.

    blocks are half characters in 24-bit colour, which nearly every terminal shows. Into a file or
    a pipe no picture is written unless --picture names a form.

    Examples: `covidxr show phantom-001-day00-pa.jpg`, `covidxr show P001 --picture none`.
    """
    from concurrent.futures import ThreadPoolExecutor

    from covidxr import showing
    from covidxr.cli.clock import system
    from covidxr.cli.render import show as render

    arguments.one_of(picture, PICTURES, "--picture")
    arguments.one_of(form, ("text", "json"), "--format")
    with ThreadPoolExecutor() as workers:
        found = showing.find(
            showing.Options(root=root, name=name, today=system.utc_now().date(), workers=workers)
        )
    if found.rows and found.is_patient:
        output.note(f"{name} is the name of a file and of a patient: both are shown")
    if form == "json":
        output.write(render.as_json(found))
        return 0
    _pictures(root, found, picture)
    output.write(render.page(found))
    return 0


def _pictures(root: Path, found: Showing, wanted: str) -> None:
    from covidxr import showing
    from covidxr.cli.render import terminalpicture

    form = wanted
    if wanted == "auto":
        form = terminalpicture.best_form(os.environ, terminal=sys.stdout.isatty())
    if form == "none":
        return
    if not found.rows and wanted != "auto":
        output.note(f"{found.name} is a patient: name one of the files to see its picture")
    columns = shutil.get_terminal_size().columns
    for path, row in {each.row.path: each.row for each in found.rows}.items():
        seen = showing.picture(root, found, row)
        if seen.pixels is None:
            output.note(f"{path} is not shown: {seen.why}")
        else:
            output.write(terminalpicture.drawn(seen.pixels, form, columns))
