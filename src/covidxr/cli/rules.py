"""``covidxr rules`` and ``covidxr rule CODE``: what is checked, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def listing(
    *,
    format: Annotated[  # noqa: A002 - the option's name
        str, typer.Option("--format", metavar="table|json|markdown", help="Form of the list.")
    ] = "table",
    check: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Exit 1 if FILE is not what --format markdown prints."),
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the markdown form to FILE.")
    ] = None,
) -> int:
    """List every rule: code, name, severity and what it is about.

    `covidxr rule CODE` prints the page of one.
    """
    from covidxr import validate
    from covidxr.cli.render import rules as render

    known = validate.rules()
    done = arguments.written_or_checked(render.markdown(known), write, check, "covidxr rules")
    if done is not None:
        return done
    forms = {"table": render.listing, "json": render.as_json, "markdown": render.markdown}
    arguments.one_of(format, forms, "--format")
    output.write(forms[format](known))
    return 0


def page(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Such as IMG101 or file-missing.")],
) -> int:
    """Print one rule's page: what it checks, why it matters, an example, how to fix it."""
    from covidxr import validate
    from covidxr.cli.render import rules as render
    from covidxr.errors import UsageError

    known = validate.rules()
    wanted = {rule.name: rule for rule in known.values()} | known
    found = wanted.get(code.upper()) or wanted.get(code.lower())
    if found is None:
        msg = f"there is no rule {code!r}; `covidxr rules` lists them"
        raise UsageError(msg)
    output.write(render.page(found))
    return 0
