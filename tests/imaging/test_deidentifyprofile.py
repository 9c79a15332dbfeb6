"""Every row of the table of PS3.15, set to a value that must be gone afterwards.

The walk here shares nothing with the product's: it takes the library's table as it is.
"""

from __future__ import annotations

import warnings
from typing import Any

import pytest
from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as table
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from tests import persons

from covidxr.imaging.deidentify import deidentify
from covidxr.imaging.deidentifyprofile import Action, action

WORD = "SECRETQX"
TEXTS = dict.fromkeys(("AE", "CS", "LO", "LT", "SH", "ST", "UC", "UT"), WORD)
NUMBERS = dict.fromkeys(("US", "SS", "UL", "SL", "UV", "SV", "AT"), 7531)
BYTES = dict.fromkeys(("OB", "OD", "OF", "OL", "OV", "OW", "UN"), WORD.encode())
VALUES: dict[str, Any] = {
    **TEXTS,
    **NUMBERS,
    **BYTES,
    "PN": f"{WORD}^Jane",
    "UI": "1.2.7531.86420",
    "DA": "19870605",
    "DT": "19870605040302",
    "TM": "040302.753",
    "AS": "077Y",
    "DS": "7531.25",
    "IS": "75312",
    "FD": 7531.25,
    "FL": 7531.25,
    "UR": f"http://{WORD}.example/",
}
LISTS = {
    name: list(getattr(table, name))
    for name in dir(table)
    if name.endswith("_TAGS") and name != "ALL_TAGS"
}
# A sequence that the profile leaves, so that what is inside is cleaned where it is.
KEPT_SEQUENCE = 0x00082218
ROWS = [
    (name, ((tag[0] | 0x0002 if len(tag) > 2 else tag[0]) << 16) | (tag[1] or 0x3000))
    for name, tags in LISTS.items()
    for tag in tags
    # Commands and the file's head cannot be written into a dataset.
    if tag[0] not in {0x0000, 0x0002}
]


def kind(tag: int) -> str:
    return dictionary_VR(tag).split()[0] if dictionary_has_tag(tag) else "LO"


def put(place: Any, tag: int) -> None:
    vr = kind(tag)
    value = VALUES.get(vr)
    if vr == "SQ":
        inner = persons.item(PatientComments=WORD, ReferencedSOPInstanceUID=VALUES["UI"])
        value = Sequence([inner])
    place.add_new(tag, vr, value)


def cleaned(tag: int) -> tuple[bytes, Dataset]:
    made = persons.dataset()
    inner = Dataset()
    put(inner, tag)
    deeper = Dataset()
    put(deeper, tag)
    inner.add_new(0x00082220, "SQ", Sequence([deeper]))
    put(made, tag)
    made.add_new(KEPT_SEQUENCE, "SQ", Sequence([inner]))
    done = deidentify(persons.file(made), persons.SECRET)
    return done.data, persons.read(done.data)


def left(name: str, place: Any, tag: int) -> str:
    """What is wrong with an element after cleaning; empty where nothing is."""
    if tag not in place:
        return ""
    element = place[tag]
    if element.VR in {"DA", "DT"}:
        return "the date was not moved" if element.value == VALUES[element.VR] else ""
    if name == "X_TAGS":
        return "it was not removed"
    if element.VR == "SQ":
        said = str(element.value)
        return f"its items say {said}" if WORD in said or VALUES["UI"] in said else ""
    return "" if element.value in ("", None, b"", []) else replaced(name, element)


def replaced(name: str, element: Any) -> str:
    """What is wrong with an element that still says something."""
    if name == "Z_TAGS":
        return "it was not emptied"
    if element.VR == "UI":
        return "" if str(element.value).startswith("2.25.") else "the UID was not replaced"
    return "the value is still there" if element.value == VALUES[element.VR] else ""


def test_of_every_row_of_the_table_nothing_is_left_at_any_depth() -> None:
    wrong = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, tag in ROWS:
            data, made = cleaned(tag)
            assert KEPT_SEQUENCE in made
            inner = made[KEPT_SEQUENCE].value[0]
            deeper = inner[0x00082220].value[0]
            found = {left(name, place, tag) for place in (made, inner, deeper)} - {""}
            text = [
                word
                for word in (b"19870605", b"040302.753", b"75312", b"7531.86420")
                if word in data
            ]
            if found or text:
                wrong.append((f"{tag:08X}", kind(tag), found, text))
    assert wrong == []
    assert len(ROWS) > 600


@pytest.mark.parametrize(
    "syntax", ["1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"]
)
def test_the_words_of_the_whole_table_at_once_are_nowhere_in_the_file(syntax: str) -> None:
    pixels = persons.dataset().pixel_array.astype(">u2" if syntax.endswith("2.2") else "<u2")
    made = persons.dataset(pixels, syntax=syntax)
    inner = Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, tag in ROWS:
            if tag not in made:
                put(made, tag)
            if not (kind(tag) == "SQ" and name == "X_Z_U_STAR_TAGS"):
                put(inner, tag)
        made.add_new(KEPT_SEQUENCE, "SQ", Sequence([inner]))
        before = persons.file(made)
        done = deidentify(before, persons.SECRET)
    assert before.lower().count(WORD.lower().encode()) > 600
    assert WORD.lower().encode() not in done.data.lower()
    assert VALUES["UI"].encode() not in done.data
    assert VALUES["DA"].encode() not in done.data
    assert (persons.read(done.data).pixel_array == persons.read(before).pixel_array).all()


def test_every_row_of_the_table_has_an_action_and_nothing_else_of_even_groups_has() -> None:
    assert all(action(tag) is not None for _, tag in ROWS)
    assert action(0x00280010) is None
    assert action(0x00100010) is Action.EMPTY
    assert action(0x00090010) is Action.REMOVE
    assert action(0x60223000) is Action.REMOVE
    assert action(0x50FE0010) is Action.REMOVE
