"""CLN114: intubated, but never in need of oxygen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN114", severity=Severity.WARNING, since="0.1")
def intubated_without_oxygen(dataset: Dataset) -> Iterator[Hit]:
    """Report an intubated patient who is said never to have needed oxygen.

    What it checks
    --------------
    needed_supplemental_O2 is not N where intubated is Y; both are about the whole illness. A
    blank is fine.

    Why it matters
    --------------
    Pneumonia is ventilated with more oxygen than air has. N is often meant as “not by mask”, and
    a severity model then learns that the worst cases needed none.

    Example
    -------
    intubated ``Y`` beside needed_supplemental_O2 ``N``.

    How to fix
    ----------
    Read the case. Who was intubated for another reason, such as surgery, may keep the N; say so
    in clinical_notes.

    Source
    ------
    SCHEMA.md, intubated and needed_supplemental_O2.
    """
    if not dataset.has("intubated", "needed_supplemental_O2"):
        return
    for cells in dataset.cells("needed_supplemental_O2", "intubated"):
        if cells.texts == ("N", "Y"):
            yield cells.at(
                "needed_supplemental_O2",
                "needed_supplemental_O2 is N, but intubated is Y",
                suggestion="write Y if the ventilator gave more oxygen than air has",
            )
