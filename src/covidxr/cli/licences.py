"""``covidxr licences``: what the collection may be used for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def command(
    *,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    purpose: Annotated[
        str | None,
        typer.Option(
            "--for",
            metavar="share|adapt|commercial",
            help="List the rows that do not, or not for certain, allow this.",
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="text|json|csv|markdown", help="Form of the result.")
    ] = "text",
) -> int:
    """Say what the images may be used for: per licence, per purpose, and as a whole.

    A licence that is blank, has no version or is in words of its own is not known, and is never
    guessed. With --for, rows that do not allow a purpose are listed. It is a question and no check:
    it ends with 0, whatever the answer. It is no legal advice.

    Examples: `covidxr licences`, `covidxr licences --for commercial`,
    `covidxr licences --format markdown`.
    """
    arguments.one_of(form, ("text", "json", "csv", "markdown"), "--format")
    from covidxr import permissions
    from covidxr.cli.render import licences as render
    from covidxr.purposes import Purpose

    if purpose is not None:
        arguments.one_of(purpose, list(Purpose), "--for")
    found = permissions.gather(root)
    if purpose is None:
        output.write(render.FORMS[form](found))
    else:
        rows = permissions.forbidding(found, Purpose(purpose))
        output.write(render.listed(form, Purpose(purpose), rows, len(found.dataset.table)))
    return 0
