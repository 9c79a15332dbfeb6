"""Whether a cleaned DICOM dataset holds anything of what it held before.

This module owns the proof, which shares nothing with the cleaning but the profile's table and the
dummies: it reads the bytes that were written, walks them and compares them with what was noted
before. Source: DICOM PS3.15, table E.1-1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from covidxr.imaging.cleaned import UncleanError
from covidxr.imaging.deidentifydates import read_date
from covidxr.imaging.deidentifyelements import (
    DUMMIES,
    FREE_TEXT,
    OPAQUE,
    SHOWING,
    Keys,
    is_empty,
    readable,
    texts_of,
)
from covidxr.imaging.deidentifyprofile import Action, action

if TYPE_CHECKING:
    from collections.abc import Iterator

    Path: TypeAlias = tuple[int, ...]

# Elements that name somebody or something in whole words, beside all names of persons (PN).
_NAMING = frozenset(
    {
        *("PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "InstitutionName"),
        *("InstitutionalDepartmentName", "InstitutionAddress", "StationName", "PatientAddress"),
        *("DeviceSerialNumber", "PatientBirthDate", "PatientTelephoneNumbers", "IssuerOfPatientID"),
        *("PatientMotherBirthName", "MilitaryRank", "MedicalRecordLocator", "AdmissionID"),
    }
)
# Shorter parts of a name, and shorter numbers, are found in anything.
_LEAST_NAME, _LEAST_NUMBER = 3, 4
_PARTS = re.compile(r"[\s^=,;]+")
# What a picture cannot be shown without, and whose values are looked up, not shown.
_NEEDED = frozenset({0x00280004, 0x00080060, 0x00080005})
# What the cleaning itself writes: method, codes, that the patient is removed, that dates are moved.
_SIGNED = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280303})
_WORDS = frozenset({"AE", "CS", "LO", "PN", "SH"}) | FREE_TEXT
_DATES = frozenset({"DA", "DT"})
# Names of persons and times of day, which the cleaning leaves nowhere.
_EMPTIED = frozenset({"PN", "TM"})


@dataclass(frozen=True, slots=True)
class Noted:
    """What a dataset held before it was cleaned.

    Parameters
    ----------
    dates : dict of tuple of int to list of str
        Each of them, by where it is: tags and numbers of items.
    uids : set of str
        All of them.
    names : set of str
        Words in small letters that name somebody, and must not be anywhere.
    """

    dates: dict[Path, list[str]] = field(default_factory=dict)
    uids: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def note(dataset: Any) -> Noted:
    """Write down what identifies, before a dataset is cleaned."""
    noted = Noted()
    for path, element in _walk(dataset):
        texts = texts_of(element)
        if element.VR == "PN":
            parts = (part.casefold() for text in texts for part in _PARTS.split(text))
            # Two signs of another script are a whole name often.
            noted.names.update(
                part for part in parts if len(part) >= (_LEAST_NAME if part.isascii() else 2)
            )
        elif element.keyword in _NAMING:
            whole = (text.strip().casefold() for text in texts)
            noted.names.update(text for text in whole if len(text) >= _LEAST_NUMBER)
        if element.VR in _DATES:
            noted.dates[path] = texts
        if element.VR == "UI":
            noted.uids.update(texts)
    return noted


def drop_names(dataset: Any, noted: Noted) -> list[str]:
    """Take out the elements that the profile leaves and that repeat a name noted before.

    Returns
    -------
    list of str
        Their keywords.
    """
    dropped = []
    for place, element in _places(dataset):
        if _repeats(element, noted):
            dropped.append(str(element.keyword))
            del place[element.tag]
    return dropped


def check(dataset: Any, noted: Noted, keys: Keys) -> None:
    """Walk a cleaned dataset.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Read from the bytes that are to be given out.
    noted : Noted
        What it held before.
    keys : Keys
        What it was cleaned with.

    Raises
    ------
    UncleanError
        For the first element with something left, by its keyword.
    """
    head = dataset.file_meta.MediaStorageSOPInstanceUID
    if any(dataset.preamble) or str(head) != str(dataset.SOPInstanceUID):
        raise UncleanError("its head is still there after cleaning")
    for path, element in _walk(dataset, strict=True):
        if path[0] not in _SIGNED and not _is_clean(
            element, noted.dates.get(path, []), noted, keys
        ):
            word = element.keyword or f"{int(element.tag):08X}"
            raise UncleanError(f"{word} is still there after cleaning")


def _is_clean(element: Any, before: list[str], noted: Noted, keys: Keys) -> bool:
    does = action(int(element.tag))
    if element.VR in _DATES:
        return is_empty(element) or _is_moved(texts_of(element), before, keys.shift_days)
    if does is Action.REMOVE:
        return False
    if is_empty(element):
        return True
    if element.VR == "SQ":
        return does in {None, Action.INNER_UIDS}
    if does is None:
        return _may_stay(element, noted)
    return does in {Action.DUMMY, Action.UID} and _is_replaced(element, noted, keys)


def _may_stay(element: Any, noted: Noted) -> bool:
    """Judge an element that the profile leaves as it is."""
    from pydicom.uid import UID_dictionary

    if element.VR == "UI":
        return all(
            text in UID_dictionary or (text.startswith("2.25.") and text not in noted.uids)
            for text in texts_of(element)
        )
    if element.VR in OPAQUE:
        return int(element.tag) in SHOWING
    return element.VR not in _EMPTIED | FREE_TEXT and not _repeats(element, noted)


def _is_replaced(element: Any, noted: Noted, keys: Keys) -> bool:
    texts = texts_of(element)
    if element.keyword == "PatientID":
        return texts == [keys.patient]
    if element.VR == "UI":
        return all(text.startswith("2.25.") and text not in noted.uids for text in texts)
    return bool(element.value == DUMMIES[element.VR]) or texts == [str(DUMMIES[element.VR])]


def _is_moved(after: list[str], before: list[str], days: int) -> bool:
    """Tell whether each date stands as many days from what it was as it should."""
    moved = [read_date(text) for text in after]
    days_before = [day for day in map(read_date, before) if day is not None]
    return len(moved) <= len(days_before) and all(
        new is not None and any((new - old).days == days for old in days_before) for new in moved
    )


def _repeats(element: Any, noted: Noted) -> bool:
    if element.VR not in _WORDS or int(element.tag) in _NEEDED:
        return False
    if action(int(element.tag)) is not None:
        return False
    said = " ".join(texts_of(element)).casefold()
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said) for name in noted.names)


def _walk(dataset: Any, *, strict: bool = False) -> Iterator[tuple[Path, Any]]:
    for path, _, element in _visit(dataset, (), strict=strict):
        yield path, element


def _places(dataset: Any) -> list[tuple[Any, Any]]:
    return [(place, element) for _, place, element in _visit(dataset, (), strict=False)]


def _visit(dataset: Any, above: Path, *, strict: bool) -> Iterator[tuple[Path, Any, Any]]:
    """Yield where it is, the dataset that holds it and each element.

    One that cannot be read is passed over, or stops the walk where that is `strict`.
    """
    for tag in list(dataset.keys()):
        element = readable(dataset, tag)
        if element is None and strict:
            raise UncleanError(f"{int(tag):08X} cannot be read after cleaning")
        if element is None:
            continue
        path = (*above, int(tag))
        yield path, dataset, element
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from _visit(item, (*path, number), strict=strict)
