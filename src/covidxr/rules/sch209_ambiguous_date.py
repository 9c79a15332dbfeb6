"""SCH209: a date can be read in two ways."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.dates import ParsedDate, read_date
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

# Two numbers at the beginning, of which each can be a day or a month.
_LEADING = re.compile(r"(\d{1,2})[/.-]\d{1,2}[/.-]")


@rule("SCH209", severity=Severity.WARNING, since="0.1", needs=(Need.SCHEMA,))
def ambiguous_date(dataset: Dataset) -> Iterator[Hit]:
    """Report a date whose day and month can stand in either order.

    What it checks
    --------------
    date holds YYYY, YYYY-MM or YYYY-MM-DD. A date in another form that can mean only one day is
    SCH203, and ``--fix`` rewrites it; this rule reports those that can mean two.

    Why it matters
    --------------
    ``3/4/2020`` is in March for one reader and in April for another. A date decides whether a row
    is before or after an event, and in which order a patient's images stand.

    Example
    -------
    ``date`` holds ``3/4/2020``.

    How to fix
    ----------
    Write the day that the source means. Where all other dates of the table that are written with
    numbers have the month first, or all the day, the suggestion says which day that makes of this
    one; it is a hint and never a fix.

    Source
    ------
    ISO 8601-1:2019, calendar dates with reduced precision.
    """
    first = _first_of_others(dataset)
    for hit in dataset.failed(Problem.AMBIGUOUS_DATE):
        readings = {_first(hit.value or "", each): each for each in _readings(hit.value or "")}
        likely = readings.get(first)
        if likely is None:
            yield hit
        else:
            words = f"{likely.iso} if the {first} stands first, as in the table's other dates?"
            yield replace(hit, suggestion=f"{words} Look at the source")


def _readings(text: str) -> tuple[ParsedDate, ...]:
    return read_date(text).readings


def _first(text: str, reading: ParsedDate) -> str | None:
    """What a date in numbers begins with, if it is read so; None where that cannot be told."""
    number = _LEADING.match(text.strip())
    if number is None or reading.month == reading.day:
        return None
    return {reading.month: "month", reading.day: "day"}.get(int(number[1]))


def _first_of_others(dataset: Dataset) -> str | None:
    """What the column's plain dates in numbers begin with, all of them; None where they differ."""
    found = {
        _first(text, readings[0])
        for text in dataset.table.values("date")
        if _LEADING.match(text.strip()) and len(readings := _readings(text)) == 1
    } - {None}
    return found.pop() if len(found) == 1 else None
