"""``covidxr discover``: papers that are not included yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.netline import Waiting


class _Told:
    """Tells of pages and waits, on standard error."""

    def page(self, number: int, seen: int, total: int) -> None:
        output.note(f"page {number}: {seen:,} of {total:,} results looked at")

    def waits(self, waiting: Waiting) -> None:
        """Nothing to print: a second between pages."""


def command(
    *,
    query: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[QUERY…]",
            help="Search words in place of COVID-19 and other pneumonias, in Europe PMC's syntax.",
        ),
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="QUERY is the whole question; nothing is added to it.")
    ] = False,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Leave out what was published before.")
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            min=1, help="Ask for no further page once so many are found; a page has up to 100."
        ),
    ] = 100,
    cursor: Annotated[
        str, typer.Option(metavar="CURSOR", help="Go on where an earlier run has ended.")
    ] = "*",
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again for what was answered today.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder of candidates.", show_default=".covidxr/candidates"
        ),
    ] = None,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    config: Annotated[Path | None, typer.Option(help="Settings, if not covidxr.toml.")] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="table|csv|json", help="Form of the result.")
    ] = "table",
) -> int:
    """Search Europe PMC for open papers with radiographs or CT that are not included yet.

    They are ranked by what title and abstract promise, then by licence. The CSV form is a list
    for `covidxr figures --from FILE`.
    """
    from covidxr import discover as workflow
    from covidxr import store
    from covidxr.cli.clock import system
    from covidxr.cli.render import discovered

    arguments.one_of(form, ("table", "csv", "json"), "--format")
    words = " ".join(query or ())
    if raw and not words.strip():
        raise typer.BadParameter("--raw needs a QUERY", param_hint="--raw")
    options = workflow.Options(
        root=root,
        settings=store.read_settings(root, config),
        clock=system,
        words=words,
        raw=raw,
        since=arguments.day(since, "--since"),
        limit=limit,
        cursor=cursor,
        refresh=refresh,
        output=out,
    )
    finds = workflow.discover(options, _Told())
    render = {"csv": discovered.as_csv, "json": discovered.as_json, "table": discovered.as_table}
    output.write(render[form](finds))
    output.note(discovered.summary(finds))
    if finds.stopped is not None:
        output.error(f"covidxr: {finds.stopped}")
        return 2
    return 0
