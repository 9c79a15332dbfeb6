"""What a validation found: hits of rules, made into diagnostics where somebody wants to see them.

This module owns the step from a hit, which may stand for many cells, to diagnostics with a place
each. It prints nothing and judges nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr.csvtext import Span, cell_spans, place
from covidxr.model import Diagnostic, Hit, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from covidxr.dataset import Dataset
    from covidxr.plugins import Rule


HITS_SHOWN = 10
"""Where the display is limited, this many times the limit is shown of one rule."""

# The longest notes have some thousand characters; no report repeats a cell of 50 MB.
_LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Found:
    """One hit and the rule that made it."""

    rule: Rule
    hit: Hit

    @property
    def count(self) -> int:
        """How many diagnostics it stands for."""
        return len(self.hit.rows) or 1


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of one validation.

    Parameters
    ----------
    diagnostics : tuple of Diagnostic
        By file, line, column and code; no more of one kind than were asked for.
    counts : dict of Severity to int
        All of them, shown or not.
    by_code : dict of str to (int, int)
        Per rule, how many are shown and how many there are.
    skipped : tuple of (str, str)
        Codes of rules that could not run and why.
    rows, files : int
        How many were looked at.
    stale : tuple of str
        Ignores and baseline entries that no longer fit anything, in words.
    suppressed : int
        How many are hidden by the baseline or by ignores with a reason.
    fixable : int
        How many ``--fix`` would mend.
    """

    diagnostics: tuple[Diagnostic, ...]
    counts: dict[Severity, int]
    by_code: dict[str, tuple[int, int]]
    skipped: tuple[tuple[str, str], ...] = ()
    rows: int = 0
    files: int = 0
    stale: tuple[str, ...] = ()
    suppressed: int = 0
    fixable: int = 0

    def fails(self, on: Severity) -> bool:
        """Tell whether anything is as bad as `on` or worse."""
        return any(count and severity.rank <= on.rank for severity, count in self.counts.items())


@dataclass(slots=True)
class Expander:
    """Makes diagnostics of hits over one dataset.

    Parameters
    ----------
    dataset : Dataset
        Where the hits' rows are.
    limit : int or None
        How many rows of one hit are shown, and ``HITS_SHOWN`` times as many of one rule; None
        shows all.
    """

    dataset: Dataset
    limit: int | None = None
    _record: tuple[int, int, str, list[tuple[int, int]]] | None = field(default=None, init=False)

    def expand(self, found: Iterable[Found]) -> list[Diagnostic]:
        """Make the diagnostics, sorted by file, line, column and code."""
        wanted = [(row, each) for each in found for row in self._rows(each.hit)]
        # By row, so that a record with several problems is taken apart once.
        wanted.sort(key=lambda pair: -1 if pair[0] is None else pair[0])
        made = [self.diagnostic(each, row) for row, each in self._cut(wanted)]
        return sorted(made, key=_place_of)

    def _cut(
        self, wanted: Iterable[tuple[int | None, Found]]
    ) -> Iterator[tuple[int | None, Found]]:
        """Leave out what a rule says beyond its share of the display."""
        seen: Counter[str] = Counter()
        for row, each in wanted:
            seen[each.rule.code] += 1
            if self.limit is None or seen[each.rule.code] <= HITS_SHOWN * self.limit:
                yield row, each

    def _rows(self, hit: Hit) -> Sequence[int | None]:
        if not hit.rows:
            return (None,)
        return hit.rows if self.limit is None else hit.rows[: self.limit]

    def diagnostic(self, found: Found, row: int | None) -> Diagnostic:
        """Make one diagnostic of a hit; `row` is None for a hit that has no rows."""
        rule, hit = found.rule, found.hit
        bare = Diagnostic(
            code=rule.code,
            name=rule.name,
            severity=rule.severity,
            message=hit.message,
            url=rule.url,
            file=hit.file,
            suggestion=hit.suggestion,
            line=hit.line,
            column=hit.column,
            field=hit.field,
            value=hit.value,
            fix=hit.fix,
        )
        if row is None:
            return bare
        return self._at_row(bare, row)

    def _at_row(self, bare: Diagnostic, row: int) -> Diagnostic:
        table = self.dataset.table
        position = None if bare.field is None else table.position(bare.field)
        span = self._span(row, position)
        name = table.cell(row, "filename").strip() or None
        return replace(
            bare,
            line=span.line,
            column=span.column,
            end_line=span.end_line,
            end_column=span.end_column,
            row=name,
            record=None if name else table.text.text(table.text.record(row)).rstrip("\r\n"),
            patientid=table.cell(row, "patientid").strip() or None,
            value=bare.value if position is None else table.text.cell(row, position)[:_LONGEST],
        )

    def _span(self, row: int, position: int | None) -> Span:
        if self._record is None or self._record[0] != row:
            text = self.dataset.table.text
            record = text.record(row)
            written = text.text(record)
            self._record = (row, record.line, written, cell_spans(written))
        _, line, written, spans = self._record
        start, stop = spans[0 if position is None else position]
        lines, column = place(written, start)
        end_lines, end_column = place(written, stop)
        return Span(
            line=line + lines, column=column, end_line=line + end_lines, end_column=end_column
        )


def _place_of(each: Diagnostic) -> tuple[str, int, int, str, str]:
    """Sort key: file, line, column, code, message."""
    return (each.file, each.line or 0, each.column or 0, each.code, each.message)


def count_by_severity(found: Iterable[Found]) -> dict[Severity, int]:
    """Count diagnostics, shown or not; every severity is named."""
    counts = dict.fromkeys(Severity, 0)
    for each in found:
        counts[each.rule.severity] += each.count
    return counts


def count_by_code(
    found: Iterable[Found], shown: Iterable[Diagnostic]
) -> dict[str, tuple[int, int]]:
    """Count, per rule that hit, the diagnostics that are shown and all of them."""
    total: Counter[str] = Counter()
    for each in found:
        total[each.rule.code] += each.count
    visible = Counter(each.code for each in shown)
    return {code: (visible[code], total[code]) for code in sorted(total)}


def fixable(found: Iterable[Found]) -> int:
    """Count the diagnostics that have a safe fix."""
    return sum(each.count for each in found if each.hit.fix is not None)


def narrowed(
    found: Iterable[Found], dataset: Dataset, keep: Callable[[Diagnostic, int | None], bool]
) -> list[Found]:
    """Keep some diagnostics of hits.

    Parameters
    ----------
    found : iterable of Found
        Hits.
    dataset : Dataset
        Where their rows are.
    keep : callable
        Receives a diagnostic and its row, or None where it has none.

    Returns
    -------
    list of Found
        Hits without the rows that are not kept; hits with nothing left are gone.
    """
    expander = Expander(dataset)
    kept = []
    for each in found:
        if not each.hit.rows:
            if keep(expander.diagnostic(each, None), None):
                kept.append(each)
            continue
        rows = [row for row in each.hit.rows if keep(expander.diagnostic(each, row), row)]
        if rows:
            kept.append(Found(each.rule, replace(each.hit, rows=rows)))
    return kept
