"""SCH204: a cell of a numeric column holds something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH204", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def not_a_number(dataset: Dataset) -> Iterator[Hit]:
    """Report a cell that should hold a number and does not.

    What it checks
    --------------
    offset is a whole number; age, temperature, pO2_saturation and the three counts are numbers
    with a point for decimals, without a unit, a range or a sign of doubt.

    Why it matters
    --------------
    One word in a column makes pandas read the whole column as text: sorting then puts 100 before
    20, and a mean cannot be taken.

    Example
    -------
    ``temperature`` holds ``?``, ``age`` holds ``40s``.

    How to fix
    ----------
    Write the number alone, in the unit that SCHEMA.md names, or leave the cell blank and put the
    words into clinical_notes.

    Source
    ------
    The columns' kinds in SCHEMA.md; blanks, and nothing else, mean “not known”.
    """
    yield from dataset.failed(Problem.NOT_A_NUMBER)
