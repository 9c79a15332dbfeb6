"""DCM104: a DICOM file says another age than its row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dicomrows import age_years, tagged
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# From this age on ages are written as one (SCHEMA.md, conventions).
_OLD = 89
# Months and weeks are no whole parts of a year.
_ROUNDING = 0.01


@rule("DCM104", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_age_differs(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose age is more than a year from that of its DICOM file.

    What it checks
    --------------
    PatientAge is within one year of the row's age: sources round. Ages of 89 and more count as one,
    since tables write 90 for all above.

    Why it matters
    --------------
    Either the row or the file belongs to somebody else, or the age is that of another visit.

    Example
    -------
    age ``45``, while the file has PatientAge ``054Y``.

    How to fix
    ----------
    Look at the source. The age in the table is the age at the time of the image.

    Source
    ------
    DICOM PS3.3, C.7.2.2, Patient's Age; PS3.5, 6.2, AS.
    """
    for row, tags in tagged(dataset, "age"):
        said, age = age_years(tags.get("PatientAge", "")), _number(row["age"])
        if said is None or age is None or min(said, age) >= _OLD:
            continue
        if abs(said - age) > 1 + _ROUNDING:
            yield row.at(
                "age",
                f"the age is {row['age']}, but the file says {tags['PatientAge']}",
                suggestion="does the file belong to this patient?",
            )


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
