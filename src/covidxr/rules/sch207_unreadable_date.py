"""SCH207: a date cannot be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.dates import LAST_YEAR, read_date
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


# More such dates than this, in most of the rows, are no slips.
_MANY = 20


@rule("SCH207", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def unreadable_date(dataset: Dataset) -> Iterator[Hit]:
    """Report a date that has no year, or is no image's.

    What it checks
    --------------
    date holds YYYY, YYYY-MM or YYYY-MM-DD. Other forms that can mean only one day are SCH203, those
    that can mean two SCH209; this rule reports what cannot be read, and what lies before 1895 or
    after 2100. Where most rows of a table of more than 20 lie after 2100, that is said once: their
    dates look shifted.

    Why it matters
    --------------
    A date decides whether a row is before or after an event, and in which order a patient's images
    stand.

    Example
    -------
    ``date`` holds ``March 4`` without a year.

    How to fix
    ----------
    Write as much as the source says: ``2020`` is better than a day that was made up. Dates that
    were shifted to protect the patients are none of an image: write the days between the images
    into offset and leave date blank.

    Source
    ------
    ISO 8601-1:2019, calendar dates with reduced precision.
    """
    failed = list(dataset.failed(Problem.BAD_DATE))
    count = sum(len(hit.rows) for hit in failed if _is_late(hit))
    if count > max(_MANY, len(dataset.table) / 2):
        yield dataset.at_header(
            dataset.table.fields["date"],
            f"{count:,} of {len(dataset.table):,} dates are after {LAST_YEAR}: they look shifted",
            name="date",
            suggestion="write the days between the images into offset and leave date blank",
        )
        failed = [hit for hit in failed if not _is_late(hit)]
    yield from failed


def _is_late(hit: Hit) -> bool:
    return read_date(hit.value or "").problem == "too-late"
