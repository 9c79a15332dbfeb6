"""The ``covidxr`` command: its list of commands, the error boundary, the clock.

Typer carries its own copy of Click, so nothing here imports Click: exit codes go through `main`.
"""

from __future__ import annotations

import functools
import inspect
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr import __version__
from covidxr.cli import annotations as annotations_
from covidxr.cli import (
    attribution,
    candidates,
    completion,
    decisions,
    demo,
    diff,
    discover,
    dois,
    duplicates,
    export,
    facts,
    figures,
    ingest,
    licences,
    migrate,
    output,
    release,
    report,
    review,
    rules,
    schema,
    scrape,
    show,
    sources,
    split,
    stats,
    subset,
    takedown,
    tasks,
    validate,
    volume,
)
from covidxr.errors import CovidxrError, RuleFailedError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

FINE, LOOK, UNABLE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit codes: done; a curator must look; could not do it; a bug in covidxr; Ctrl-C."""

NEW_ISSUE = "https://github.com/covidxr/covidxr/issues/new"


class _Debug:
    wanted = False


def _version(wanted: bool) -> None:  # noqa: FBT001 - Typer passes the value by position
    if wanted:
        output.write(f"covidxr {__version__}")
        raise typer.Exit


def _options(
    *,
    version: Annotated[  # noqa: ARG001 - its callback has done the work
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
    color: Annotated[
        str, typer.Option(metavar="auto|always|never", help="Colours on standard output.")
    ] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Results only, no notes.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of a bug.")] = False,
) -> None:
    if color not in {"auto", "always", "never"}:
        raise typer.BadParameter(f"{color!r} is not auto, always or never", param_hint="--color")
    output.display.colour = color
    output.display.quiet = quiet
    _Debug.wanted = debug


def _bounded(command: Callable[..., int]) -> Callable[..., None]:
    """Turn what a command returns or raises into an exit code."""

    @functools.wraps(command)
    def run(*arguments: object, **options: object) -> None:
        try:
            code = command(*arguments, **options)
        except CovidxrError as problem:
            output.error(f"covidxr: {problem}")
            code = UNABLE
        except KeyboardInterrupt:
            output.error("covidxr: interrupted; what was done so far is kept")
            code = INTERRUPTED
        except BrokenPipeError:
            # The reader went away, as `| head` does: nothing is wrong, and nothing can be said.
            sys.stdout = None
            code = FINE
        except (typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except Exception as bug:  # noqa: BLE001 - the one boundary between a bug and the user
            code = _report_bug(bug)
        raise typer.Exit(code)

    return run


def _report_bug(bug: Exception) -> int:
    if _Debug.wanted:
        import traceback

        for line in traceback.format_exc().splitlines():
            # The bar keeps a line of the data's from being taken for a command to a CI.
            output.error(f"| {line}")
    import platform

    where = f"rule {bug.code}: {bug.__cause__!r}" if isinstance(bug, RuleFailedError) else repr(bug)
    output.error(
        f"covidxr: a bug in covidxr {__version__} (Python {platform.python_version()}): {where}"
    )
    output.error(f"  please report it at {NEW_ISSUE} with what `covidxr --debug …` prints")
    return BUG


COMMANDS: Mapping[str, Callable[..., int]] = {
    "scrape": scrape.command,
    "figures": figures.command,
    "ingest": ingest.command,
    "discover": discover.command,
    "dois": dois.command,
    "sources": sources.command,
    "candidates": candidates.command,
    "review": review.command,
    "accept": decisions.accept,
    "reject": decisions.reject,
    "defer": decisions.defer,
    "undo": decisions.undo,
    "takedown": takedown.command,
    "duplicates": duplicates.command,
    "annotations": annotations_.command,
    "licences": licences.command,
    "attribution": attribution.command,
    "subset": subset.command,
    "tasks": tasks.command,
    "split": split.command,
    "validate": validate.command,
    "facts": facts.command,
    "stats": stats.command,
    "export": export.command,
    "report": report.command,
    "show": show.command,
    "volume": volume.command,
    "diff": diff.command,
    "release": release.command,
    "migrate": migrate.command,
    "schema": schema.command,
    "rules": rules.listing,
    "rule": rules.page,
    "demo": demo.command,
    "completion": completion.command,
}
"""Every command by the name that is typed, in the order of the help."""


_PAGES: tuple[list[str], ...] = ([], ["-h"], ["--help"], ["--version"])
"""Arguments with which no command runs: the list of them is all that is shown."""


def _nothing() -> None:  # pragma: no cover - `_PAGES` name no command
    """Stand for a command that is listed without its options."""
    raise typer.Exit(UNABLE)


def _help(command: Callable[..., int]) -> str:
    """Give a command's help: each paragraph on one line, and brackets that are no markup."""
    paragraphs = (inspect.getdoc(command) or "").split("\n\n")
    return "\n\n".join(" ".join(each.split()) for each in paragraphs).replace("[", r"\[")


@functools.cache
def _built(names: tuple[str, ...], *, to_run: bool) -> Callable[..., object]:
    """Make Typer's form of some commands; to read the options of all takes longer than most work.

    Parameters
    ----------
    names : tuple of str
        Of `COMMANDS`.
    to_run : bool
        Whether one of them may be run; else they are only listed.
    """
    app = typer.Typer(
        name="covidxr",
        help="Build and keep a collection of chest X-rays and CT scans.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_options)
    for name in names:
        command = COMMANDS[name]
        app.command(name, help=_help(command))(_bounded(command) if to_run else _nothing)
    return typer.main.get_command(app)


def main(argv: Sequence[str] | None = None) -> int:
    """Run covidxr.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments without the program's name; those of the process by default.

    Returns
    -------
    int
        The exit code.
    """
    given = sys.argv[1:] if argv is None else list(argv)
    names = tuple(given[:1]) if given and given[0] in COMMANDS else tuple(COMMANDS)
    to_run = given not in _PAGES or completion.ASK in os.environ
    try:
        _built(names, to_run=to_run)(args=given, prog_name="covidxr")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else FINE
    except CovidxrError as problem:
        output.error(f"covidxr: {problem}")
        return UNABLE
    except BrokenPipeError:
        sys.stdout = None
    except OSError as problem:
        # Typer printed a page of help or a script by itself; commands' own errors end before this.
        output.error(f"covidxr: standard output cannot be written: {problem.strerror}")
        return UNABLE
    return FINE
