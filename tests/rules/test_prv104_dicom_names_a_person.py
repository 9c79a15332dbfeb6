"""Tests of PRV104."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PRV104", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PRV104", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PRV104", build.from_text("finding\ntodo\n")) == []


def messages(**tags: str) -> list[str]:
    path = "images/a.dcm"
    facts = build.png(path, format="DICOM", tags=tuple(tags.items()))
    return [
        message for _, _, message in build.hits("PRV104", build.dataset({}, files={path: facts}))
    ]


@pytest.mark.parametrize(
    ("tags", "named"),
    [
        ({"PatientName": "Doubtful^Dora"}, "PatientName"),
        ({"PatientName": "Дарья^Иванова"}, "PatientName"),
        ({"ReferringPhysicianName": "Dr. Imaginary"}, "ReferringPhysicianName"),
        ({"PatientBirthDate": "19560312"}, "PatientBirthDate"),
        *(
            ({"PatientName": name}, "PatientName")
            for name in (
                "CASEMENT^JULE",
                "TESTARD^MAE",
                "DEMOLINE^NEO",
                "CANONE^LUX",
                "MAXXWELLER^AN",
                "Nonette^Ad",
                "Hanonis^P",
                "SUBJECTER^I",
                "DOUBTFUL^DORA 2",
                "DOUBTFUL2",
                "Patient^Dora",
                "Lo^Wi",
            )
        ),
        (
            {"PatientName": "Doubtful^Dora", "PatientBirthDate": "19560312"},
            "PatientName, PatientBirthDate",
        ),
        ({"PatientName": "Doubtful^Dora", "PatientIdentityRemoved": "NO"}, "PatientName"),
    ],
)
def test_a_person_is_named_without_repeating_the_name(tags: dict[str, str], named: str) -> None:
    assert messages(**tags) == [f"images/a.dcm names a person: {named}"]


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"PatientName": "", "PatientBirthDate": ""},
        {"PatientName": "ANONYMOUS"},
        {"PatientName": "PHANTOM^CHEST"},
        {"PatientName": "C0031"},
        {"PatientName": "^^^^"},
        {"PatientName": "A^B"},
        *(
            {"PatientName": name}
            for name in (
                "ANON",
                "Anonymised^Patient",
                "anon12",
                "Patient 12",
                "TEST_PATIENT",
                "Subject-007",
                "de-identified",
                "No Name",
                "Doe^Jane",
                "XXXX^XX",
                "A034518",
                "Case^Chest",
                "12",
            )
        ),
        {"PatientName": "Synthetic^One"},
        {"PatientBirthDate": "19000101"},
        {"PatientBirthDate": "1956"},
        {"PatientName": "Doubtful^Dora", "PatientIdentityRemoved": "YES"},
        {"InstitutionName": "Phantom Hospital", "PatientSex": "F"},
    ],
)
def test_a_placeholder_names_nobody(tags: dict[str, str]) -> None:
    assert messages(**tags) == []


def test_the_rows_that_name_the_file_are_reported() -> None:
    facts = build.png("images/a.dcm", format="DICOM", tags=(("PatientName", "Doubtful^Dora"),))
    data = build.dataset({}, {"filename": "a.dcm"}, files={"images/a.dcm": facts})
    assert [(line, field) for line, field, _ in build.hits("PRV104", data)] == [(3, "filename")]
