"""PAT105: one patient's ages do not fit the time between the images."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.dates import read_date
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells
    from covidxr.model import Hit
    from covidxr.table import Row

_YEAR = 365.25


@rule("PAT105", severity=Severity.WARNING, since="0.1")
def ages_disagree(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient whose ages no date of birth explains.

    What it checks
    --------------
    Each age gives a span of a year in which the patient was born, counted back from the offset,
    from the date, or, between rows that have neither, from the same unknown day. These spans
    overlap. So an age that falls with time is reported, and one that rises by more than the time
    between allows; a birthday between two images is not. The two rows that are farthest apart
    are compared; the one further down in the table is reported.

    Why it matters
    --------------
    Two people share an id, an age is mistyped, or offset and date are wrong.

    Example
    -------
    Patient 7 is 54 at offset 0 and 45 at offset 3.

    How to fix
    ----------
    Open the page. Correct the age or the offset, or give the other person an id of their own.

    Source
    ------
    Arithmetic: 365.25 days a year.
    """
    for patient, ages in dataset.conflicts("patientid", "age"):
        pair = _apart(dataset, ages)
        if pair is not None:
            first, other = sorted(pair, key=lambda row: row.index)
            yield other.at(
                "age",
                f"patient {patient.text} is {other['age']} here and {first['age']} in line "
                f"{first.line}, which the time between does not explain",
                suggestion="a mistyped age, a wrong offset or date, or two people under one id?",
            )


def _apart(dataset: Dataset, ages: Sequence[Cells]) -> tuple[Row, Row] | None:
    """Find two rows that no birthday fits both of."""
    latest_start: dict[str, tuple[float, int]] = {}
    earliest_stop: dict[str, tuple[float, int]] = {}
    for cells in ages:
        age = _number("age", cells.text)
        for index in cells.rows if age is not None else ():
            for clock, first, last in _times(dataset.row(index)):
                start = first - ((age or 0) + 1) * _YEAR, index
                stop = last - (age or 0) * _YEAR, index
                latest_start[clock] = max(latest_start.get(clock, start), start)
                earliest_stop[clock] = min(earliest_stop.get(clock, stop), stop)
    for clock, (start_day, index) in latest_start.items():
        stop_day, other = earliest_stop[clock]
        if start_day > stop_day:
            return dataset.row(index), dataset.row(other)
    return None


def _times(row: Row) -> Iterator[tuple[str, float, float]]:
    """First and last day that the row may mean, by each clock that it has."""
    offset, date = _number("offset", row["offset"]), read_date(row["date"]).parsed
    if offset is not None:
        yield "offset", offset, offset
    if date is not None:
        yield "date", date.earliest.toordinal(), date.latest.toordinal()
    if offset is None and date is None:
        yield "none", 0, 0


def _number(name: str, text: str) -> float | None:
    """Read a number; None where it is none or out of range, which the schema's rules report."""
    return None if not text or BY_NAME[name].judge(text) is not None else float(text)
