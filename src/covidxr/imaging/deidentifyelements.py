"""Every element of a DICOM dataset, at every depth, cleaned by the basic profile.

This module owns what happens to one element. It is stricter than the profile where that asks for
trust: what no dictionary knows goes, and so do free text, bytes without a meaning that is known,
and values that are not of their element's kind, wherever the profile does not look at them.
Source: DICOM PS3.15, annex E; PS3.5, section 6.2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr.imaging.deidentifydates import shifted
from covidxr.imaging.deidentifyprofile import Action, action

if TYPE_CHECKING:
    from covidxr.imaging.pseudonyms import Pseudonyms

DUMMIES: dict[str, Any] = {
    **dict.fromkeys(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UT"), "ANONYMIZED"),
    **dict.fromkeys(("DS", "IS"), "0"),
    **dict.fromkeys(("FD", "FL", "SS", "US", "SL", "UL", "SV", "UV"), 0),
    **dict.fromkeys(("OB", "OD", "OF", "OL", "OV", "OW", "UN"), b"\0\0"),
    "AS": "000Y",
    "AT": 0,
    "TM": "000000",
    "UR": "http://anonymized.invalid",
}
"""What stands for a value of each kind (VR). Dates are moved and UIDs replaced instead.

Source: PS3.15, annex E.1.1, and the words that dicom-anonymizer writes.
"""

_PATIENT_GROUP = 0x0010
_PATIENT_ID = 0x00100020
_CHARACTER_SET = 0x00080005
# Bytes without which no picture is shown: pixels, lookup tables and palettes.
SHOWING = frozenset(
    {
        *(0x7FE00010, 0x00283006, 0x00281101, 0x00281102, 0x00281103, 0x00281201, 0x00281202),
        *(0x00281203, 0x00281204, 0x00281221, 0x00281222, 0x00281223, 0x00281224),
    }
)
"""Tags of the elements of bytes that stay."""
_PIXELS = 0x7FE00010
OPAQUE = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "UN"})
"""Kinds of elements that hold bytes whose meaning is not known here."""
FREE_TEXT = frozenset({"LT", "ST", "UC", "UT", "UR"})
"""Kinds of elements that people write sentences in."""
# Kinds whose values have a form, in lower case too: many devices write CS so.
_FORMS = {
    "CS": re.compile(r"[A-Za-z0-9 _./\-]{0,16}"),
    "DS": re.compile(r"[0-9+\-.eE ]{0,32}"),
    "IS": re.compile(r"[0-9+\- ]{0,12}"),
    "AS": re.compile(r"\d{3}[DWMY]"),
    "UI": re.compile(r"[0-9.]{0,64}"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What the elements of one file are replaced with.

    Parameters
    ----------
    pseudonyms : Pseudonyms
        For UIDs.
    patient : str
        Stands for PatientID.
    shift_days : int
        Moves every date.
    """

    pseudonyms: Pseudonyms
    patient: str
    shift_days: int


def clean_elements(dataset: Any, keys: Keys, *, inner: bool = False) -> None:
    """Clean a dataset in place.

    Parameters
    ----------
    dataset : pydicom.Dataset
        Its pixels are no longer compressed.
    keys : Keys
        Of the patient it is of.
    inner : bool
        Whether it is an item of a sequence: pixels there are icons.
    """
    for tag in list(dataset.keys()):
        element = readable(dataset, tag)
        if element is None or not _stays(element, inner=inner):
            del dataset[tag]
        elif element.VR == "SQ":
            _clean_sequence(element, keys)
        else:
            _clean_value(dataset, element, keys)


def readable(dataset: Any, tag: Any) -> Any:
    """Give an element; None where its value cannot be read as what it should be."""
    try:
        element = dataset[tag]
        texts_of(element)
    except Exception:  # noqa: BLE001 - pydicom raises nearly anything on a malformed value
        return None
    return element


def texts_of(element: Any) -> list[str]:
    """Give an element's values as texts; none for a sequence, for bytes, and where it is empty."""
    value = element.value
    if element.VR == "SQ" or value is None or isinstance(value, bytes):
        return []
    several = not isinstance(value, str) and hasattr(value, "append")
    return [str(part) for part in (value if several else [value]) if str(part)]


def is_empty(element: Any) -> bool:
    """Tell whether an element says nothing: zero length, or a sequence without items."""
    value = element.value
    if element.VR == "SQ" or isinstance(value, bytes):
        return not value
    return not texts_of(element)


def _stays(element: Any, *, inner: bool) -> bool:
    from pydicom.datadict import dictionary_has_tag

    tag = int(element.tag)
    does = action(tag)
    if not dictionary_has_tag(tag) or tag & 0xFFFF == 0 or tag >> 16 <= 0x0004:  # noqa: PLR2004
        # Group lengths, and the groups of commands, file meta and directories: PS3.5, 7.1.
        return False
    if does is Action.REMOVE:
        return _moves(element)
    if does is not None:
        return True
    if element.VR in OPAQUE:
        return tag in SHOWING and not (inner and tag == _PIXELS)
    if inner and tag == _CHARACTER_SET:
        return False
    return element.VR not in FREE_TEXT and _has_form(element)


def _has_form(element: Any) -> bool:
    form = _FORMS.get(element.VR)
    return form is None or all(form.fullmatch(text) for text in texts_of(element))


def _moves(element: Any) -> bool:
    """Tell whether an element is a date of something that was done, not of the patient's life."""
    return element.VR in {"DA", "DT"} and element.tag.group != _PATIENT_GROUP


def _clean_sequence(element: Any, keys: Keys) -> None:
    if action(int(element.tag)) in {Action.EMPTY, Action.DUMMY}:
        element.value = []
        return
    for item in element.value:
        clean_elements(item, keys, inner=True)


def _clean_value(dataset: Any, element: Any, keys: Keys) -> None:
    does = action(int(element.tag))
    if is_empty(element) and int(element.tag) != _PATIENT_ID:
        return
    if int(element.tag) == _PATIENT_ID:
        element.value = keys.patient
    elif _moves(element):
        element.value = [shifted(text, keys.shift_days) for text in texts_of(element)]
    elif does is Action.EMPTY or element.VR in {"DA", "DT"} or (does is None and _blank(element)):
        _empty(dataset, element)
    elif element.VR == "UI":
        element.value = [_uid(text, keys, known=does is None) for text in texts_of(element)]
    elif does is not None:
        element.value = DUMMIES[element.VR]


def _blank(element: Any) -> bool:
    # Names of people and times of day, wherever they are.
    return element.VR in {"PN", "TM"}


def _empty(dataset: Any, element: Any) -> None:
    dataset.add_new(element.tag, element.VR, None if element.VR != "SQ" else [])


def _uid(text: str, keys: Keys, *, known: bool) -> str:
    """Replace a UID, unless it is one of the standard's own where that is no instance."""
    from pydicom.uid import UID_dictionary

    return text if known and text in UID_dictionary else keys.pseudonyms.uid(text)
