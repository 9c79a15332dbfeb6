"""Tests of PAT102."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT102", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT102", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT102", build.from_text("finding\ntodo\n")) == []


PAGE = "https://www.eurorad.org/case/1"


def test_a_case_that_was_entered_twice_is_one_hit() -> None:
    data = build.dataset(
        {"patientid": "7", "filename": "a.png", "url": PAGE},
        {"patientid": "7", "filename": "b.png", "url": PAGE},
        {"patientid": "31", "filename": "a.png", "url": f"{PAGE}?lang=de"},
        {"patientid": "31", "filename": "b.png", "url": f"{PAGE}?lang=de"},
    )
    assert build.hits("PAT102", data) == [
        (
            4,
            "patientid",
            f"patient 31 is patient 7 of line 2: the same 2 files of the same page, {PAGE}?lang=de",
        )
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"patientid": "31", "filename": "b.png", "url": PAGE},
        {"patientid": "31", "filename": "a.png", "url": "https://www.eurorad.org/case/2"},
        {"patientid": "31", "filename": "a.png", "url": ""},
        {"patientid": "31", "filename": "a.png", "url": PAGE, "folder": "volumes"},
        {"patientid": "7", "filename": "a.png", "url": PAGE},
    ],
    ids=["another file", "another page", "no page", "another folder", "the same id"],
)
def test_two_patients_are_not_one(other: dict[str, str]) -> None:
    data = build.dataset({"patientid": "7", "filename": "a.png", "url": PAGE}, other)
    assert build.hits("PAT102", data) == []


def test_three_ids_of_one_case_are_two_hits() -> None:
    changes = ({"patientid": each, "filename": "a.png", "url": PAGE} for each in ("1", "2", "3"))
    assert [line for line, _, _ in build.hits("PAT102", build.dataset(*changes))] == [3, 4]
