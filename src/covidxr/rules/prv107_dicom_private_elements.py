"""PRV107: a DICOM file has private elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("PRV107", severity=Severity.INFO, since="0.1", needs=(Need.STRUCTURE,))
def dicom_private_elements(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file with private elements.

    What it checks
    --------------
    No element has an odd group number, inside sequences either; elements that only name a maker do
    not count.

    Why it matters
    --------------
    What private elements hold only their maker knows: some repeat the patient's name or the whole
    header.

    Example
    -------
    Elements of group 0009.

    How to fix
    ----------
    De-identify the file: the profile takes private elements away, but for those that are known to
    be safe.

    Source
    ------
    DICOM PS3.15, E.3.10, retain safe private option; PS3.5, 7.8.
    """
    for path, facts in dataset.files.items():
        if facts.dicom is not None and facts.dicom.private:
            count = facts.dicom.private
            yield dataset.at_file(
                path, f"{path} has {count:,} private element{'s' if count > 1 else ''}"
            )
