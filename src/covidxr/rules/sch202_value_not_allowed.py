"""SCH202: a cell of a closed column holds another value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH202", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def value_not_allowed(dataset: Dataset) -> Iterator[Hit]:
    """Report a cell whose column takes only certain values and that holds another one.

    What it checks
    --------------
    sex, RT_PCR_positive, the yes/no columns, view, modality and folder hold one of the values
    that SCHEMA.md lists, or nothing. Known spellings and translations of a value are SCH203.

    Why it matters
    --------------
    Programs that read the table compare these cells by equality. ``?`` or ``Not visible`` is
    counted neither as yes nor as no nor as blank, and silently becomes a class of its own.

    Example
    -------
    ``intubated`` holds ``Not visible``.

    How to fix
    ----------
    Write one of the values. Where the source does not say, leave the cell blank and say in
    other_notes what was looked at.

    Source
    ------
    The collection's schema; only N is a no, everything unclear is blank.
    """
    yield from dataset.failed(Problem.NOT_ALLOWED)
