"""One line at the foot of a terminal that says where a run is; what is printed goes above it."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from covidxr.cli import output
from covidxr.cli.render.diagnostics import escaped

if TYPE_CHECKING:
    from collections.abc import Iterator


def is_wanted() -> bool:
    """Tell whether there is somebody to see it: a terminal, no ``CI``, no ``--quiet``."""
    return sys.stderr.isatty() and not output.display.quiet and not os.environ.get("CI")


class LiveLine:
    """A spinner, some words and the time, on standard error."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("")

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Show it for as long as the block lasts."""
        with self._bar:
            yield

    @contextmanager
    def above(self) -> Iterator[None]:
        """Make room for what is printed in the block."""
        self._bar.stop()
        try:
            yield
        finally:
            self._bar.start()

    def update(self, words: str) -> None:
        """Say something else from now on."""
        self._bar.update(self._task, description=escaped(words))
