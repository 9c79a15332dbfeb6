"""The screen: results to standard output, everything else to standard error."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from covidxr.errors import CovidxrError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.console import RenderableType


# No table that is laid out here is wider, in characters.
_WIDEST = 10_000


class _Display:
    """What the user asked of the screen; set once by ``main``."""

    colour: str = "auto"
    quiet: bool = False


display = _Display()


def write(text: str) -> None:
    """Print a result to standard output, with a line end if it has none.

    Characters that the terminal's encoding lacks, and bytes of the data that were not UTF-8, are
    shown as escapes.
    """
    if not text:
        return
    ending = "" if text.endswith("\n") else "\n"
    _print(text + ending)


def write_exactly(text: str) -> None:
    """Print text whose every byte counts, such as a patch: surrogates become their bytes again."""
    if not text:
        return
    with _told_if_full():
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()


def _print(text: str) -> None:
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    with _told_if_full():
        sys.stdout.write(text.encode(encoding, "backslashreplace").decode(encoding))
        sys.stdout.flush()


@contextmanager
def _told_if_full() -> Iterator[None]:
    """Turn a standard output that takes no more into a message; a closed pipe is no mistake."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as problem:
        msg = f"standard output cannot be written: {problem.strerror}"
        raise CovidxrError(msg) from problem


def note(text: str) -> None:
    """Print something that is not the result to standard error, unless ``--quiet``."""
    if not display.quiet:
        error(text)


def error(text: str) -> None:
    """Print one line of what went wrong to standard error.

    File names, settings and cells in it may be anybody's: line ends and control characters are
    shown as escapes, so that none of them can be a line, a colour or a CI's command of its own.
    """
    from covidxr.cli.render.diagnostics import escaped

    encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
    shown = escaped(text).encode(encoding, "backslashreplace").decode(encoding)
    # Where nobody hears it any more, or never did, the work goes on all the same.
    with suppress(OSError, AttributeError, ValueError):
        sys.stderr.write(shown + "\n")
        sys.stderr.flush()


def show(layout: RenderableType) -> None:
    """Print what rich lays out to standard output, in colours as ``--color`` and ``NO_COLOR`` say.

    Text of the data in it must be escaped already.
    """
    from rich.console import Console

    if colourful():
        console = Console(force_terminal=True, highlight=False)
    else:
        console = Console(force_terminal=False, color_system=None, highlight=False)
    # A number that is cut short is another number: what does not fit runs over the edge.
    needed = console.measure(layout, options=console.options.update(width=_WIDEST)).minimum
    console.width = max(console.width, needed)
    # rich may write as soon as the capture ends, and knows nothing of a disk that is full.
    with _told_if_full(), console.capture() as captured:
        console.print(layout)
    write(captured.get())


def colourful() -> bool:
    """Tell whether text on standard output may carry colours."""
    if display.colour == "never" or os.environ.get("NO_COLOR"):
        return False
    if display.colour == "always" or os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


@contextmanager
def progress(words: str, *, wanted: bool = True) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error while files are looked at.

    Yields
    ------
    callable or None
        Takes how many are done and how many there are; None where no bar is wanted: not on a
        terminal, under ``CI``, or told so.
    """
    if not wanted or display.quiet or not sys.stderr.isatty() or os.environ.get("CI"):
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(words)
        yield lambda done, total: bar.update(task, completed=done, total=total)
