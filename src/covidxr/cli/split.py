"""``covidxr split``: parts that share no patient and no picture, and an audit of anyone's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output
from covidxr.cli.workers import Jobs, Processes, placed, workers

if TYPE_CHECKING:
    from covidxr.split import Looking

_FORMS = ("text", "json")


def command(
    *,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FILE…]", help="With --check: the split's file, files or folder."),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Audit a split, whoever made it.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(help="Where to write it. If it is there, its images stay in their parts."),
    ] = None,
    parts: Annotated[
        str | None,
        typer.Option(
            metavar="NAME=SHARE,…", help="Parts.", show_default="train=0.7,val=0.1,test=0.2"
        ),
    ] = None,
    folds: Annotated[
        int | None, typer.Option(min=2, metavar="K", help="Cut into K folds, 0 to K-1.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Choose another of the equally good splits.", show_default="0"),
    ] = None,
    stratify: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN,…", help="What to balance.", show_default="finding,view,source"
        ),
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(metavar="OLD", help="An earlier split whose images stay.")
    ] = None,
    afresh: Annotated[
        bool, typer.Option("--afresh", help="Keep nothing of the split that is there.")
    ] = False,
    mend: Annotated[
        bool, typer.Option("--mend", help="Move groups that stand in several parts into one.")
    ] = False,
    by_hash: Annotated[
        bool | None,
        typer.Option("--by-hash/--balanced", help="Choose by the patient's id alone, unbalanced."),
    ] = None,
    near: Annotated[
        bool | None,
        typer.Option(
            "--near/--no-near",
            help="Keep copies of a picture together.",
            show_default="where there are images",
        ),
    ] = None,
    pages: Annotated[
        bool | None, typer.Option("--pages/--no-pages", help="Keep pages and papers together, too.")
    ] = None,
    root: Annotated[
        Path, typer.Option(help="The collection's folder, or an address: s3://bucket/folder.")
    ] = Path(),
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of what is printed.")
    ] = "text",
    jobs: Jobs = None,
    processes: Processes = False,
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Split the collection so that no patient and no picture is on both sides, or audit a split.

    Exit code 0: nothing is on both sides; 1: something is, or a file was edited by hand.

    Examples: `covidxr split --out split.csv`, `covidxr split --folds 5 --out folds.csv`,
    `covidxr split --check split.csv`, `covidxr split --check train.txt test.txt`.
    """
    from covidxr import split as workflow
    from covidxr.errors import UsageError

    arguments.one_of(form, _FORMS, "--format")
    if files and not check:
        raise UsageError("a split is written to --out FILE and audited with --check FILE")
    folder, place = placed(root)
    with (
        workers(jobs, processes=processes) as executor,
        output.progress("Comparing images", wanted=progress) as bar,
    ):
        looking = workflow.Looking(
            root=folder, place=place, near=near, workers=executor, progress=bar
        )
        if check:
            return _check(looking, files or [], form)
        wanted = workflow.Wanted(
            seed=seed,
            parts=_shares(parts),
            folds=folds,
            stratify=_names(stratify),
            by_hash=by_hash,
            pages=pages,
        )
        made = workflow.make(
            workflow.Options(
                looking=looking, wanted=wanted, out=out, keep=keep, afresh=afresh, mend=mend
            )
        )
    from covidxr.cli.render import split as render

    output.write(render.MADE[form](made, "" if out is None else str(out)))
    return 1 if made.conflicts else 0


def _check(looking: Looking, files: list[Path], form: str) -> int:
    from covidxr import splitcheck
    from covidxr.cli.render import split as render

    checked = splitcheck.check(looking, files)
    output.write(render.CHECKED[form](checked))
    return 1 if checked.must_be_seen else 0


def _shares(text: str | None) -> tuple[tuple[str, float], ...] | None:
    from covidxr import splitfile

    try:
        return None if text is None else splitfile.parse_parts(text)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--parts") from None


def _names(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(filter(None, map(str.strip, text.split(","))))
