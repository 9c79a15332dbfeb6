"""``covidxr sources``: what each site permits, and whether its pages look as they are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.sourcing import Source


def command(
    *,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One source, explained.")
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="table|json|markdown", help="Form of the list.")
    ] = "table",
    check: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Exit 1 if FILE is not what --format markdown prints."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the markdown form to FILE.")
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Ask each site for its example, once, and say fine, changed or gone.",
        ),
    ] = False,
    root: Annotated[Path, typer.Option(help="The collection's folder, for its settings.")] = Path(),
) -> int:
    """List the sites that cases are taken from: what each permits, its licence, its pace."""
    from covidxr import scrape
    from covidxr.cli.render import sources as render

    arguments.one_of(form, ("table", "json", "markdown"), "--format")
    known: Mapping[str, Source] = scrape.sources()
    done = arguments.written_or_checked(render.markdown(known), write, check, "covidxr sources")
    if done is not None:
        return done
    chosen = known if name is None else {name.lower(): scrape.find_source(name)}
    if live:
        return _live(chosen, root)
    if form == "json":
        output.write(render.as_json(chosen))
    elif form == "markdown":
        output.write(render.markdown(chosen))
    elif name is None:
        output.write(render.as_table(chosen))
    else:
        (one,) = chosen.values()
        output.write(render.page(one))
    return 0


def _live(chosen: Mapping[str, Source], root: Path) -> int:
    from covidxr import sourcecheck, store
    from covidxr.cli.clock import system
    from covidxr.cli.render.diagnostics import escaped

    settings = store.read_settings(root)
    worst = 0
    for source in chosen.values():
        found = sourcecheck.look(source, settings, system)
        output.write(escaped(f"{source.key}: {found.state}, {found.words}"))
        worst = max(worst, 0 if found.state == sourcecheck.FINE else 1)
    return worst
