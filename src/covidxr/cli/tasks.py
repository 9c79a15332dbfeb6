"""``covidxr tasks``: the tables that the collection is for."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output
from covidxr.cli.workers import placed


class Per(StrEnum):
    """What a row is."""

    IMAGE = "image"
    PATIENT = "patient"


def command(
    *,
    name: Annotated[
        str | None, typer.Argument(help="The task; without one all are listed.")
    ] = None,
    per: Annotated[Per, typer.Option(help="One row an image, or one a patient.")] = Per.IMAGE,
    views: Annotated[
        str | None, typer.Option(metavar="VIEW,…", help="Of these views alone: PA,AP.")
    ] = None,
    only_before: Annotated[
        bool,
        typer.Option("--only-before", help="Only images on which the outcome is not there yet."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the table: .csv or .json.")
    ] = None,
    form: Annotated[
        str | None,
        typer.Option("--format", metavar="text|csv|json", help="text counts, the others list."),
    ] = None,
    root: Annotated[
        Path, typer.Option(help="The collection's folder, or an address: s3://bucket/folder.")
    ] = Path(),
) -> int:
    """Make a table for a task: pneumonia or not, survival, intubation, intensive care, severity.

    A row has a label only where it is known: a blank, "?" or "Unclear" is never a no. Every filter
    says what it left out.

    Examples: `covidxr tasks`, `covidxr tasks pneumonia --views PA,AP --out pneumonia.csv`,
    `covidxr tasks intubation --per patient --only-before`.
    """
    from covidxr import tasks as workflow
    from covidxr.cli.render import tasks as render
    from covidxr.taskrows import TASKS, Choice

    chosen = form or ("text" if out is None else out.suffix.lower().lstrip("."))
    arguments.one_of(chosen, ("text", "csv", "json"), "--out" if form is None else "--format")
    choice = Choice(
        views=tuple(filter(None, map(str.strip, (views or "").split(",")))),
        only_before=only_before,
        per_patient=per is Per.PATIENT,
    )
    folder, _ = placed(root)
    tables = workflow.tables(folder, TASKS if name is None else [name], choice)
    text = render.LISTS[chosen](tables) if name is None else render.TABLES[chosen](tables[0])
    if out is None:
        output.write(text)
        return 0
    workflow.save(out, text)
    output.write(render.listing(tables) if name is None else render.text(tables[0]))
    output.note(f"{out} written")
    return 0
