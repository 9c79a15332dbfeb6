"""What the reports of long runs share: where they print, and what an interrupt says was kept."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, TypeVar

from covidxr.cli import output
from covidxr.cli.liveline import LiveLine
from covidxr.cli.render import scraped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Printing:
    """Prints line by line."""

    def line(self, text: str) -> None:
        """Print something that is not the result."""
        output.note(text)

    def problem(self, text: str) -> None:
        """Print what went wrong; ``--quiet`` does not hide it."""
        output.error(text)

    def show(self, text: str) -> None:
        """Print a part of the result."""
        output.write(text)


class AboveLine(Printing):
    """Prints above a line that shows where the run is; stands before the report it completes."""

    def __init__(self) -> None:
        self.below = LiveLine()

    def line(self, text: str) -> None:
        """Print something that is not the result."""
        with self.below.above():
            super().line(text)

    def problem(self, text: str) -> None:
        """Print what went wrong."""
        with self.below.above():
            super().problem(text)

    def show(self, text: str) -> None:
        """Print a part of the result."""
        with self.below.above():
            super().show(text)


Given = TypeVar("Given", bound=Printing)


@contextmanager
def standing(report: Given, kept: Callable[[], str]) -> Iterator[Given]:
    """Report a run for as long as the block lasts.

    Parameters
    ----------
    report : Printing
        What is yielded; the line of an `AboveLine` stands meanwhile.
    kept : callable
        Says, at an interrupt, what was kept; an empty text says nothing.
    """
    try:
        with report.below.standing() if isinstance(report, AboveLine) else nullcontext():
            yield report
    except KeyboardInterrupt:
        if words := kept():
            output.note(words)
        raise


def kept_before(count: int, noun: str, more: str = "") -> str:
    """Say how many things were kept before an interrupt; nothing for none."""
    if not count:
        return ""
    verb = "was" if count == 1 else "were"
    return f"{scraped.counted(count, noun)} {verb} kept before the interrupt{more}"
