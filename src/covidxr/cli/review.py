"""``covidxr review``: candidates and decisions in the browser, or as a list."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.review import Review


def command(
    *,
    listing: Annotated[
        bool, typer.Option("--list", help="Print the queue, and open no page.")
    ] = False,
    every: Annotated[bool, typer.Option("--all", help="With --list: decided images, too.")] = False,
    by: Annotated[str | None, typer.Option(help="Who decides.", show_default="git's user.name")] = (
        None
    ),
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the page is served; 0 is any free port.")
    ] = 0,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the page at once.")
    ] = True,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    candidates: Annotated[
        Path | None,
        typer.Option(
            "--candidates", "-c", help="Folder of candidates.", show_default=".covidxr/candidates"
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="table|json", help="With --list: form of the list.")
    ] = "table",
) -> int:
    """Review candidate images in the browser: look, correct the row, accept, reject or defer.

    The page is served on this machine alone and loads nothing from elsewhere. Each decision is
    written at once; stop with Ctrl-C whenever you like, and go on later.
    """
    from covidxr import revisions
    from covidxr.cli.clock import system
    from covidxr.review import Options, Review

    arguments.one_of(form, ("table", "json"), "--format")
    name = revisions.user_name(root) if by is None else by
    review = Review(Options(root=root, clock=system, by=name, output=candidates))
    if listing or every or form == "json":
        return _list(review, form, every=every)
    return _serve(review, port, browser=browser)


def _list(review: Review, form: str, *, every: bool) -> int:
    from covidxr.cli.render import review as render
    from covidxr.reviewsheet import State

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


def _serve(review: Review, port: int, *, browser: bool) -> int:
    from covidxr.cli.render import review as render
    from covidxr.web import serving

    if not review.progress().total:
        for path, why in review.damaged().items():
            output.error(f"covidxr: {path}: {why}")
        output.note("no candidates wait for review; `covidxr scrape` brings some")
        return 1 if review.damaged() else 0
    with serving.listening(port) as door:
        # To standard output: it is what the command gives, and programs wait for it.
        output.write(f"{door.address}\n")
        output.note("opens once, in one browser; Ctrl-C ends the review, and nothing is lost")
        serving.serve(review, door, open_browser=browser)
    output.note(render.counts(review.progress()))
    return 0
