"""CLN106: a date lies long after all others of a table that stops before it."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import compress
from typing import TYPE_CHECKING

from covidxr.dates import ParsedDate, read_date
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells

    Dated = tuple[ParsedDate, Cells]

# Twenty dates within half a year are nine days apart on average. If images kept coming at that
# pace, two months without one would not happen by chance (e**-6.7, about one in 800).
_MANY = 20
_DENSE = timedelta(days=180)
_GAP = timedelta(days=60)
# More patients than this are a new wave of images, not a slip.
_FEW = 3


@rule("CLN106", severity=Severity.WARNING, since="0.1")
def date_far_from_rest(dataset: Dataset) -> Iterator[Hit]:
    """Report the few dates that lie months after a table's last images.

    What it checks
    --------------
    Dates that are known to the month or the day and lie more than 60 days after all others, where
    the 20 dates before this gap lie within 180 days, so that the gap cannot be chance, and where
    at most three patients come after it, none of whom was imaged before it. A table with fewer
    dates, or whose newest dates are sparse, has no such gap. Where the day of the table is known,
    a date in the half year before it is taken for a new image, and one after it is CLN105.

    Why it matters
    --------------
    A copy of a table does not say when it was written, so a date in its future shows only like
    this. Day and month were swapped, or a year is mistyped.

    Example
    -------
    A hundred dates from January to April 2020, and ``September 10, 2020`` for one patient.

    How to fix
    ----------
    Look at the source. If it gives no date, leave the cell blank; if the date is right, keep
    this row in the baseline with that as the reason.

    Source
    ------
    The table's own dates. The limits were tried on eleven tables from March to June 2020: what
    they report are three rows of one patient, all in the future of their table.
    """
    readings = [(read_date(cells.text).parsed, cells) for cells in dataset.cells("date")]
    dated = [(known, cells) for known, cells in readings if known is not None]
    for last, late in _gaps(dated):
        strangers = _only_late(dataset, {cells.text for _, cells in late}, dated)
        if len(strangers) <= _FEW and _worth_a_look(dataset, late[0][0]):
            yield from (hit for _, cells in late for hit in _hits(dataset, cells, strangers, last))
            return


def _hits(dataset: Dataset, cells: Cells, patients: set[str], last: date) -> Iterator[Hit]:
    rows = [row for row in cells.rows if dataset.row(row)["patientid"] in patients]
    if rows:
        yield Hit(
            message=f"{cells.text} is months after every other date; before it the table ends on "
            f"{last}",
            rows=rows,
            field="date",
            value=cells.text,
            suggestion="day and month swapped, or a wrong year? Look at the source",
        )


def _gaps(dated: Sequence[Dated]) -> Iterator[tuple[date, list[Dated]]]:
    """Last day before each gap that follows a dense stretch, and the dates after it."""
    exact = [each for each in dated if each[0].precision != "year"]
    exact.sort(key=lambda each: (each[0].earliest, each[0].latest))
    last_year = max((known.year for known, _ in dated), default=0)
    for number in range(_MANY, len(exact)):
        before, after = exact[number - 1][0].latest, exact[number][0]
        dense = before - exact[number - _MANY][0].earliest <= _DENSE
        if dense and after.earliest - before > _GAP and last_year == exact[-1][0].year:
            yield before, exact[number:]


def _worth_a_look(dataset: Dataset, late: ParsedDate) -> bool:
    return dataset.as_of is None or dataset.as_of - late.latest > _DENSE


def _only_late(dataset: Dataset, late: set[str], dated: Sequence[Dated]) -> set[str]:
    """Patients that have images after the gap and none before."""
    early = {cells.text for known, cells in dated if known.precision != "year"} - late
    return _patients(dataset, late) - _patients(dataset, early)


def _patients(dataset: Dataset, dates: set[str]) -> set[str]:
    """Patients who have an image of one of some dates."""
    import numpy as np

    said, patients = dataset.table.texts("date"), dataset.table.texts("patientid")
    wanted = np.fromiter(map(dates.__contains__, said.known), dtype=bool)
    held = np.zeros(len(patients.known), dtype=bool)
    held[patients.codes[wanted[said.codes]]] = True
    return set(compress(patients.known, held.tolist()))
