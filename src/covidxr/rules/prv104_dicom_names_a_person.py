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

# What de-identification tools and people write in place of a name, as whole words: Casey, Testa
# and Demopoulos are names. The first say of all other words that they name nobody ("Doe^Jane"),
# the second only that they are no names themselves.
_NOBODY = re.compile(
    r"anon|anon[iy]m\w*|pseudonym\w*|deidentified|phantom|synthetic|doe", re.IGNORECASE
)
_NO_NAMES = re.compile(
    r"de|identified|identity|removed|redacted|deleted|hidden|unknown|noname|no|name|not|known|none"
    r"|null|nil|blank|empty|test|testing|sample|example|demo|dummy|patient|patientname|pat|pt|case"
    r"|subject|sub|subj|person|human|male|female|volunteer|physician|doctor|id|number|scan|image"
    r"|series|study|site|center|centre|chest|thorax|lung|cxr|xray|covid|lidc|idri|tcga|midrc"
    r"|ricord|one|two|three|four|five|x{2,}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
# As many letters in a row may stand in a code beside its digits, and alone are two initials.
_INITIALS = 2
# Days that are written in place of a date of birth.
_NO_BIRTHDAY = re.compile(r"0000|1900-?01-?01|1800|1000|1970-?01-?01")
_FULL_DAY = re.compile(r"\d{4}[-.]?\d{2}[-.]?\d{2}")


@rule("PRV104", severity=Severity.ERROR, since="0.1", needs=(Need.STRUCTURE,))
def dicom_names_a_person(dataset: Dataset) -> Iterator[Hit]:
    """Report a DICOM file with a person's name or date of birth.

    What it checks
    --------------
    PatientName and ReferringPhysicianName are absent, empty, two initials or a placeholder
    (``ANON``, ``Patient 12``, a code such as ``C0031``), and PatientBirthDate gives no full day,
    unless the file says itself that it was de-identified: PatientIdentityRemoved ``YES``. The
    message names the elements and does not repeat what they say.

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
    words = _WORD.findall(text)
    if any(_NOBODY.fullmatch(part) for word in words for part in _LETTERS.findall(word)):
        return False
    return sum(map(_letters_of_a_name, words)) > _INITIALS


def _letters_of_a_name(word: str) -> int:
    """Count letters that may be a name's; digits make a code of a word of few letters only."""
    parts = [part for part in _LETTERS.findall(word) if not _NO_NAMES.fullmatch(part)]
    if not word.isalpha():
        parts = [part for part in parts if len(part) > _INITIALS]
    return sum(map(len, parts))


def _is_birthday(text: str) -> bool:
    return _FULL_DAY.fullmatch(text.strip()) is not None and not _NO_BIRTHDAY.match(text.strip())
