"""CLN107: dates and offsets of one patient contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dates import read_date
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Cells, Dataset
    from covidxr.model import Hit

# Sources count the first day as day 0 or as day 1, sometimes both within one case.
_TOLERANCE = 1


@rule("CLN107", severity=Severity.WARNING, since="0.1")
def date_against_offset(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient whose images are not as many days apart by date as by offset.

    What it checks
    --------------
    Between the rows of a patient that have a date to the day and an offset, both differ by as
    many days; one day more or less is let pass. The two rows that disagree most are compared, and
    the later one in the table is reported, once per patient.

    Why it matters
    --------------
    Courses over days are read from the offset. If the dates run otherwise, one column is wrong,
    or the offsets count from different beginnings.

    Example
    -------
    ``2020-02-02`` at offset 5 and ``2020-02-29`` at offset 6: 27 days by date, 1 by offset.

    How to fix
    ----------
    Look at the source. “After a few days” is offset 5 by convention: where the date is known,
    write the days instead.

    Source
    ------
    SCHEMA.md, offset and date.
    """
    if not dataset.has("patientid", "date", "offset"):
        return
    days = {cells.text: _day(cells.text) for cells in dataset.cells("date")}
    if not any(days.values()):
        return
    spans: dict[str, list[tuple[float, Cells]]] = {}
    for cells in dataset.cells("patientid", "date", "offset"):
        patient, date, offset = cells.texts
        day = days[date]
        if day and patient and offset.lstrip("-+").isdecimal():
            start = day - int(offset)
            first, last = spans.get(patient, ((start, cells), (start, cells)))
            spans[patient] = [
                min(first, (start, cells), key=_start),
                max(last, (start, cells), key=_start),
            ]
    for first, last in spans.values():
        if last[0] - first[0] > _TOLERANCE:
            yield _hit(dataset, first[1], last[1])


def _start(each: tuple[float, Cells]) -> float:
    return each[0]


def _day(text: str) -> int:
    """Day as a number, 0 where the text gives none."""
    date = read_date(text).parsed
    return date.earliest.toordinal() if date is not None and date.precision == "day" else 0


def _hit(dataset: Dataset, cells: Cells, others: Cells) -> Hit:
    first, row = sorted((cells.rows[0], others.rows[0]))
    here, there = dataset.row(row), dataset.row(first)
    by_date = abs(_day(here["date"]) - _day(there["date"]))
    by_offset = abs(int(here["offset"]) - int(there["offset"]))
    return here.at(
        "offset",
        f"patient {here['patientid']}: {here['date']} at offset {here['offset']} and "
        f"{there['date']} at offset {there['offset']} in line {there.line} are {by_date} days "
        f"apart by date, {by_offset} by offset",
        suggestion="look at the source: one of the four cells is wrong, or a guess",
    )
