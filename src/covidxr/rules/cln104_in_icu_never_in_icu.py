"""CLN104: in intensive care at the image, but never in intensive care."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN104", severity=Severity.ERROR, since="0.1")
def in_icu_never_in_icu(dataset: Dataset) -> Iterator[Hit]:
    """Report an image from intensive care of a patient who is said never to have been there.

    What it checks
    --------------
    in_icu is not Y where went_icu is N: who is in intensive care at the time of the image was there
    at some point of the illness. A blank went_icu is CLN113.

    Why it matters
    --------------
    One of the two cells is wrong. Admission to intensive care is what severity models are
    trained on.

    Example
    -------
    in_icu ``Y`` beside went_icu ``N``.

    How to fix
    ----------
    Read the case: if the patient was admitted at any time, went_icu is Y in every row.

    Source
    ------
    SCHEMA.md: “at any point of this illness” and “at the time of the image”.
    """
    if not dataset.has("in_icu", "went_icu"):
        return
    for cells in dataset.cells("in_icu", "went_icu"):
        if cells.texts == ("Y", "N"):
            yield cells.at(
                "in_icu",
                "in_icu is Y, but went_icu is N: at this image the patient was there",
                suggestion="read the case: went_icu is about the whole illness",
            )
