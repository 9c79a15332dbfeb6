"""LBL105: a finding is still to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LBL105", severity=Severity.WARNING, since="0.1", needs=(Need.SCHEMA,))
def todo_left(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose finding nobody has read yet.

    What it checks
    --------------
    No finding is ``todo``. ``Unknown`` is not reported: it says that the source was read and does
    not tell.

    Why it matters
    --------------
    The row counts in no label, and yet it is in every total; before the loaders learned to leave
    it out it was a negative for all of them.

    Example
    -------
    A scraper added a row with ``finding`` set to ``todo``.

    How to fix
    ----------
    Read the source and write what the radiologist says, or ``Unknown``.

    Source
    ------
    The collection's use of ``todo`` for rows that came without a finding.
    """
    yield from dataset.failed(Problem.TODO)
