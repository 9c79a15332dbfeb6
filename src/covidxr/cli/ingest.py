"""``covidxr ingest``: what a contributor sent, without identity, into candidates."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def command(
    *,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PATH…",
            help="Files, folders, ZIP or tar archives of DICOM, JPEG, PNG and NIfTI files.",
        ),
    ] = None,
    table: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The contributor's CSV file.")
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="How its columns are called here (TOML)."),
    ] = None,
    propose: Annotated[
        bool,
        typer.Option("--propose-mapping", help="Print a mapping for --table, and do nothing else."),
    ] = False,
    contributor: Annotated[
        str, typer.Option(metavar="NAME", help="Who sent it; keeps their patients apart.")
    ] = "",
    licence: Annotated[
        str,
        typer.Option(
            "--licence", "--license", metavar="SPDX", help="As the contributor states it."
        ),
    ] = "",
    credit: Annotated[str, typer.Option(metavar="TEXT", help="The credit line.")] = "",
    by_folder: Annotated[
        bool,
        typer.Option(
            "--one-patient-a-folder",
            help="The files of a folder are one patient, where nothing else says whose they are.",
        ),
    ] = False,
    depth: Annotated[
        str,
        typer.Option(metavar="8|16", help="Bits of the picture of a DICOM file that a row names."),
    ] = "8",
    secret: Annotated[
        Path | None,
        typer.Option(
            "--secret-file",
            metavar="FILE",
            help="Secret for pseudonyms, outside of the collection.",
            show_default="one of the collection's own, in your settings",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the drafts; keep nothing.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder for candidates.", show_default=".covidxr/candidates"
        ),
    ] = None,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of the result.")
    ] = "text",
) -> int:
    """Take in what a contributor sent; identity goes before anything is written.

    DICOM files are de-identified, pictures stripped of their metadata, volumes cleaned; what cannot
    be cleaned is listed with the reason and stays where it is. Each patient becomes a candidate
    that waits for review. Run it again for more: what is here already is skipped.
    """
    from covidxr import ingest as workflow
    from covidxr.cli.clock import system
    from covidxr.cli.ingestreport import reporting
    from covidxr.ingestclean import cleaning
    from covidxr.ingesting import Options, Terms

    arguments.one_of(form, ("text", "json"), "--format")
    arguments.one_of(depth, ("8", "16"), "--depth")
    options = Options(
        root=root,
        clock=system,
        paths=tuple(paths or ()),
        terms=Terms(contributor=contributor, licence=licence, credit=credit),
        table=table,
        mapping=mapping,
        secret=secret,
        by_folder=by_folder,
        depth=int(depth),
        dry_run=dry_run,
        output=out,
    )
    if propose:
        output.write(workflow.propose(options))
        return 0
    with reporting(as_json=form == "json") as report:
        outcome = workflow.ingest(options, cleaning(), report)
    output.write(report.result(outcome, dry_run=dry_run))
    return outcome.code
