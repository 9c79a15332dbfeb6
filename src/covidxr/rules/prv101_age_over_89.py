"""PRV101: an exact age above 89."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# 45 CFR 164.514(b)(2)(i)(C): ages over 89 may be given as one category, 90 or older.
_TOP = 90


@rule("PRV101", severity=Severity.WARNING, since="0.1")
def age_over_89(dataset: Dataset) -> Iterator[Hit]:
    """Report an exact age above 89.

    What it checks
    --------------
    age is at most 90, and 90 stands for “90 or older”.

    Why it matters
    --------------
    So few people are that old that an age, a town and a month can name one of them.

    Example
    -------
    age ``94`` beside a small town.

    How to fix
    ----------
    Write 90, even where the publication gives the age; or keep the row in the baseline with the
    consent as the reason.

    Source
    ------
    HIPAA safe harbour, 45 CFR 164.514(b)(2)(i)(C): all ages over 89 are identifiers, except
    aggregated into a single category of age 90 or older.
    """
    column = BY_NAME["age"]
    for cells in dataset.cells(column.name):
        in_range = cells.text and column.judge(cells.text) is None
        if in_range and float(cells.text) > _TOP:
            yield cells.at(
                column.name,
                f"an age of {cells.text} can identify a person",
                suggestion="write 90, which stands for 90 or older",
            )
