"""CLN107: dates and offsets of one patient contradict each other."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.dates import read_date
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit
    from covidxr.table import Row

_OFFSET = BY_NAME["offset"]
# Sources count the first day as day 0 or as day 1, sometimes both within one case.
_TOLERANCE = 1


@rule("CLN107", severity=Severity.WARNING, since="0.1")
def date_against_offset(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient whose images are not as many days apart by date as by offset.

    What it checks
    --------------
    Between the rows of a patient that have a date to the day and an offset in range, both differ
    by as many days; one day more or less is let pass. The two rows that disagree most are
    compared, and the later one in the table is reported, once per patient.

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
    for rows in _apart(dataset):
        starts = [_start(dataset.row(row)) for row in rows]
        first, last = rows[starts.index(min(starts))], rows[starts.index(max(starts))]
        yield _hit(*map(dataset.row, sorted((first, last))))


def _apart(dataset: Dataset) -> Iterator[list[int]]:
    """Rows with date and offset of each patient whose day 0 is not the same in all of them."""
    import numpy as np

    table = dataset.table
    dates, offsets, patients = (table.texts(name) for name in ("date", "offset", "patientid"))
    days = np.asarray([_day(text) or np.nan for text in dates.known], dtype=float)
    passed = np.asarray([_offset(text) for text in offsets.known], dtype=float)
    start = days[dates.codes] - passed[offsets.codes]
    known = ~np.isnan(start)
    if patients.blank is not None:
        known &= patients.codes != patients.blank
    rows = np.flatnonzero(known)
    who, start = patients.codes[rows], start[rows]
    earliest = np.full(len(patients.known), np.inf)
    latest = -earliest
    np.minimum.at(earliest, who, start)
    np.maximum.at(latest, who, start)
    apart = latest - earliest > _TOLERANCE
    found: dict[int, list[int]] = {}
    for row in rows[apart[who]].tolist():
        found.setdefault(int(patients.codes[row]), []).append(row)
    yield from found.values()


def _start(row: Row) -> float:
    return _day(row["date"]) - _offset(row["offset"])


def _offset(text: str) -> float:
    """Read an offset; NaN where it is none or out of range, which the schema's rules report."""
    judged = _OFFSET.judge(text)
    # A spelling that can mean one number only, such as a spreadsheet's 3.0, has that as its value.
    written = text if judged is None else judged.value
    return float(written) if written else math.nan


def _day(text: str) -> int:
    """Day as a number, 0 where the text gives none."""
    date = read_date(text).parsed
    return date.earliest.toordinal() if date is not None and date.precision == "day" else 0


def _hit(there: Row, here: Row) -> Hit:
    by_date = abs(_day(here["date"]) - _day(there["date"]))
    by_offset = abs(_offset(here["offset"]) - _offset(there["offset"]))
    return here.at(
        "offset",
        f"patient {here['patientid']}: {here['date']} at offset {here['offset']} and "
        f"{there['date']} at offset {there['offset']} in line {there.line} are {by_date} days "
        f"apart by date, {by_offset:g} by offset",
        suggestion="look at the source: one of the four cells is wrong, or a guess",
    )
