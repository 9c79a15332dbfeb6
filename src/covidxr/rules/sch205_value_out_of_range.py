"""SCH205: a number is outside what its column can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH205", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def value_out_of_range(dataset: Dataset) -> Iterator[Hit]:
    """Report a number that cannot be true in the unit of its column.

    What it checks
    --------------
    Each numeric column has bounds that no patient passes, as SCHEMA.md shows them. Where the value
    makes sense in another unit, the suggestion says so; no value is ever converted.

    Why it matters
    --------------
    A temperature in °F or an oxygen pressure among saturations shifts every mean and teaches a
    model that such a patient exists.

    Example
    -------
    ``temperature`` holds ``101.3``: in °F it is 38.5 °C.

    How to fix
    ----------
    Look at the source, then write the value in the unit of the column, or move it to other_notes.

    Source
    ------
    Survivable body temperatures, 0 to 100 % for a percentage, and counts beyond those of
    leukaemia; each bound is explained in SCHEMA.md.
    """
    yield from dataset.failed(Problem.OUT_OF_RANGE)
