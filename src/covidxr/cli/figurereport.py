"""What a user sees of a run over papers: a live line on a terminal, plain lines elsewhere.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from covidxr.cli import liveline
from covidxr.cli.render import figures as render
from covidxr.cli.render import scraped
from covidxr.cli.render.diagnostics import as_json
from covidxr.cli.runreport import AboveLine, Printing, kept_before, standing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case
    from covidxr.figuring import Outcome, Told
    from covidxr.netline import Waiting

_WORTH_A_LINE = 5.0
"""Seconds: a shorter wait is part of the pace, and would fill a log with itself."""


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

    def begins(self, doi: str, number: int, total: int) -> None:
        """Nothing to print: what becomes of it is told."""

    def picture(self, doi: str, label: str) -> None:
        """Nothing to print: the paper says how many there are."""

    def drafted(self, case: Case, rows: Sequence[dict[str, str]]) -> None:
        """A paper was read."""
        record = scraped.draft_record(case, rows)
        self._drafts.append(record)
        if not self.as_json:
            self.show(scraped.as_text(record))

    def stored(self, case: Case, images: Sequence[KeptImage]) -> None:  # noqa: ARG002 - told later
        """A paper is a candidate now."""
        self.kept += 1

    def ended(self, told: Told) -> None:
        """A DOI is done."""
        for each in render.lines(told):
            self.line(each)

    def waits(self, waiting: Waiting) -> None:
        """The next request has to wait."""
        if waiting.seconds >= _WORTH_A_LINE:
            self.line(scraped.waits(waiting))

    def table(self, outcome: Outcome) -> str:
        """The whole run as text."""
        return render.table(outcome)

    def json(self, outcome: Outcome) -> str:
        """The whole run as JSON."""
        stopped = str(outcome.stopped) if outcome.stopped is not None else None
        return as_json(
            {
                "version": 1,
                "requests": outcome.requests,
                "stopped": stopped,
                "papers": [render.record(each) for each in outcome.told],
                "drafts": self._drafts,
            },
            indent=2,
        )


class _Live(AboveLine, Report):
    """The same above a line that shows where the run is."""

    def __init__(self, *, as_json: bool) -> None:
        AboveLine.__init__(self)
        Report.__init__(self, as_json=as_json)
        self._now = ""

    def begins(self, doi: str, number: int, total: int) -> None:
        self._now = f"{number}/{total} · {doi}"
        self._update("")

    def picture(self, doi: str, label: str) -> None:  # noqa: ARG002 - it stands there already
        self._update(label)

    def waits(self, waiting: Waiting) -> None:
        self._update(scraped.waits(waiting))

    def _update(self, doing: str) -> None:
        self.below.update(" · ".join(filter(None, (self._now, doing))))


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
        return kept_before(report.kept, "paper", "; the same command goes on")

    with standing(report, kept) as given:
        yield given
