"""What of a DICOM header still says who somebody is, by DICOM's own table.

This module owns the reading of that table. It tells keywords, never values, and cleans nothing.

Source: DICOM PS3.15, annex E, table E.1-1, basic profile, as the newest database of the package
dicom-anonymizer has it.

Unique identifiers are left out, although the profile replaces them: they say nothing to a reader
who does not have the hospital's archive, and every file must have some.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Private creators reserve blocks; they are no data themselves (PS3.5, 7.8.1).
_CREATORS = range(0x0010, 0x0100)
# Words that tools write in place of a value.
_NOTHING = re.compile(
    r"anon\w*|pseudonym\w*|de|deidentified|identified|removed|redacted|deleted|unknown|none|null"
    r"|na|n|a|not|available|0+|x+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
# The first day that a date can be written with, which stands for none.
_NO_DAY = re.compile(r"0001[-.]?01[-.]?01|1900[-.]?01[-.]?01|0{4,}[\d.]*")


@dataclass(slots=True)
class _Found:
    tags: set[int] = field(default_factory=set)
    private: int = 0


def identity_of(*parts: Any) -> tuple[tuple[str, ...], int]:
    """Look for what the basic profile takes away or replaces.

    Parameters
    ----------
    parts : pydicom.Dataset
        A header, and what follows its pixel data.

    Returns
    -------
    keywords : tuple of str
        Of the elements with a value, in the order of their tags, those inside sequences included.
        A sequence that the profile takes away is named itself, unless it holds unique identifiers
        alone. A value such as ``ANONYMIZED`` counts as none.
    private : int
        Elements with an odd group, those inside sequences included, private creators not.
    """
    from pydicom.datadict import keyword_for_tag

    found = _Found()
    for elements in parts:
        _search(elements, found)
    named = (keyword_for_tag(tag) or f"({tag >> 16:04X},{tag & 0xFFFF:04X})" for tag in found.tags)
    ordered = [word for _, word in sorted(zip(found.tags, named, strict=True))]
    return tuple(dict.fromkeys(ordered)), found.private


def _search(elements: Any, found: _Found) -> None:
    for tag in sorted(elements.keys()):
        if tag.is_private:
            found.private += tag.element not in _CREATORS and tag.element != 0
            continue
        listed = _is_listed(int(tag))
        raw = elements.get_item(tag)
        if not listed and not _may_hold_items(raw):
            continue
        value = _value(elements, tag)
        if listed and _says_something(value):
            found.tags.add(int(tag))
        for item in value if _is_sequence(value) else ():
            # What stands inside a listed sequence goes with it.
            _search(item, _Found() if listed else found)


def _may_hold_items(raw: Any) -> bool:
    """Tell from an element that was not converted yet whether it is a sequence."""
    if raw.VR is not None:
        return bool(raw.VR == "SQ")
    from pydicom.datadict import dictionary_VR

    try:
        return bool(dictionary_VR(raw.tag) == "SQ")
    except KeyError:
        return False


def _value(elements: Any, tag: Any) -> Any:
    try:
        return elements[tag].value
    except Exception:  # noqa: BLE001 - what cannot be read as its kind is there all the same
        return elements.get_item(tag).value


def _is_sequence(value: Any) -> bool:
    return type(value).__name__ == "Sequence"


def _says_something(value: Any) -> bool:
    if value is None or value in ("", b""):
        return False
    if _is_sequence(value):
        return any(True for item in value for _ in _telling(item))
    if isinstance(value, bytes):
        return any(value)
    return _is_telling(str(value))


def _is_telling(written: str) -> bool:
    if _NO_DAY.fullmatch(written.strip()):
        return False
    return not all(_NOTHING.fullmatch(word) for word in _WORD.findall(written))


def _telling(item: Any) -> Iterator[int]:
    """Give the elements of an item that say more than a unique identifier does."""
    for tag in item.keys():  # noqa: SIM118 - iterating a data set converts every element
        value = _value(item, tag)
        if type(value).__name__ != "UID" and _says_something(value):
            yield int(tag)


def _is_listed(tag: int) -> bool:
    exact, repeating = _profile()
    if tag in exact:
        return True
    return any(tag & mask == wanted for wanted, mask in repeating)


@cache
def _profile() -> tuple[frozenset[int], tuple[tuple[int, int], ...]]:
    """Read the table: tags, and families of tags as what is wanted and the mask for it.

    The families are curves, 50xx, and overlays, 60xx (PS3.5, 7.6).
    """
    from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table

    identifiers = {*table.U_TAGS, *table.X_Z_U_STAR_TAGS}
    exact = {
        group << 16 | element
        for group, element in (tag for tag in table.ALL_TAGS if len(tag) == 2)  # noqa: PLR2004
        if (group, element) not in identifiers
    }
    families = [tag for tag in table.ALL_TAGS if len(tag) == 4]  # noqa: PLR2004
    repeating = tuple(
        (group << 16 | element, group_mask << 16 | element_mask)
        for group, element, group_mask, element_mask in families
    )
    return frozenset(exact), repeating
