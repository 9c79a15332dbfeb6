"""LBL104: a finding says what is doubtful or absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LBL104", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def doubtful_finding(dataset: Dataset) -> Iterator[Hit]:
    """Report a finding with a word of doubt or denial in it.

    What it checks
    --------------
    No finding says “suspected”, “possible”, “vs”, “no”, “ruled out” and the like, or has a question
    mark. Labels that contradict each other are LBL107.

    Why it matters
    --------------
    covidxr sets no label for such a finding. Loaders that look for a label's name within the text
    set it: a suspected disease, and even one that is ruled out, is counted as seen.

    Example
    -------
    ``finding`` holds ``Suspected COVID-19``.

    How to fix
    ----------
    Write only what the source states as present, else ``Unknown``, and keep its wording in
    clinical_notes.

    Source
    ------
    The rule of the collection's loaders, a search for the name anywhere in the text, and their
    users' reports of it.
    """
    yield from dataset.failed(Problem.DOUBTFUL_FINDING)
