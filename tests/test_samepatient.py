"""Patients who may be the one on an image, and the next free id."""

from __future__ import annotations

import pytest
from tests import build

from covidxr import csvread
from covidxr.samepatient import MOST, Clues, next_patientid, possible, rows_of
from covidxr.table import Table


def table(*changes: dict[str, str]) -> Table:
    return Table(csvread.parse(build.csv_text(build.rows(*changes)).encode()))


def told(known: Table, **clues: object) -> dict[str, tuple[str, ...]]:
    found = possible(known, Clues(**clues))  # type: ignore[arg-type] # clues by name
    return {each.patientid: each.reasons for each in found}


KNOWN = table(
    {"patientid": "3", "url": "https://radiopaedia.org/cases/one", "sex": "F", "age": "54"},
    {"patientid": "4", "doi": "10.5555/AbC", "sex": "M", "age": "61"},
    {"patientid": "5", "location": "Nowhere Hospital", "sex": "F", "age": "33"},
)


def test_nobody_is_proposed_without_a_reason() -> None:
    assert told(KNOWN) == {}
    assert told(KNOWN, addresses=("https://elsewhere.example/1",), doi="10.5555/other") == {}


@pytest.mark.parametrize(
    "address", ["http://radiopaedia.org/cases/one", "https://radiopaedia.org/cases/one?lang=us"]
)
def test_the_same_page_is_known_again_however_it_is_written(address: str) -> None:
    assert told(KNOWN, addresses=(address,)) == {
        "3": ("same page: https://radiopaedia.org/cases/one",)
    }


def test_the_same_paper_is_known_again_in_any_case() -> None:
    assert told(KNOWN, doi="https://doi.org/10.5555/aBc") == {"4": ("same paper: 10.5555/AbC",)}


def test_sex_age_and_place_count_together_and_not_alone() -> None:
    clues = {"sex": "F", "age": "33", "location": "Nowhere Hospital"}
    assert list(told(KNOWN, **clues)) == ["5"]
    for name in clues:
        assert told(KNOWN, **{**clues, name: ""}) == {}


def test_what_speaks_against_a_patient_is_said_and_puts_them_last() -> None:
    found = possible(
        KNOWN,
        Clues(
            addresses=("https://radiopaedia.org/cases/one",),
            sex="M",
            age="20",
            already={"4": "accepted before"},
        ),
    )
    assert [(each.patientid, each.against) for each in found] == [
        ("4", ("is 61, not 20",)),
        ("3", ("is F, not M", "is 54, not 20")),
    ]


def test_a_birthday_within_a_course_is_nothing_against_it() -> None:
    (found,) = possible(KNOWN, Clues(doi="10.5555/abc", sex="M", age="62"))
    assert found.against == ()


def test_no_more_are_proposed_than_anybody_compares() -> None:
    many = table(*({"patientid": str(n), "doi": "10.5555/1"} for n in range(1, 30)))
    assert len(possible(many, Clues(doi="10.5555/1"))) == MOST


def test_a_proposal_has_its_patients_rows() -> None:
    known = table({"patientid": "3"}, {"patientid": "4"}, {"patientid": "3"})
    (found,) = possible(known, Clues(already={"3": "x"}))
    assert [row.path for row in found.rows] == ["images/image-1.png", "images/image-3.png"]
    assert [row.line for row in found.rows] == [2, 4]
    assert len(rows_of(known, "3")) == 2


@pytest.mark.parametrize(
    ("ids", "following"),
    [
        ([], "1"),
        (["1", "2", "380"], "381"),
        (["P001", "P057"], "P058"),
        (["P001", "P099", "P100"], "P101"),
        (["1", "2", "3", "360b", "X9"], "4"),
        (["new-case", "odd"], "1"),
        (["p2", "P1", "P2", "P3"], "P4"),
        (["A9", "a10"], "A11"),
    ],
    ids=str,
)
def test_the_next_id_is_free_and_in_the_tables_own_style(ids: list[str], following: str) -> None:
    assert next_patientid(table(*({"patientid": each} for each in ids))) == following


def test_ids_that_are_not_free_either_are_passed_over() -> None:
    assert next_patientid(table({"patientid": "1"}), {"2"}) == "3"
