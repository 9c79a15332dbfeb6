"""LBL101: a finding is not in the hierarchy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LBL101", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def unknown_finding(dataset: Dataset) -> Iterator[Hit]:
    """Report a finding with a part that no label or synonym has.

    What it checks
    --------------
    Every part of a finding, between ``|`` and ``/``, is a label of the hierarchy or a known
    synonym of one. Words are compared whole: ``Haemophilus influenzae`` is not Influenza.

    Why it matters
    --------------
    A word that nobody knows sets no label. In the tables of 2020 such rows were silent negatives:
    images of a pneumonia counted as images without one.

    Example
    -------
    ``finding`` holds ``Pneumonia/Viral/Adenovirus``.

    How to fix
    ----------
    Correct the spelling as suggested, or write the nearest label above it and keep the word in
    clinical_notes. A new label is one line in ``labels.py`` and a version of the label list.

    Source
    ------
    The hierarchy in SCHEMA.md.
    """
    yield from dataset.failed(Problem.UNKNOWN_FINDING)
