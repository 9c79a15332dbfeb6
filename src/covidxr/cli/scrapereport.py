"""What a user sees of a run while it goes on: a live display on a terminal, plain lines elsewhere.

Results go to standard output, everything else to standard error.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from covidxr.cli import liveline
from covidxr.cli.render import scraped
from covidxr.cli.render.diagnostics import as_json
from covidxr.cli.runreport import AboveLine, Printing, kept_before, standing
from covidxr.scraping import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from covidxr.casefile import KeptImage
    from covidxr.cases import Case
    from covidxr.errors import CovidxrError
    from covidxr.netline import Waiting
    from covidxr.scraping import Options, Outcome
    from covidxr.sourcing import Found, ResultPage

_COUNTS = (
    *("pages", "listed", "taken", "images", "missing"),
    *("skipped", "failed", "incomplete", "requests"),
)
_WORTH_A_LINE = 5.0
"""Seconds: a shorter wait is part of the pace, and would fill a log with itself."""


class Report(Printing):
    """Tells what happens, line by line; a listener of the workflow.

    Parameters
    ----------
    options : Options
        What was asked for.
    title : str
        The source's name.
    as_json : bool
        Whether the result is one JSON value at the end.
    """

    def __init__(self, options: Options, title: str, *, as_json: bool) -> None:
        self.options = options
        self.title = title
        self.as_json = as_json
        self.taken = 0
        self._records: list[dict[str, Any]] = []

    def results(self, page: ResultPage) -> None:
        """One page of a search was read."""
        self.line(scraped.results(page))

    def listed(self, found: Found) -> None:
        """A case would be fetched."""
        self._result({"url": found.url, "title": found.title, "published": found.published})

    def begins(self, url: str) -> None:
        """Nothing to print: what becomes of it is told."""

    def image(self, done: int, total: int) -> None:
        """Nothing to print: the case says how many there are."""

    def drafted(self, case: Case, rows: Sequence[dict[str, str]]) -> None:
        """A case was read."""
        self.taken += 1
        self._result(scraped.draft_record(case, rows))

    def stored(self, case: Case, images: Sequence[KeptImage]) -> None:
        """A case is a candidate now."""
        self.taken += 1
        if self.as_json:
            self._records.append(scraped.stored_record(case, images))
        self.line(scraped.stored(case, images))

    def skipped(self, url: str, why: str) -> None:
        """A case was left out."""
        self.line(f"{url}: skipped, {why}")

    def failed(self, url: str, problem: CovidxrError) -> None:
        """A case could not be taken."""
        if self.as_json:
            self._records.append({"url": url, "failed": str(problem)})
        self.problem(scraped.failed(url, problem))

    def waits(self, waiting: Waiting) -> None:
        """The next request has to wait."""
        if waiting.seconds >= _WORTH_A_LINE:
            self.line(scraped.waits(waiting))

    def _result(self, record: dict[str, Any]) -> None:
        if self.as_json:
            self._records.append(record)
        else:
            self.show(scraped.as_text(record))

    def summary(self, outcome: Outcome) -> str:
        """One line on the whole run."""
        return scraped.summary(outcome, self.title, self.options.mode)

    def json(self, outcome: Outcome) -> str:
        """The whole run as JSON."""
        counts = {name: getattr(outcome, name) for name in _COUNTS}
        stopped = str(outcome.stopped) if outcome.stopped is not None else None
        return as_json(
            {"version": 1, "summary": counts, "stopped": stopped, "cases": self._records}, indent=2
        )


class _Live(AboveLine, Report):
    """The same above a line that shows where the run is."""

    def __init__(self, options: Options, title: str, *, as_json: bool) -> None:
        AboveLine.__init__(self)
        Report.__init__(self, options, title, as_json=as_json)
        self._pages = self._cases = self._failed = self._skipped = 0
        self._now = self._images = ""

    def results(self, page: ResultPage) -> None:
        self._pages += 1
        super().results(page)
        self._update()

    def begins(self, url: str) -> None:
        self._now, self._images = url, ""
        self._update()

    def image(self, done: int, total: int) -> None:
        self._images = f"image {done}/{total}"
        self._update()

    def drafted(self, case: Case, rows: Sequence[dict[str, str]]) -> None:
        self._cases += 1
        super().drafted(case, rows)

    def stored(self, case: Case, images: Sequence[KeptImage]) -> None:
        self._cases += 1
        super().stored(case, images)

    def skipped(self, url: str, why: str) -> None:  # noqa: ARG002 - the display counts them
        self._skipped += 1
        self._update()

    def failed(self, url: str, problem: CovidxrError) -> None:
        self._failed += 1
        super().failed(url, problem)

    def waits(self, waiting: Waiting) -> None:
        self._update(scraped.waits(waiting))

    def _update(self, waiting: str = "") -> None:
        counts = [scraped.counted(self._cases, "case")]
        counts += [f"page {self._pages}"] if self._pages else []
        counts += [f"{self._skipped} skipped"] if self._skipped else []
        counts += [f"{self._failed} failed"] if self._failed else []
        # What is too long for the line is cut at its end: the address says least there.
        parts = [self.title, ", ".join(counts), self._images, waiting, self._now]
        self.below.update(" · ".join(filter(None, parts)))


@contextmanager
def reporting(options: Options, title: str, *, as_json: bool) -> Iterator[Report]:
    """Report a run for as long as the block lasts.

    Parameters
    ----------
    options : Options
        What was asked for.
    title : str
        The source's name.
    as_json : bool
        Whether the result is one JSON value at the end.

    Yields
    ------
    Report
        With a live display on a terminal; plain lines elsewhere, under ``CI`` and with ``--quiet``.
    """
    make: Callable[..., Report] = _Live if liveline.is_wanted() else Report
    report = make(options, title, as_json=as_json)

    def kept() -> str:
        return kept_before(report.taken if options.mode is Mode.FETCH else 0, "case")

    with standing(report, kept) as given:
        yield given
