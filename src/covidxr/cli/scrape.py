"""``covidxr scrape``: cases of a source, into candidates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.cli.scrapereport import Report
    from covidxr.scraping import Options, Outcome


def command(
    *,
    source: Annotated[
        str,
        typer.Argument(help="radiopaedia, eurorad, sirm or coronacases; or the address of a case."),
    ],
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[TERMS… | URL…]", help="Search words, or addresses of cases."),
    ] = None,
    saved: Annotated[
        list[Path] | None,
        typer.Option(
            "--from",
            metavar="PATH",
            help="Read pages saved by hand instead: .html with its folder, .mhtml, a JSON reply, "
            "or a folder of them. Nothing is fetched. Repeat it for more.",
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Most cases to take.")] = None,
    max_pages: Annotated[int | None, typer.Option(min=0, help="Most pages of results.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Leave out what was published before.")
    ] = None,
    listing: Annotated[
        bool, typer.Option("--list", help="Say what would be fetched, and fetch no case.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read the cases, print their drafts, keep no file.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask the site again for what is kept already.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder for candidates.", show_default=".covidxr/candidates"
        ),
    ] = None,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    config: Annotated[Path | None, typer.Option(help="Settings, if not covidxr.toml.")] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of the result.")
    ] = "text",
) -> int:
    """Take cases from a site into candidates that wait for review.

    `covidxr sources` says what each site permits; no more is done. Cases that are candidates,
    rows or rejected already are skipped. Interrupt a run whenever you like: the next one goes on
    where it was.
    """
    from covidxr import scrape as workflow
    from covidxr import store
    from covidxr.cli.clock import system
    from covidxr.cli.scrapereport import reporting
    from covidxr.scraping import Mode, Options

    arguments.one_of(form, ("text", "json"), "--format")
    if listing and dry_run:
        raise typer.BadParameter("use one of --list and --dry-run", param_hint="--list")
    options = Options(
        root=root,
        source=source,
        settings=store.read_settings(root, config),
        clock=system,
        asked=tuple(what or ()),
        saved=tuple(saved or ()),
        output=out,
        mode=Mode.LIST if listing else Mode.DRAFTS if dry_run else Mode.FETCH,
        limit=limit,
        max_pages=max_pages,
        since=arguments.day(since, "--since"),
        refresh=refresh,
    )
    title = workflow.find_source(source).title
    if not options.saved and not options.settings.contact:
        output.note(
            'no contact is set: with `contact = "mailto:you@example.org"` below [http] in '
            "covidxr.toml, the people behind the site know whom to write to"
        )
    with reporting(options, title, as_json=form == "json") as report:
        outcome = workflow.scrape(options, report)
    return _end(options, report, outcome)


def _end(options: Options, report: Report, outcome: Outcome) -> int:
    """Say what was done, and give the exit code."""
    from covidxr.scraping import Mode

    summary = report.summary(outcome)
    if report.as_json:
        output.write(report.json(outcome))
    elif options.mode is Mode.FETCH:
        output.write(summary)
    else:
        output.note(summary)
    if outcome.stopped is not None:
        output.error(f"covidxr: {outcome.stopped}")
        return 2
    return 1 if outcome.failed or outcome.missing or outcome.incomplete else 0
