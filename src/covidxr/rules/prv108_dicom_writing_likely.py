"""PRV108: a DICOM header makes burnt-in text likely."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("PRV108", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_writing_likely(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file whose header makes text inside the picture likely.

    What it checks
    --------------
    BurnedInAnnotation and RecognizableVisualFeatures are not YES; and unless BurnedInAnnotation is
    NO, the file is no digitised film, scanned document, saved screen, secondary capture or
    ultrasound.

    Why it matters
    --------------
    Names, dates and hospitals that are part of the picture stay when the header is cleaned.

    Example
    -------
    ConversionType ``DF``: film, digitised with the label in its corner.

    How to fix
    ----------
    Look at the image. Without text, set BurnedInAnnotation to NO or keep the file in the baseline;
    with text, cover it.

    Source
    ------
    DICOM PS3.3, C.7.6.1 (Burned In Annotation), C.8.6.1 (Conversion Type); PS3.15, E.3.1, clean
    pixel data option.
    """
    for path, facts in dataset.files.items():
        if facts.dicom is not None and facts.dicom.burnt_in:
            yield dataset.at_file(
                path,
                f"{path} may have text in the picture: {facts.dicom.burnt_in}",
                suggestion="look for names, dates and hospitals in its corners",
            )
