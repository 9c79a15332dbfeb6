"""``covidxr dois``: what papers are included, and which DOIs are malformed, retracted or gone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output

if TYPE_CHECKING:
    from covidxr.netline import Waiting


def command(
    *,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask nobody: list DOIs and what is malformed.")
    ] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Ask again for what was answered today.")
    ] = False,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    config: Annotated[Path | None, typer.Option(help="Settings, if not covidxr.toml.")] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="table|csv|json", help="Form of the result.")
    ] = "table",
) -> int:
    """List the papers of the table with their titles, and what is wrong with their DOIs."""
    from covidxr import dois as workflow
    from covidxr import store
    from covidxr.cli.clock import system
    from covidxr.cli.render import doilisted
    from covidxr.dois import Standing

    arguments.one_of(form, ("table", "csv", "json"), "--format")
    options = workflow.Options(
        root=root,
        settings=store.read_settings(root, config),
        clock=system,
        offline=offline,
        refresh=refresh,
        heard=_unheard,
    )
    survey = workflow.dois(options)
    render = {"csv": doilisted.as_csv, "json": doilisted.as_json, "table": doilisted.as_table}
    output.write(render[form](survey))
    output.note(doilisted.summary(survey))
    well = {Standing.FINE, Standing.UNASKED}
    return 0 if all(each.standing in well for each in survey.listed) else 1


def _unheard(_waiting: Waiting) -> None:
    """Say nothing of waits of a fraction of a second."""
