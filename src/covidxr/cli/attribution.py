"""``covidxr attribution``: whom to credit for each image."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def command(
    *,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    form: Annotated[
        str, typer.Option("--format", metavar="markdown|text|csv|json", help="Form of the result.")
    ] = "markdown",
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it there, such as ATTRIBUTION.md.")
    ] = None,
) -> int:
    """Give one credit line an image, in the form that its source asks for.

    The line is that of provenance.csv where there is one, else it is made of the row: the site's
    own sentence found in other_notes, the DOI, or the page's address. Nobody is named who is not
    named there; what is missing is listed. It ends with 0, whatever is missing.

    Examples: `covidxr attribution`, `covidxr attribution --out ATTRIBUTION.md`,
    `covidxr attribution --format csv > credits.csv`.
    """
    arguments.one_of(form, ("markdown", "text", "csv", "json"), "--format")
    from covidxr import attribution as workflow
    from covidxr.cli.render import attribution as render

    found = workflow.gather(root)
    text = render.FORMS[form](found)
    if out is None:
        output.write(text)
    else:
        workflow.write(out, text)
        output.note(f"{out}: {render.summary(found)}")
    return 0
