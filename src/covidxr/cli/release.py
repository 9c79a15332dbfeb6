"""``covidxr release``: check a collection, write down what changed, and hand it on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import arguments, output
from covidxr.cli.workers import Jobs, Processes, workers

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from concurrent.futures import Executor

    from covidxr.validate import Options as ValidateOptions


def command(
    *,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Such as 1.2.0.")],
    root: Annotated[Path, typer.Option(help="The collection's folder.")] = Path(),
    since: Annotated[
        str | None,
        typer.Option(
            metavar="REVISION|DIR", help="Compare with this.", show_default="the release before"
        ),
    ] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            help="Export this format; repeat it, or say none.",
            show_default="all that need no more installed",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of the exports.", show_default=".covidxr/releases/VERSION"
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Day of the release.", show_default="today, UTC")
    ] = None,
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Release files that are not committed, too.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Check and compare, and write nothing.")
    ] = False,
    form: Annotated[
        str, typer.Option("--format", metavar="text|json", help="Form of the result.")
    ] = "text",
    jobs: Jobs = None,
    processes: Processes = False,
    progress: Annotated[bool, typer.Option(help="A bar, on a terminal.")] = True,
) -> int:
    """Release a version of the collection.

    Major where columns or labels changed, minor where rows or files came or went, else patch: a
    smaller step than the changes need is refused. Writes releases/VERSION/ (changes row by row,
    checksums, citation, the table), the version into covidxr.toml, a section into
    CHANGELOG-DATA.md, and the exports. Commits, tags and pushes nothing.

    Exit code 0: released; 1: something stands in the way, and nothing was written; 2: could not.

    Examples: `covidxr release 1.2.0 --dry-run`, `covidxr release 1.2.0 --formats citation`,
    `covidxr release 2.0.0 --since v1.4.0`.
    """
    arguments.one_of(form, ("text", "json"), "--format")
    from covidxr import disk, release
    from covidxr.cli.render import release as render

    today = _today()
    with (
        workers(jobs, processes=processes) as executor,
        output.progress("Looking at files", wanted=progress) as bar,
    ):
        done = release.release(
            release.Options(
                root=root,
                version=version,
                day=arguments.day(date, "--date") or today,
                checking=_checking(root, today, executor, bar),
                to=to or root / disk.WORK / "releases" / version,
                since=since,
                formats=_formats(formats),
                allow_dirty=allow_dirty,
                write=not dry_run,
            )
        )
    output.write(render.FORMS[form](done, written=not dry_run))
    return 1 if done.is_refused else 0


def _formats(given: list[str] | None) -> tuple[str, ...] | None:
    if given is None:
        return None
    return () if given == ["none"] else tuple(given)


def _checking(
    root: Path,
    today: dt.date,
    executor: Executor | None,
    progress: Callable[[int, int], None] | None,
) -> ValidateOptions:
    """Validate as the collection's own settings say, its files at least by their structure."""
    from covidxr import store
    from covidxr.model import ImageDepth
    from covidxr.validate import Options

    settings = store.read_settings(root)
    deep = settings.images.reaches(ImageDepth.STRUCTURE)
    return Options(
        root=root,
        today=today,
        select=settings.select,
        reasons=settings.ignore,
        depth=settings.images if deep else ImageDepth.STRUCTURE,
        baseline=root / settings.baseline if settings.baseline is not None else None,
        as_of=settings.as_of,
        workers=executor,
        progress=progress,
    )


def _today() -> dt.date:
    from covidxr.cli.clock import system

    return system.utc_now().date()
