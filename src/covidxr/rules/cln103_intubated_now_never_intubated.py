"""CLN103: intubated at the image, but never intubated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN103", severity=Severity.ERROR, since="0.1")
def intubated_now_never_intubated(dataset: Dataset) -> Iterator[Hit]:
    """Report an image of an intubated patient who is said never to have been intubated.

    What it checks
    --------------
    intubation_present is not Y where intubated is N: who is intubated at the time of the image was
    intubated at some point of the illness. A blank intubated is CLN113.

    Why it matters
    --------------
    One of the two cells is wrong. Which patients were ventilated is what severity models are
    trained on.

    Example
    -------
    intubation_present ``Y`` beside intubated ``N``.

    How to fix
    ----------
    Look at the image: if a tube is in the trachea, intubated is Y in every row of the patient.

    Source
    ------
    SCHEMA.md: “at any point of this illness” and “at the time of the image”.
    """
    if not dataset.has("intubation_present", "intubated"):
        return
    for cells in dataset.cells("intubation_present", "intubated"):
        if cells.texts == ("Y", "N"):
            yield cells.at(
                "intubation_present",
                "intubation_present is Y, but intubated is N: at this image the patient was",
                suggestion="look for the tube: intubated is about the whole illness",
            )
