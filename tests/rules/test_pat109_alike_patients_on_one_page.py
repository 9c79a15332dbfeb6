"""Tests of PAT109."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT109", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT109", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT109", build.from_text("finding\ntodo\n")) == []


PAGE = "https://www.eurorad.org/case/1"
ONE = {"patientid": "7", "url": PAGE, "sex": "F", "age": "50"}


def test_the_second_id_is_reported_once() -> None:
    data = build.dataset(ONE, {**ONE, "patientid": "8"}, {**ONE, "patientid": "8"})
    assert build.hits("PAT109", data) == [
        (
            3,
            "patientid",
            f"patient 8 has the page, sex and age of patient 7 in line 2 (F, 50; {PAGE})",
        )
    ]


def test_many_ids_are_one_hit() -> None:
    data = build.dataset(*({**ONE, "patientid": str(number)} for number in range(1, 6)))
    ((line, _, message),) = build.hits("PAT109", data)
    assert line == 3
    assert message.endswith(", and so have 3 more")


@pytest.mark.parametrize(
    "change",
    [
        {"sex": "M"},
        {"age": "51"},
        {"sex": ""},
        {"age": ""},
        {"url": "https://www.eurorad.org/case/2"},
        {"url": "https://example.org/10.5555/paper"},
        {"patientid": "7"},
    ],
)
def test_two_people(change: dict[str, str]) -> None:
    assert build.hits("PAT109", build.dataset(ONE, {**ONE, "patientid": "8", **change})) == []


def test_neither_sex_nor_age_known_is_no_likeness() -> None:
    unknown = {**ONE, "sex": "", "age": "50"}
    assert build.hits("PAT109", build.dataset(unknown, {**unknown, "patientid": "8"})) == []


def test_two_people_of_one_paper_may_be_of_one_age() -> None:
    paper = {**ONE, "url": "https://example.org/10.5555/paper"}
    assert build.hits("PAT109", build.dataset(paper, {**paper, "patientid": "8"})) == []


def test_a_case_that_was_entered_twice_is_another_rule() -> None:
    same = {**ONE, "filename": "a.png"}
    assert build.hits("PAT109", build.dataset(same, {**same, "patientid": "8"})) == []


def test_a_page_of_many_alike_patients_is_one_hit() -> None:
    others = [{**ONE, "patientid": str(number), "age": "60"} for number in range(20, 25)]
    data = build.dataset(ONE, {**ONE, "patientid": "8"}, *others, {**ONE, "patientid": "9"})
    ((line, _, message),) = build.hits("PAT109", data)
    assert line == 3
    assert message == (
        f"6 patients of one page, {PAGE}, have the sex and age of an earlier patient of it; "
        "the first, patient 8, those of patient 7 in line 2 (F, 50)"
    )


def test_one_who_shares_a_file_with_the_first_is_left_out_of_the_count() -> None:
    first, same = {**ONE, "filename": "a.png"}, {**ONE, "patientid": "8", "filename": "a.png"}
    data = build.dataset(first, same, {**ONE, "patientid": "9"})
    ((line, _, message),) = build.hits("PAT109", data)
    assert line == 4
    assert "more" not in message
