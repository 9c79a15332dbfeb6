"""SCH207: a date cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH207", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def unreadable_date(dataset: Dataset) -> Iterator[Hit]:
    """Report a date that has no year, does not exist, or can be read in two ways.

    What it checks
    --------------
    date holds YYYY, YYYY-MM or YYYY-MM-DD. Other forms that can mean only one day are SCH203; this
    rule reports those that cannot be read or can mean two days.

    Why it matters
    --------------
    ``3/4/2020`` is in March for one reader and in April for another. A date decides whether a row
    is before or after an event, and in which order a patient's images stand.

    Example
    -------
    ``date`` holds ``3/4/2020``, or ``March 4`` without a year.

    How to fix
    ----------
    Write as much as the source says: ``2020`` is better than a day that was made up.

    Source
    ------
    ISO 8601-1:2019, calendar dates with reduced precision.
    """
    yield from dataset.failed(Problem.BAD_DATE)
