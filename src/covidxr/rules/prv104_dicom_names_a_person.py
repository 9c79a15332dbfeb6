"""PRV104: a DICOM file names a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_NAMES = ("PatientName", "ReferringPhysicianName")

# What de-identification tools and people write in place of a name. A digit marks a pseudonym:
# no name of a person has one.
_NO_NAME = re.compile(
    r"\d|anon|phantom|pseudo|de-?ident|removed|redacted|unknown|no ?name|not ?known|none|test"
    r"|synthetic|example|demo|patient|case|subject|doe\b|xx|^\W*$",
    re.IGNORECASE,
)
# Days that are written in place of a date of birth.
_NO_BIRTHDAY = re.compile(r"0000|1900-?01-?01|1800|1000|1970-?01-?01")
_FULL_DAY = re.compile(r"\d{4}[-.]?\d{2}[-.]?\d{2}")


@rule("PRV104", severity=Severity.ERROR, since="0.1", needs=(Need.STRUCTURE,))
def dicom_names_a_person(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file with a person's name or date of birth.

    What it checks
    --------------
    PatientName and ReferringPhysicianName are absent, empty or a placeholder (``ANON``, anything
    with a digit), and PatientBirthDate gives no full day, unless the file says itself
    that it was de-identified: PatientIdentityRemoved ``YES``. The message names the elements and
    does not repeat what they say.

    Why it matters
    --------------
    A name that was published once cannot be taken back.

    Example
    -------
    PatientName ``Doubtful^Dora`` and no PatientIdentityRemoved.

    How to fix
    ----------
    De-identify the file with a tool that follows the standard's profile, which also sets
    PatientIdentityRemoved to YES. If the file was public already, tell its source.

    Source
    ------
    DICOM PS3.15, annex E, table E.1-1; (0012,0062) Patient Identity Removed.
    """
    for path, facts in dataset.files.items():
        tags = dict(facts.tags)
        if not tags or tags.get("PatientIdentityRemoved", "").strip().upper() == "YES":
            continue
        telling = [word for word in _NAMES if _is_name(tags.get(word, ""))]
        if _is_birthday(tags.get("PatientBirthDate", "")):
            telling.append("PatientBirthDate")
        if telling:
            yield dataset.at_file(
                path,
                f"{path} names a person: {', '.join(telling)}",
                suggestion="de-identify the file (DICOM PS3.15, annex E) before it is published",
            )


def _is_name(text: str) -> bool:
    # Two initials alone name nobody.
    return len(re.findall(r"[^\W\d_]", text)) > 2 and not _NO_NAME.search(text)  # noqa: PLR2004


def _is_birthday(text: str) -> bool:
    return _FULL_DAY.fullmatch(text.strip()) is not None and not _NO_BIRTHDAY.match(text.strip())
