"""``covidxr candidates``: what waits for review."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from covidxr.cli import arguments, output


class Action(StrEnum):
    """What to do with candidates."""

    LIST = "list"
    SHOW = "show"
    DROP = "drop"
    SCHEMA = "schema"


def command(
    *,
    action: Annotated[Action, typer.Argument(help="What to do.")] = Action.LIST,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID…]",
            help="source/case, the case alone, its address, or a pattern such as 'sirm/*'.",
        ),
    ] = None,
    source: Annotated[str | None, typer.Option(help="List those of one source only.")] = None,
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    out: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Folder of candidates.", show_default=".covidxr/candidates"
        ),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", metavar="table|json", help="Form of what is printed.")
    ] = "table",
    check: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With schema: exit 1 if FILE is another.")
    ] = None,
    write: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With schema: write it to FILE.")
    ] = None,
) -> int:
    """List the candidates that wait for review, show some in full, or drop them.

    schema prints the JSON Schema of the file case.json that each candidate has.
    """
    from covidxr.errors import UsageError

    arguments.one_of(form, ("table", "json"), "--format")
    if action is Action.SCHEMA:
        return _schema(check, write)
    given = names or []
    if action is Action.LIST:
        _list(root, out, source, given, form)
        return 0
    if not given:
        raise UsageError(f"which candidates? name them: covidxr candidates {action} ID…")
    if action is Action.SHOW:
        _show(root, out, given, form)
    else:
        _drop(root, out, given, form)
    return 0


def _list(root: Path, out: Path | None, source: str | None, names: list[str], form: str) -> None:
    from covidxr import candidates, candidatestore
    from covidxr.cli.render import candidates as render

    found = candidates.listed(root, out, source)
    if names:
        wanted = candidates.chosen(candidatestore.candidates_of(root, out), names)
        found = [case for case in found if case in wanted]
    if form == "json":
        output.write(render.as_json(found))
    elif found:
        output.write(render.as_table(found))
    else:
        output.note("no candidates wait for review; `covidxr scrape` brings some")


def _show(root: Path, out: Path | None, names: list[str], form: str) -> None:
    from covidxr import candidates
    from covidxr.cli.render import candidates as render

    found = candidates.records(root, out, names)
    if form == "json":
        output.write(render.records_json([record for record, _ in found]))
    else:
        output.write("\n".join(_page(record, folder) for record, folder in found))


def _page(record: dict[str, Any], folder: Path) -> str:
    from covidxr.cli.render import candidates as render
    from covidxr.errors import CollectionError

    try:
        return render.page(record, str(folder))
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        msg = f"{folder}/case.json is damaged ({error!r}); remove it and scrape the case again"
        raise CollectionError(msg) from error


def _drop(root: Path, out: Path | None, names: list[str], form: str) -> None:
    from covidxr import candidates
    from covidxr.cli.render import candidates as render
    from covidxr.cli.render.diagnostics import escaped

    gone = candidates.drop(root, out, names)
    if form == "json":
        output.write(render.as_json(gone))
    else:
        output.write("".join(f"dropped {escaped(case.path)}\n" for case in gone))


def _schema(check: Path | None, write: Path | None) -> int:
    from covidxr import casefile

    text = casefile.as_text(casefile.SCHEMA)
    done = arguments.written_or_checked(text, write, check, "covidxr candidates schema")
    if done is None:
        output.write(text)
    return done or 0
