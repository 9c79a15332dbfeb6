"""``covidxr demo``: the whole way from a site to a label table, on replicas, with nothing sent."""

from __future__ import annotations

import contextlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from covidxr.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from covidxr.demo import Step

_INTERRUPTED = 130
_UNEXPECTED = 1
_TOLD = {
    "README.md": "its label table is always true",
    "SCHEMA.md": "what each column means",
    "metadata.csv": "the table, one row an image",
    "provenance.csv": "where every byte came from, and who decided what",
    "images/": "the files of the rows",
    ".covidxr/": "the candidates that still wait, and what was fetched",
    "covidxr.toml": "the settings; they keep this folder from asking any real site",
    "report.html": "all of it on one page, for a browser",
}


def command(
    *,
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help="Where; not there yet or empty. A new temporary folder if not given.",
        ),
    ] = None,
) -> int:
    """Show the whole way on invented cases: scrape, figures, review, validate, stats.

    The sites are replicas on this machine, and nothing leaves it. Each command is printed as you
    would type it, and then run. The folder stays, for you to go on in.
    """
    from covidxr import demofolder

    where = demofolder.made(folder)
    output.write(
        "# The sites and registries here are replicas on this machine, with invented cases and\n"
        "# drawn pictures: nothing leaves it. The commands are the real ones. Only the waits\n"
        "# between requests are shorter than on the real sites, since nobody is disturbed.\n\n"
        f"$ cd {_typed(where)}\n"
    )
    try:
        code = _shown(where)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code == _INTERRUPTED:
        output.error(f"covidxr: the demonstration was interrupted; its folder stays: {where}")
        return code
    output.write(_left(where))
    return code


def _shown(where: Path) -> int:
    """Run the script in the folder; the code of the whole."""
    from covidxr import demo
    from covidxr.cli.app import COMMANDS

    with _served(where), contextlib.chdir(where):
        return _run(demo.steps(set(COMMANDS)))


@contextlib.contextmanager
def _served(where: Path) -> Iterator[None]:
    """Have the replicas answer, and the folder's settings lead to them as long as they do."""
    from covidxr import demo, demofolder

    with demo.replicas() as replica:
        demofolder.fill(where, demo.files())
        try:
            demofolder.fill(where, [(demo.SETTINGS, demo.settings_while(replica).encode())])
            yield
        finally:
            demofolder.fill(where, [(demo.SETTINGS, demo.settings_after(replica).encode())])


def _run(steps: Iterable[Step]) -> int:
    """Run each command until one ends otherwise than it should."""
    from covidxr.cli.app import main

    display = ["--color", output.display.colour, *(["--quiet"] if output.display.quiet else [])]
    for step in steps:
        output.write(f"\n# {step.why}\n$ {step.command}\n")
        code = main([*display, *step.argv])
        if code == _INTERRUPTED:
            return code
        if sys.stdout is None:
            # The reader went away while the command wrote, which has said nothing of it.
            raise BrokenPipeError
        if code != step.code:
            output.error(
                f"covidxr: the demonstration ends here: `{step.command}` ended with {code}, not "
                f"{step.code}; what it printed above says why"
            )
            return _UNEXPECTED
    return 0


def _left(where: Path) -> str:
    """Say what lies in the folder, and what to try next."""
    from covidxr import demofolder

    lines = ["", f"# In {where}:"]
    for name, count in demofolder.listing(where):
        much = f" ({count} files)" if name == "images/" else ""
        lines.append(f"#   {name:15}  {_TOLD.get(name, '')}{much}".rstrip())
    lines += [
        *("", "# Go on there, and delete the folder when you have seen enough:"),
        f"$ cd {_typed(where)}",
        "$ covidxr review               # what still waits, in the browser",
        "$ covidxr validate             # after any change, of yours or in an editor",
        "$ covidxr candidates           # what was fetched",
        "$ covidxr --help               # everything else; for real cases begin another folder",
    ]
    return "\n".join(lines) + "\n"


def _typed(where: Path) -> str:
    return shlex.quote(str(where))
