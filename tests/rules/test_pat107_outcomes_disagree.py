"""Tests of PAT107."""

from __future__ import annotations

import pytest
from tests import build


def test_a_good_table_has_none() -> None:
    assert build.hits("PAT107", build.dataset({})) == []


def test_a_header_alone_has_none() -> None:
    assert build.hits("PAT107", build.dataset()) == []


def test_a_table_without_the_columns_has_none() -> None:
    assert build.hits("PAT107", build.from_text("finding\ntodo\n")) == []


@pytest.mark.parametrize(
    "name", ["survival", "intubated", "went_icu", "needed_supplemental_O2", "extubated"]
)
def test_no_and_yes_about_one_illness_is_one_hit_at_the_first_no(name: str) -> None:
    data = build.dataset(*({"patientid": "7", name: each} for each in ("Y", "N", "", "N")))
    assert build.hits("PAT107", data) == [
        (
            3,
            name,
            f"{name} of patient 7 is N here and Y in line 2, but it is about the whole illness",
        )
    ]


@pytest.mark.parametrize(("one", "other"), [("Y", ""), ("N", "no"), ("N", "?"), ("Y", "Y")])
def test_no_contradiction(one: str, other: str) -> None:
    data = build.dataset(
        {"patientid": "7", "intubated": one}, {"patientid": "7", "intubated": other}
    )
    assert build.hits("PAT107", data) == []


def test_what_holds_at_the_image_may_change() -> None:
    data = build.dataset(
        {"patientid": "7", "in_icu": "N", "intubation_present": "N"},
        {"patientid": "7", "in_icu": "Y", "intubation_present": "Y"},
    )
    assert build.hits("PAT107", data) == []


def test_two_patients_may_differ() -> None:
    assert build.hits("PAT107", build.dataset({"survival": "N"}, {"survival": "Y"})) == []
