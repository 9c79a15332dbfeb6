"""``covidxr takedown``: remove what somebody wants removed, all of it together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def command(
    *,
    names: Annotated[
        list[str],
        typer.Argument(
            metavar="NAME…",
            help="The address of a page or an image, a DOI, a patientid, or a file name; "
            "patientid=7 and the like where a name could be two things.",
        ),
    ],
    reason: Annotated[str, typer.Option(help="Why; it stands in provenance.csv.")] = "",
    by: Annotated[str | None, typer.Option(help="Who decides.", show_default="git's user.name")] = (
        None
    ),
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would go, and change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of the result.")
    ] = "text",
) -> int:
    """Remove rows, files, annotations and candidates of a page, a paper, a patient or a file.

    All of it goes together or nothing does, and provenance.csv remembers why, so that none of it is
    proposed again. It cannot be undone. What a curator must look at is named; exit code 1 says that
    there is some.
    """
    from covidxr import revisions, takedown
    from covidxr.cli.clock import system
    from covidxr.cli.render import takedown as render
    from covidxr.errors import UsageError

    arguments.one_of(form, ("text", "json"), "--format")
    who = revisions.user_name(root) if by is None else by
    plan = takedown.plan(
        takedown.Options(root=root, names=names, reason=reason, by=who, clock=system)
    )
    if not dry_run and not yes:
        if sys.stdin is None or not sys.stdin.isatty():
            raise UsageError(
                "this removes files for good: look at it with --dry-run, then say --yes"
            )
        for line in render.as_text(plan, done=False).splitlines():
            output.error(line)
        if not _agreed():
            output.error("nothing was changed")
            return 1
    if not dry_run:
        takedown.carry_out(plan)
    shown = render.as_json if form == "json" else render.as_text
    output.write(shown(plan, done=not dry_run))
    return 1 if plan.left else 0


def _agreed() -> bool:
    """Ask on standard error, so that standard output holds the result alone."""
    sys.stderr.write("Remove all of this? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
