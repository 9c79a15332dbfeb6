"""``covidxr facts``: what the files are."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import output
from covidxr.cli.workers import Dask, Jobs, Processes, placed, workers
from covidxr.levels import ImageDepth


class Format(StrEnum):
    """How facts are printed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def command(
    *,
    root: Annotated[
        Path, typer.Option(help="The collection's folder, or an address: s3://bucket/folder.")
    ] = Path(),
    images: Annotated[
        ImageDepth, typer.Option(help="How closely files are looked at; full decodes all.")
    ] = ImageDepth.FULL,
    output_format: Annotated[Format, typer.Option("--format", help="How to print them.")] = (
        Format.TEXT
    ),
    jobs: Jobs = None,
    processes: Processes = False,
    dask: Dask = None,
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Measure every file: format by content, size, depth, hashes, colour, metadata, damage.

    What was measured is kept in .covidxr/, so that a second run reads only what changed. It judges
    nothing and ends with 0: `covidxr validate --images full` does, on the same facts.

    Examples: `covidxr facts`, `covidxr facts --format csv > facts.csv`,
    `covidxr facts --root s3://bucket/collection --jobs 8`.
    """
    from covidxr import facts as workflow
    from covidxr.cli.render import facts as render

    folder, place = placed(root, dask=dask)
    with (
        workers(jobs, processes=processes, dask=dask) as executor,
        output.progress("Looking at files", wanted=progress) as bar,
    ):
        found = workflow.gather(
            workflow.Options(root=folder, place=place, depth=images, workers=executor, progress=bar)
        )
    if output_format is Format.CSV:
        output.write(render.csv_text(found))
    elif output_format is Format.JSON:
        output.write(render.json_text(found))
    else:
        output.write(render.text(found, workflow.counted(found), workflow.notable))
    return 0
