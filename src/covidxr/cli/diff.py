"""``covidxr diff``: what differs between two states of a collection."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from covidxr.cli import arguments, output


def command(
    *,
    before: Annotated[
        str, typer.Argument(metavar="[A]", help="A git revision, a folder, or a table's file.")
    ] = "HEAD",
    after: Annotated[
        str | None,
        typer.Argument(
            metavar="[B]", help="As A.", show_default="the collection as it stands in --root"
        ),
    ] = None,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    form: Annotated[
        str, typer.Option("--format", metavar="text|json|markdown", help="Form of the result.")
    ] = "text",
    group: Annotated[
        list[str] | None,
        typer.Option(
            help="Views counted together in the label table, such as PA,AP. Repeat it for more.",
            show_default="PA,AP and AP Supine",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, help="How many rows or files of a kind text shows; 0 shows all.")
    ] = 20,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 where anything differs, as git does.")
    ] = False,
) -> int:
    """Compare two states of a collection: rows, cells, files, annotations, labels, licences.

    Rows are the same where they name the same file, where that file was renamed, or where all other
    cells are the same. JSON holds all, the new table byte for byte included; Markdown fits into a
    comment on a pull request.

    Examples: `covidxr diff`, `covidxr diff v1.0.0 v1.1.0`, `covidxr diff main --format markdown`,
    `covidxr diff ../older ../newer`, `covidxr diff old.csv new.csv`.
    """
    arguments.one_of(form, ("text", "json", "markdown"), "--format")
    from covidxr import collectiondiff, labelcounts
    from covidxr.cli.render import diff as render

    options = labelcounts.StatsOptions(groups=labelcounts.parse_groups(group or ()))
    found = collectiondiff.diff(root, before, after, options=options)
    if form == "text":
        output.write(render.text(found, limit or None))
    elif form == "json":
        output.write(render.json_(found))
    else:
        output.write(render.markdown(found))
    return 1 if exit_code and found.differs else 0
