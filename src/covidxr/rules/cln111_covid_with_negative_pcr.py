"""CLN111: COVID-19 although the RT-PCR was negative."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.labels import read_finding
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CLN111", severity=Severity.WARNING, since="0.1")
def covid_with_negative_pcr(dataset: Dataset) -> Iterator[Hit]:
    """Report COVID-19 beside a negative RT-PCR.

    What it checks
    --------------
    RT_PCR_positive is not N where the finding is COVID-19. Y, Unclear and blank are fine.

    Why it matters
    --------------
    Such a label rests on the image or the story alone. It may be right, since the test misses
    early and late infections, but a label that was read off the image is no ground truth for
    reading images.

    Example
    -------
    ``Pneumonia/Viral/COVID-19`` beside RT_PCR_positive ``N``.

    How to fix
    ----------
    Read the case. If a later test was positive, write Y. If the diagnosis was made otherwise, say
    how in clinical_notes and keep this row in the baseline with that as the reason.

    Source
    ------
    The column's meaning in SCHEMA.md; WHO, Diagnostic testing for SARS-CoV-2, 11 September 2020.
    """
    if not dataset.has("finding", "RT_PCR_positive"):
        return
    for cells in dataset.cells("RT_PCR_positive", "finding"):
        covid = "Pneumonia/Viral/COVID-19" in read_finding(cells.texts[1]).labels
        if cells.text == "N" and covid:
            yield cells.at(
                "RT_PCR_positive",
                "the finding is COVID-19, but the RT-PCR was negative",
                suggestion="say in clinical_notes what the diagnosis rests on",
            )
