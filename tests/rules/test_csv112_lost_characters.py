"""Tests of CSV112."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests import build

TABLE = Path(__file__).parents[3] / "shared" / "real" / "2020-06-22" / "metadata.csv"


def test_a_good_table_has_none() -> None:
    assert build.hits("CSV112", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("CSV112", build.dataset()) == []


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("Clinic of Zo?sburg", "characters seem to be lost in 'Zo?sburg'"),
        ("Zo\ufffdsburg", "characters seem to be lost in 'Zo\ufffdsburg'"),
        ("at 38\ufffd2", "characters seem to be lost in '38\ufffd2'"),
        ("\ufffd (38\ufffd2),", "characters seem to be lost in '38\ufffd2', '\ufffd'"),
        ("GN?M", "characters seem to be lost in 'GN?M'"),
        ("the patient?s lungs", "characters seem to be lost in 'patient?s'"),
        ("D?Ombre", "characters seem to be lost in 'D?Ombre'"),
        (
            "a?b c?d e?f g?h a?b",
            "characters seem to be lost in 'a?b', 'c?d', 'e?f' and 1 more words",
        ),
    ],
)
@pytest.mark.parametrize("field", ["location", "clinical_notes", "other_notes"])
def test_a_letter_that_was_lost_is_shown_in_its_word(field: str, cell: str, message: str) -> None:
    data = build.dataset({}, {field: cell})
    assert build.hits("CSV112", data) == [(3, field, message)]


@pytest.mark.parametrize(
    "cell",
    [
        "Is it COVID-19? Perhaps.",
        "COVID-19 (suspected?) and more",
        "effusion?Then it grew",
        "see https://example.org/case?lang=en",
        "see www.example.org/case?x",
        "see example.org/case?lang=en",
        "?",
        "38?2",
        "tests: CRP?/PCT?",
    ],
)
def test_questions_and_addresses_have_lost_nothing(cell: str) -> None:
    assert build.hits("CSV112", build.dataset({"clinical_notes": cell})) == []


def test_an_address_does_not_hide_a_word_beside_it() -> None:
    cell = "https://example.org/case?lang=en by Zo? Lund?n"
    ((_, _, message),) = build.hits("CSV112", build.dataset({"other_notes": cell}))
    assert message == "characters seem to be lost in 'Lund?n'"


def test_addresses_and_values_are_looked_at_for_the_replacement_character_only() -> None:
    data = build.dataset(
        {"url": "https://example.org/a?b"},
        {"filename": "zo\ufffd.png"},
        {"finding": "a?b"},
    )
    assert [(line, field) for line, field, _ in build.hits("CSV112", data)] == [(3, "filename")]


def test_columns_without_a_name_are_looked_at() -> None:
    data = build.from_text("patientid,\n1,Lund?n\n")
    assert build.hits("CSV112", data) == [(2, "", "characters seem to be lost in 'Lund?n'")]


@pytest.mark.skipif(not TABLE.exists(), reason="the published tables are not at hand")
def test_a_published_table_has_lost_letters_of_names_and_no_address() -> None:
    found = build.hits("CSV112", build.from_text(TABLE.read_bytes()))
    assert sum("In?s" in message for _, _, message in found) == 6
    assert len(found) == 68
    assert not any("http" in message for _, _, message in found)
