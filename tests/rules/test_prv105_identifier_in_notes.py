"""Tests of PRV105."""

from __future__ import annotations

import pytest
from tests import build

# Seconds: a thousandth of it is needed, and a search that is quadratic takes minutes.


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV105", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV105", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV105", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize(
    ("notes", "kind"),
    [
        ("Please ask a.nobody@example.org for details.", "an e-mail address"),
        ("Tel.: +39 000 0000000 for questions.", "a telephone number"),
        ("Phone number 000-000-0000.", "a telephone number"),
        ("Born on 12.03.1950, admitted with fever.", "a date of birth"),
        ("DOB: 1950-03-12", "a date of birth"),
        ("geboren am 12. März 1950", "a date of birth"),
        ("born March 12, 1950", "a date of birth"),
        ("MRN 0012345: chest pain.", "a record number"),
        ("Patient ID: AB-00123", "a record number"),
        ("Medical record number 00-12-34.", "a record number"),
    ],
)
def test_an_identifier_in_the_notes(notes: str, kind: str) -> None:
    assert build.hits("PRV105", build.dataset({}, {"clinical_notes": notes})) == [
        (3, "clinical_notes", f"the notes hold {kind}")
    ]


# Searched again from each of its letters, a word of two million letters takes hours: a test that
# does not come back, rather than one that measures time.
@pytest.mark.parametrize("notes", ["a" * 2_000_000 + " @", "a." * 999_999 + "@", "a@a." * 500_000])
def test_a_long_word_is_searched_once(notes: str) -> None:
    assert build.hits("PRV105", build.dataset({"clinical_notes": notes})) == []


def test_two_identifiers_are_one_hit() -> None:
    ((_, _, message),) = build.hits(
        "PRV105", build.dataset({"clinical_notes": "MRN 0012345, born 12.03.1950"})
    )
    assert message == "the notes hold a date of birth and a record number"


@pytest.mark.parametrize(
    "notes",
    [
        "Hospitalised from 02/27 to 01/03/2020, fever since 13/03/2020.",
        "A patient born in 1950, with 3000 platelets.",
        "Bilateral opacities, 37.8 ° C, BP 120/80, HR 100-120.",
        "WBC 12000, D-dimer 123456, patient 12 of 450.",
        "The patient number 3 in the series.",
        "Immediately after 12 days 03 2020.",
        "The newborn 12 weeks later.",
    ],
)
def test_other_numbers_identify_nobody(notes: str) -> None:
    assert build.hits("PRV105", build.dataset({"clinical_notes": notes})) == []


def test_credits_in_other_notes_are_right() -> None:
    credit = "Case courtesy of A. Radiologist, a.radiologist@example.org"
    assert build.hits("PRV105", build.dataset({"other_notes": credit})) == []
