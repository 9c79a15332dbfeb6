"""SCH201: a cell that every row needs is blank."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH201", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def required_cell_blank(dataset: Dataset) -> Iterator[Hit]:
    """Report a row without a patient, a finding, a modality, a folder or a file name.

    What it checks
    --------------
    patientid, finding, modality, folder and filename hold text in every row. All other columns may
    be blank: a blank says that it is not known. The licence has a rule of its own, LIC101.

    Why it matters
    --------------
    Without a file name there is no image, without a patient the row cannot be kept out of the test
    set that holds the same person. A blank finding is read as “none of the labels” by programs
    that look for words, and so becomes a negative.

    Example
    -------
    ``modality`` is blank in the row of ``image-7.png``.

    How to fix
    ----------
    Complete the cell from the source. A finding that nobody has read yet is ``todo``, one that the
    source does not tell is ``Unknown``.

    Source
    ------
    The columns' levels in SCHEMA.md: a row is one image of one patient with one finding.
    """
    yield from dataset.failed(Problem.BLANK)
