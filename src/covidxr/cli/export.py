"""``covidxr export``: the collection in the formats that others read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output
from covidxr.cli.clock import system
from covidxr.cli.workers import Jobs, Processes, is_elsewhere, placed, workers


def command(
    *,
    formats: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FORMAT…]", help="What to write; without one they are listed."),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where; each format gets a folder of its name in it."),
    ] = None,
    split: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Say each image's part: train, validation, test."),
    ] = None,
    version: Annotated[str, typer.Option(metavar="1.2.0", help="Version of the collection.")] = "",
    date: Annotated[str, typer.Option(metavar="2026-11-26", help="Day of that version.")] = "",
    link: Annotated[
        bool, typer.Option("--link", help="Hard links instead of copies: they take no room.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace an older export, if nothing else lies there.")
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help="Export in spite of errors that break readers.")
    ] = False,
    config: Annotated[
        Path | None, typer.Option(help="Settings file.", show_default="covidxr.toml")
    ] = None,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of what is printed.")
    ] = "text",
    jobs: Jobs = None,
    processes: Processes = False,
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Write the collection in formats that others read, each whole or not at all.

    It is validated first: where a file is missing, damaged or named twice, or the table is not one,
    nothing is written, and what is in the way is printed. Title, makers and the like stand below
    [collection] in covidxr.toml. The same collection gives the same bytes.

    Exit code 0: written; 1: something is in the way, or was, with --anyway; 2: could not write.

    Examples: `covidxr export`, `covidxr export croissant --to exports`,
    `covidxr export datapackage citation --to exports --version 1.2.0 --date 2026-11-26`.
    """
    from covidxr import export as workflow
    from covidxr.cli.render import export as render

    arguments.one_of(form, ("text", "json"), "--format")
    if not formats:
        known = tuple(workflow.exporters().values())
        output.write(render.listing_json(known) if form == "json" else render.listing(known))
        return 0
    if to is None:
        raise typer.BadParameter("name the folder to write to", param_hint="--to")
    folder, elsewhere = placed(root)
    if is_elsewhere(elsewhere):
        raise typer.BadParameter("export a collection on this machine", param_hint="--root")
    with (
        workers(jobs, processes=processes) as executor,
        output.progress("Looking at files", wanted=progress) as bar,
    ):
        found = workflow.export(
            workflow.Options(
                root=folder,
                keys=tuple(formats),
                to=to,
                today=system.utc_now().date(),
                split=split,
                version=version,
                date=date,
                link=link,
                force=force,
                anyway=anyway,
                config=config,
                workers=executor,
                progress=bar,
            )
        )
    for note in found.notes:
        output.note(f"covidxr: {note}")
    output.write(render.exported_json(found) if form == "json" else render.exported(found))
    return 1 if found.problems else 0
