"""``covidxr figures``: radiographs and CT figures of papers, into candidates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.cli.figurereport import Report
    from covidxr.figuring import Outcome


def command(
    *,
    dois: Annotated[
        list[str] | None,
        typer.Argument(metavar="[DOI…]", help="In any form: 10.1000/xyz, an address, doi:…"),
    ] = None,
    lists: Annotated[
        list[Path] | None,
        typer.Option(
            "--from", metavar="FILE", help="DOIs, one a line, or CSV with a column doi. Repeatable."
        ),
    ] = None,
    pdfs: Annotated[
        list[Path] | None,
        typer.Option(
            "--pdf", metavar="FILE", help="A PDF that you have; its DOI may stand beside it."
        ),
    ] = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="The DOIs of the table whose files are not here.")
    ] = False,
    known: Annotated[
        bool, typer.Option("--known", help="Take DOIs that the collection has already, too.")
    ] = False,
    unlicensed: Annotated[
        bool,
        typer.Option(
            "--include-unlicensed",
            help="Download what no licence clears, marked as for private review only.",
        ),
    ] = False,
    fetch_pdf: Annotated[
        bool,
        typer.Option(
            "--fetch-pdf",
            help="For what is not in PubMed Central: fetch the licensed PDF that Unpaywall names.",
        ),
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody: read a --pdf by itself.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the drafts; fetch and keep no picture.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again for what is kept, and take it anew.")
    ] = False,
    limit: Annotated[int | None, typer.Option(min=0, help="Most papers to take.")] = None,
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
    """Take the radiographs and CT figures of papers into candidates that wait for review.

    Each figure's licence is checked and its evidence kept; what is not cleared is listed with the
    reason and not downloaded. Figures of several panels are cut where that is certain. Run it
    again for what was inconclusive: what is there already is skipped.
    """
    from covidxr import figures as workflow
    from covidxr import store
    from covidxr.cli.clock import system
    from covidxr.cli.figurereport import reporting
    from covidxr.figuring import Options

    arguments.one_of(form, ("text", "json"), "--format")
    options = Options(
        root=root,
        settings=store.read_settings(root, config),
        clock=system,
        dois=tuple(dois or ()),
        lists=tuple(lists or ()),
        pdfs=tuple(pdfs or ()),
        missing=missing,
        known=known,
        unlicensed=unlicensed,
        fetch_pdf=fetch_pdf,
        offline=offline,
        dry_run=dry_run,
        refresh=refresh,
        output=out,
        limit=limit,
    )
    if not offline and not workflow.email_of(options.settings.contact):
        output.note(
            'no e-mail address is set: with `contact = "mailto:you@your.org"` below [http] in '
            "covidxr.toml, Crossref and NCBI count you to their polite users, and Unpaywall, which "
            "demands one, can be asked"
        )
    with reporting(as_json=form == "json") as report:
        outcome = workflow.figures(options, report)
    return _end(report, outcome)


def _end(report: Report, outcome: Outcome) -> int:
    """Say what was done, and give the exit code."""
    from covidxr.figuring import AGAIN

    output.write(report.json(outcome) if report.as_json else report.table(outcome))
    if outcome.stopped is not None:
        output.error(f"covidxr: {outcome.stopped}")
        return 2
    look = any(each.ending in AGAIN or each.missing or each.incomplete for each in outcome.told)
    return 1 if look else 0
