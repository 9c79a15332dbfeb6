"""What a user sees of a run over a contribution: a live line on a terminal, plain lines elsewhere.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from covidxr.cli import liveline
from covidxr.cli.render import ingest as render
from covidxr.cli.render import scraped
from covidxr.cli.runreport import AboveLine, Printing, kept_before, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case
    from covidxr.ingesting import Outcome, Told


class Report(Printing):
    """Tells what happens, line by line; a listener of the workflow.

    Parameters
    ----------
    as_json : bool
        Whether the result is one JSON value at the end.
    """

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.kept = 0
        self._drafts: list[dict[str, Any]] = []

    def looks(self, name: str, done: int) -> None:
        """Nothing to print: what becomes of a file is told."""

    def cleans(self, name: str, done: int, total: int) -> None:
        """Nothing to print: what becomes of a file is told."""

    def notes(self, words: str) -> None:
        """Something that is no matter of one file."""
        self.line(words)

    def drafted(self, case: Case, rows: Sequence[dict[str, str]]) -> None:
        """A case was made and not kept."""
        record = scraped.draft_record(case, rows)
        self._drafts.append(record)
        if not self.as_json:
            self.show(scraped.as_text(record))

    def stored(self, case: Case, images: Sequence[KeptImage]) -> None:
        """A case is a candidate now."""
        self.kept += 1
        for each in render.stored(case, images):
            self.line(each)

    def ended(self, told: Told) -> None:
        """A file is done."""
        if words := render.line(told):
            self.line(words)

    def result(self, outcome: Outcome, *, dry_run: bool) -> str:
        """The whole run, as text or as JSON."""
        if self.as_json:
            return render.as_record(outcome, self._drafts)
        return render.summary(outcome, dry_run=dry_run)


class _Live(AboveLine, Report):
    """The same above a line that shows where the run is."""

    def __init__(self, *, as_json: bool) -> None:
        AboveLine.__init__(self)
        Report.__init__(self, as_json=as_json)

    def looks(self, name: str, done: int) -> None:
        self.below.update(f"looking · {done + 1} · {name}")

    def cleans(self, name: str, done: int, total: int) -> None:
        self.below.update(f"cleaning · {done + 1}/{total} · {name}")


@contextmanager
def reporting(*, as_json: bool) -> Iterator[Report]:
    """Report a run for as long as the block lasts.

    Parameters
    ----------
    as_json : bool
        Whether the result is one JSON value at the end.

    Yields
    ------
    Report
        With a live display on a terminal; plain lines elsewhere, under ``CI`` and with ``--quiet``.
    """
    report = (_Live if liveline.is_wanted() else Report)(as_json=as_json)

    def kept() -> str:
        return kept_before(report.kept, "patient", "; the same command goes on")

    with standing(report, kept) as given:
        yield given
