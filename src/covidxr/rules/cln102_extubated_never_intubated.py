"""CLN102: extubated, but never intubated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN102", severity=Severity.ERROR, since="0.1")
def extubated_never_intubated(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient who was extubated and is said never to have been intubated.

    What it checks
    --------------
    extubated is not Y where intubated is N: both are about the whole illness, and a tube that was
    taken out had been put in. A blank intubated is CLN113.

    Why it matters
    --------------
    One of the two cells is wrong. Which patients were ventilated is what severity models are
    trained on.

    Example
    -------
    extubated ``Y`` beside intubated ``N``.

    How to fix
    ----------
    Read the case. On images before the intubation, intubated is Y too; what holds at the time of
    the image stands in intubation_present.

    Source
    ------
    SCHEMA.md: “at any point of this illness”.
    """
    if not dataset.has("extubated", "intubated"):
        return
    for cells in dataset.cells("extubated", "intubated"):
        if cells.texts == ("Y", "N"):
            yield cells.at(
                "extubated",
                "extubated is Y, but intubated is N: a tube that was taken out had been put in",
                suggestion="read the case: intubated is about the whole illness, not this image",
            )
