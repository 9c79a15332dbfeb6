"""DCM106: DICOM files of a patient are not as many days apart as their rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.dates import read_date
from covidxr.dicomrows import day_taken, tagged
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit
    from covidxr.table import Row

    # A row, the day of its header and the day of its own, both as numbers.
    Taken = tuple[Row, int, int]

# Sources count the first day as day 0 or as day 1, sometimes both within one case.
_TOLERANCE = 1
_WHOLE = re.compile(r"[+-]?\d{1,4}")


@rule("DCM106", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def dicom_days_differ(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient whose DICOM files are not as many days apart as the rows say.

    What it checks
    --------------
    Between two images of one patient, the days from one acquisition to the other in the DICOM files
    are those between their offsets, or, without offsets, between their dates to the day. One day
    more or less is let pass. Only differences count, since dates are shifted when a file is
    de-identified, all of a patient by the same days. The row that disagrees with the patient's
    first is reported, once a patient.

    Why it matters
    --------------
    The course of an illness is read from the days between images.

    Example
    -------
    offsets ``3`` and ``10``, while the files were acquired 21 days apart.

    How to fix
    ----------
    Look at the source. If the files were de-identified with another shift each, no day can be had
    from them: keep the row in the baseline.

    Source
    ------
    SCHEMA.md, offset and date; DICOM PS3.3, C.7.6.1, Acquisition Date; PS3.15, E.3.6, longitudinal
    temporal information.
    """
    firsts: dict[tuple[str, str], Taken] = {}
    told: set[str] = set()
    for row, tags in tagged(dataset, "patientid"):
        day = day_taken(tags)
        for name, known in _days(row):
            patient = row["patientid"]
            if day is None or patient in told:
                break
            one = firsts.setdefault((patient, name), (row, day.toordinal(), known))
            by_file, by_row = day.toordinal() - one[1], known - one[2]
            if abs(by_file - by_row) > _TOLERANCE:
                told.add(patient)
                yield row.at(
                    name,
                    f"patient {patient}: {row.path} and {one[0].path} in line {one[0].line} are "
                    f"{abs(by_file)} days apart by their headers, {abs(by_row)} by {name}",
                    suggestion="look at the source: which of them is right?",
                )


def _days(row: Row) -> list[tuple[str, int]]:
    """Give the column that tells a row's day, and the day as a number; empty where none does."""
    if _WHOLE.fullmatch(row["offset"]):
        return [("offset", int(row["offset"]))]
    date = read_date(row["date"]).parsed
    if date is not None and date.precision == "day":
        return [("date", date.earliest.toordinal())]
    return []
