"""``covidxr subset``: a smaller collection of some rows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def command(
    *,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The new folder; not there yet, or empty.")
    ] = None,
    license: Annotated[  # noqa: A002 - the option's name
        list[str] | None,
        typer.Option(metavar="ID,ID…", help="Rows of one of these licences, as SPDX ids."),
    ] = None,
    allows: Annotated[
        list[str] | None,
        typer.Option(
            metavar="share,adapt,commercial",
            help="Rows whose licence is known to allow all of these.",
        ),
    ] = None,
    conditions: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="CONDITION",
            help="Rows of which this holds; several must all hold. See docs/rights.md.",
        ),
    ] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Hard links in place of copies of images.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an older subset.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Count what would be left, and write nothing.")
    ] = False,
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of the result.")
    ] = "text",
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Make a smaller collection of the rows that fit, which validates by itself.

    Rows stay byte for byte what they are; images, annotations, pins, provenance, decisions,
    licences and settings go along as far as they are about them. A cell that is blank, or that
    cannot be read, fits no condition but `is blank`. Exit code 1: something could not go along.

    Examples: `covidxr subset --license CC-BY-4.0,CC0-1.0 --to DIR`,
    `covidxr subset --allows commercial,adapt --dry-run`,
    `covidxr subset --where "view in PA,AP and age >= 18" --to DIR`,
    `covidxr subset --where "finding under Pneumonia/Viral" --where "date >= 2020-03" --to DIR`.
    """
    from covidxr import subset as workflow
    from covidxr.cli.render import subset as render
    from covidxr.errors import UsageError
    from covidxr.purposes import Purpose

    arguments.one_of(form, ("text", "json"), "--format")
    purposes = _listed(allows)
    for each in purposes:
        arguments.one_of(each, list(Purpose), "--allows")
    if to is None and not dry_run:
        raise UsageError("where to? name a new folder with --to, or count with --dry-run")
    options = workflow.Options(
        root=root,
        to=to or Path(),
        licences=_listed(license),
        purposes=tuple(map(Purpose, purposes)),
        conditions=tuple(conditions or ()),
        force=force,
        link=link,
    )
    what = workflow.plan(options)
    if not dry_run:
        with output.progress("Copying files", wanted=progress) as bar:
            workflow.carry_out(options, what, bar)
    shown = render.json_text if form == "json" else render.text
    output.write(shown(what, None if dry_run else to))
    return 1 if what.problems else 0


def _listed(texts: list[str] | None) -> tuple[str, ...]:
    """Take options apart at commas."""
    parts = (part.strip() for text in texts or () for part in text.split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
