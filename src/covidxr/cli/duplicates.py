"""``covidxr duplicates``: images that are there twice, and what was decided on them."""

from __future__ import annotations

import functools
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output
from covidxr.cli.workers import Dask, Jobs, Processes, is_elsewhere, placed, workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from covidxr.alikefiles import Pictures
    from covidxr.duplicates import Found
    from covidxr.likepairs import Thorough


class Action(StrEnum):
    """What to do with duplicates."""

    LIST = "list"
    DECIDE = "decide"
    FORGET = "forget"


class Choice(StrEnum):
    """What can be decided on files that look alike."""

    NOT_DUPLICATE = "not-duplicate"
    SAME_PATIENT = "same-patient"
    KEEP = "keep"


def command(
    *,
    action: Annotated[Action, typer.Argument(help="What to do.")] = Action.LIST,
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE…]", help="With decide and forget: files, such as a.png."),
    ] = None,
    choice: Annotated[
        Choice | None, typer.Option("--as", help="With decide: what holds for these files.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why; it stands in duplicate-decisions.csv.")] = "",
    by: Annotated[str | None, typer.Option(help="Who decides.", show_default="git's user.name")] = (
        None
    ),
    stale: Annotated[
        bool, typer.Option("--stale", help="With forget: decisions on files that are gone.")
    ] = False,
    root: Annotated[
        Path, typer.Option(help="The collection's folder, or an address: s3://bucket/folder.")
    ] = Path(),
    form: Annotated[
        str,
        typer.Option("--format", metavar="text|json|csv|markdown", help="Form of the result."),
    ] = "text",
    thorough: Annotated[
        bool,
        typer.Option("--thorough", help="Look for parts, mirrored and marked copies, too: slow."),
    ] = False,
    candidates: Annotated[bool, typer.Option(help="Compare waiting candidates, too.")] = True,
    everything: Annotated[
        bool, typer.Option("--all", help="Show pairs that are settled as well.")
    ] = False,
    montage: Annotated[
        Path | None,
        typer.Option(metavar="FILE.png", help="Draw the pairs side by side, to look at."),
    ] = None,
    jobs: Jobs = None,
    processes: Processes = False,
    dask: Dask = None,
    progress: Annotated[bool, typer.Option(help="Show a bar on a terminal.")] = True,
) -> int:
    """Find images that are in the collection twice, or wait beside it a second time.

    Exit code 0: nothing is left to look at; 1: something is; 2: could not search.

    Examples: `covidxr duplicates --montage pairs.png`,
    `covidxr duplicates decide a.png b.png --as not-duplicate --reason 'day 1 and day 2'`,
    `covidxr duplicates forget a.png`.
    """
    if action is not Action.LIST:
        arguments.one_of(form, ("text", "json"), "--format")
        names, here = files or [], _here(root)
        if action is Action.DECIDE:
            _decide(here, names, choice, reason, by, form)
        else:
            _forget(here, names, form, stale=stale)
        return 0
    arguments.one_of(form, ("text", "json", "csv", "markdown"), "--format")
    _refuse(files)
    from covidxr import duplicates
    from covidxr.cli.render import duplicates as render

    with (
        workers(jobs, processes=processes, dask=dask) as executor,
        output.progress("Comparing images", wanted=progress) as bar,
    ):
        folder, place = placed(root, dask=dask)
        found = duplicates.search(
            duplicates.Options(
                root=folder,
                place=place,
                candidates=candidates,
                everything=everything,
                workers=executor,
                progress=bar,
                thorough=_thorough(executor, bar) if thorough else None,
            )
        )
    if montage is not None:
        _draw(found, montage)
    output.write(render.FORMS[form](found, str(root)))
    return 1 if found.must_be_seen else 0


def _thorough(
    executor: Executor | None, progress: Callable[[int, int], None] | None
) -> Callable[[Pictures], Thorough]:
    from covidxr import thoroughly

    return functools.partial(
        thoroughly.thorough, looking=thoroughly.looking(), workers=executor, progress=progress
    )


def _draw(found: Found, target: Path) -> None:
    from covidxr import disk, duplicates

    disk.write_bytes(target, duplicates.sheet(found))
    pairs = sum(len(each.pairs) for each in found.clusters)
    left_out = max(0, pairs - duplicates.MOST_DRAWN)
    more = f"; {left_out:,} more pairs are not drawn" if left_out else ""
    output.note(f"{target}: {pairs - left_out:,} pairs{more}")


def _decide(
    root: Path, names: list[str], choice: Choice | None, reason: str, by: str | None, form: str
) -> None:
    from covidxr import pairdecisions, revisions
    from covidxr.cli.clock import system
    from covidxr.cli.render import duplicates as render
    from covidxr.errors import UsageError

    if choice is None:
        raise UsageError(f"what holds for them? --as {', '.join(Choice)}")
    who = revisions.user_name(root) if by is None else by
    verdict = pairdecisions.Verdict(decision=choice, reason=reason, by=who, clock=system)
    output.write(render.decisions(pairdecisions.decide(root, names, verdict), "decided", form))


def _forget(root: Path, names: list[str], form: str, *, stale: bool) -> None:
    from covidxr import pairdecisions
    from covidxr.cli.render import duplicates as render
    from covidxr.errors import UsageError

    if not names and not stale:
        raise UsageError("which decisions? name a file, or say --stale")
    gone = pairdecisions.forget(root, names, stale=stale)
    output.write(render.decisions(gone, "forgotten", form))


def _here(root: Path) -> Path:
    from covidxr.errors import UsageError

    folder, place = placed(root)
    if is_elsewhere(place):
        raise UsageError("decisions are written on this machine; --root is elsewhere")
    return folder


def _refuse(files: list[str] | None) -> None:
    from covidxr.errors import UsageError

    if files:
        raise UsageError("covidxr duplicates lists all; name files with decide and forget alone")
