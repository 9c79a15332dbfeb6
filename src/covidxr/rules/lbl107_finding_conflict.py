"""LBL107: a finding holds labels that exclude each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LBL107", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def finding_conflict(dataset: Dataset) -> Iterator[Hit]:
    """Report a finding that says both something and nothing.

    What it checks
    --------------
    ``No Finding``, ``Unknown`` and ``todo`` stand alone in their cell.

    Why it matters
    --------------
    One image cannot be normal and show a pneumonia, nor be unread and have a finding. A loader
    sets both labels, and the classifier is told that they go together.

    Example
    -------
    ``finding`` holds ``No Finding|Pneumonia/Viral/COVID-19``.

    How to fix
    ----------
    Keep what the source says of this image. A patient with the disease can have a normal image:
    then the finding is ``No Finding``, and RT_PCR_positive holds the test.

    Source
    ------
    Wang et al., ChestX-ray8, CVPR 2017, where “No Finding” is the absence of all other labels.
    """
    yield from dataset.failed(Problem.CONFLICT)
