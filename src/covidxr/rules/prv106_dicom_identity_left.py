"""PRV106: a DICOM file was not de-identified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# What the table publishes, what the profile lets stay as the patient's characteristics, and what
# PRV104 reports.
_PUBLISHED = frozenset(
    {
        *("PatientSex", "PatientAge", "PatientSize", "PatientWeight", "SmokingStatus"),
        *("PregnancyStatus", "PatientSexNeutered", "ContrastBolusAgent", "TimezoneOffsetFromUTC"),
        *("PatientName", "ReferringPhysicianName", "PatientBirthDate"),
    }
)
_MOST_NAMED = 8


@rule("PRV106", severity=Severity.WARNING, since="0.1", needs=(Need.STRUCTURE,))
def dicom_identity_left(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file with elements that the standard's profile takes away.

    What it checks
    --------------
    No element has a value that the basic profile of DICOM PS3.15 takes away or replaces, unless the
    file says that it was de-identified: PatientIdentityRemoved ``YES``. Let pass are what the table
    publishes itself (sex, age, days and times), size and weight, unique identifiers, placeholders
    such as ``ANONYMIZED``, and what PRV104 reports. The message has the elements' names, never what
    they say.

    Why it matters
    --------------
    Hospital, physician, station, accession number and description together lead to a person, and
    what was published once cannot be taken back.

    Example
    -------
    InstitutionName and AccessionNumber with values.

    How to fix
    ----------
    De-identify the file with a tool that follows the profile, which also sets
    PatientIdentityRemoved to YES. If the file was public already, tell its source.

    Source
    ------
    DICOM PS3.15, annex E, table E.1-1, basic profile, and its options for patient characteristics
    and longitudinal times.
    """
    for path, facts in dataset.files.items():
        if facts.dicom is None or _is_cleaned(dict(facts.tags)):
            continue
        left = [word for word in facts.dicom.identity if not _is_let_pass(word)]
        if left:
            named = ", ".join(left[:_MOST_NAMED])
            more = len(left) - _MOST_NAMED
            yield dataset.at_file(
                path,
                f"{path} was not de-identified: {named}"
                + (f" and {more} more" if more > 0 else ""),
                suggestion="de-identify the file (DICOM PS3.15, annex E) before it is published",
            )


def _is_cleaned(tags: dict[str, str]) -> bool:
    return tags.get("PatientIdentityRemoved", "").strip().upper() == "YES"


def _is_let_pass(word: str) -> bool:
    return word in _PUBLISHED or word.endswith(("Date", "Time"))
