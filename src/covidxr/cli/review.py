"""``covidxr review``: what waits for a decision, and what was decided."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def command(
    *,
    every: Annotated[bool, typer.Option("--all", help="Decided images, too.")] = False,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    candidates: Annotated[
        Path | None,
        typer.Option(
            "--candidates", "-c", help="Folder of candidates.", show_default=".covidxr/candidates"
        ),
    ] = None,
    _listing: Annotated[
        bool, typer.Option("--list", help="Print the queue; that is all there is so far.")
    ] = True,
    form: Annotated[
        str, typer.Option("--format", metavar="table|json", help="Form of what is printed.")
    ] = "table",
) -> int:
    """List the candidate images that wait for a decision, or all with what was decided."""
    from covidxr.cli.clock import system
    from covidxr.cli.render import review as render
    from covidxr.review import Options, Review
    from covidxr.reviewsheet import State

    arguments.one_of(form, ("table", "json"), "--format")
    review = Review(Options(root=root, clock=system, output=candidates))
    shown = [
        each for each in review.entries() if every or each.state in (State.WAITING, State.DEFERRED)
    ]
    if form == "json":
        output.write(render.queue_json(shown, review.progress(), review.damaged()))
        return 0
    if not review.progress().total:
        output.note("no candidates wait for review; `covidxr scrape` brings some")
    output.write(render.queue(shown, review.damaged()))
    output.note(render.counts(review.progress()))
    return 0
