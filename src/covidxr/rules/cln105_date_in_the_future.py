"""CLN105: the date is later than the table itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dates import read_date
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN105", severity=Severity.ERROR, since="0.1")
def date_in_the_future(dataset: Dataset) -> Iterator[Hit]:
    """Report an image that was taken after the table was written.

    What it checks
    --------------
    No date lies after the day on which the table was last changed, so far as that is known; a
    year or a month counts from its first day, and a date that can be read in two ways by its
    earlier reading. Where the table's day is not known, CLN106 looks at the table's own dates.

    Why it matters
    --------------
    Day and month were swapped, or a year is mistyped. Splits by time and courses over days are
    then wrong.

    Example
    -------
    ``2020-09-10`` in a table that was last changed in June 2020.

    How to fix
    ----------
    Look at the source. If it gives no date, leave the cell blank.

    Source
    ------
    SCHEMA.md: the date is that of the image, which is taken before it is listed.
    """
    if dataset.as_of is None or not dataset.has("date"):
        return
    for cells in dataset.cells("date"):
        readings = read_date(cells.text).readings
        if readings and min(each.earliest for each in readings) > dataset.as_of:
            yield cells.at(
                "date",
                f"the image of {cells.text} was taken after the table of {dataset.as_of}",
                suggestion="day and month swapped, or a wrong year? Look at the source",
            )
