"""PRV105: notes about a patient hold what identifies a person."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_DAY = (
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}"
    r"|\d{1,2}(?:\.|st|nd|rd|th)? (?:of )?[^\W\d_]{3,12},? \d{4}|[^\W\d_]{3,12} \d{1,2}, \d{4})"
)
# Notes that are searched for clues together, in one text.
_TOGETHER = 32


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


# Each begins with words that announce it, because case reports are full of other numbers. The
# clues, one of which any match contains, are searched first: most notes have none.
_IDENTIFIERS = {
    # A local part has 64 characters at most (RFC 5321, 4.5.3.1.1). It is looked for from its first
    # one on, or a long word would be read anew from each of its letters.
    "an e-mail address": (
        _words("@"),
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}",
    ),
    "a telephone number": (
        _words("tel|phone|mobile|fax"),
        (
            r"\b(?:tel|phone|telephone|telefon|mobile|fax)(?: (?:no|number))?[.:]*\s*"
            r"\+?\(?\d[\d ()/.-]{5,}\d"
        ),
    ),
    "a date of birth": (
        _words("born|of birth|birth date|birthdate|dob|d.o.b|geb|nato il|nata il|né le|née le"),
        (
            r"\b(?:born(?: on)?|date of birth|birth ?date|dob|d\.o\.b\.?|geb(?:oren)?(?: am)?\.?"
            rf"|nat[oa] il|née? le)[:\s]+{_DAY}"
        ),
    ),
    "a record number": (
        _words("mrn| number|tal no|ent no|nhs no|rd no|tal id|ent id|nhs id|rd id"),
        (
            r"\b(?:mrn|(?:medical record|hospital|patient|nhs) (?:number|no\.?|id))"
            r"(?: is)?[\s:#]+[a-z]{0,3}-?\d[\d -]{3,}\d"
        ),
    ),
}
_ANY = {kind: (clues, re.compile(pattern)) for kind, (clues, pattern) in _IDENTIFIERS.items()}


@rule("PRV105", severity=Severity.WARNING, since="0.1")
def identifier_in_notes(dataset: Dataset) -> Iterator[Hit]:
    """Report an e-mail address, telephone, birth date or record number in clinical_notes.

    What it checks
    --------------
    clinical_notes hold no e-mail address, no number after words such as “tel.”, no day after
    words such as “born on” and no number after words such as “MRN” or “patient number”. Dates of
    the illness are fine. other_notes are not searched: they credit authors, and rightly so.

    Why it matters
    --------------
    Notes are copied from reports, at times with their heading. A record number leads back to one
    person.

    Example
    -------
    ``Born on 12.03.1950, admitted with fever.``

    How to fix
    ----------
    Take the identifier out, and write the age for the day of birth.

    Source
    ------
    HIPAA safe harbour, 45 CFR 164.514(b)(2)(i): (C) dates, (D) telephone numbers, (F) e-mail
    addresses, (H) medical record numbers.
    """
    found = _found(dataset.table.texts("clinical_notes").known)
    for cells in dataset.holding("clinical_notes", found.__contains__):
        yield cells.at(
            "clinical_notes",
            f"the notes hold {' and '.join(found[cells.text])}",
            suggestion="take out what identifies the patient or a physician",
        )


def _found(notes: list[str]) -> dict[str, list[str]]:
    """What each note holds, of those that hold anything."""
    found: dict[str, list[str]] = {}
    for start in range(0, len(notes), _TOGETHER):
        some = {note: note.casefold() for note in notes[start : start + _TOGETHER]}
        together = "\n".join(some.values())
        for kind, (clues, pattern) in _ANY.items():
            there = [clue for clue in clues if clue in together]
            for note, text in some.items() if there else ():
                if any(clue in text for clue in there) and pattern.search(text):
                    found.setdefault(note, []).append(kind)
    return found
