"""PRV102: the patient is a minor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_OF_AGE = 18


@rule("PRV102", severity=Severity.INFO, since="0.1")
def minor(dataset: Dataset) -> Iterator[Hit]:
    """Point out an image of somebody under 18.

    What it checks
    --------------
    age is 18 or more. Nothing is wrong with a younger patient; it is said so that a curator knows.

    Why it matters
    --------------
    Consent was given by others, and the patient may withdraw it later. Children's chests look
    different, too: models for adults leave them out.

    Example
    -------
    age ``12``.

    How to fix
    ----------
    Nothing needs fixing if the source says that the guardians consented. Otherwise leave the
    image out, or keep the row in the baseline with your reason.

    Source
    ------
    UN Convention on the Rights of the Child, article 1: a child is anyone below eighteen years.
    """
    column = BY_NAME["age"]
    for cells in dataset.cells(column.name):
        in_range = cells.text and column.judge(cells.text) is None
        if in_range and float(cells.text) < _OF_AGE:
            yield cells.at(
                column.name,
                f"the patient is {cells.text}, a minor",
                suggestion="check that the source names the guardians' consent",
            )
