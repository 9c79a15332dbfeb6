"""What tags say of cells: what is plain, what is a hint, and nothing else."""

from __future__ import annotations

import datetime as dt

import pytest

from covidxr.ingesting import CleanDicom
from covidxr.ingestsaid import age_years, cells_of, day_of, of_days, of_tags


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("054Y", "54"),
        ("54", "54"),
        ("006M", "0.5"),
        ("026W", "0.5"),
        ("010D", "0.03"),
        ("090Y", "90"),
        ("000Y", ""),
        ("54J", ""),
        ("", ""),
        ("154Y?", ""),
    ],
)
def test_an_age_is_read_in_years(text: str, years: str) -> None:
    assert age_years(text) == years


@pytest.mark.parametrize(
    ("tag", "cell", "hint"),
    [
        ("PA", "PA", "PA"),
        ("LL", "L", "L"),
        ("RL", "L", "L"),
        ("AP", None, "AP"),
        ("LLD", None, None),
        ("", None, None),
        ("whatever", None, None),
    ],
)
def test_a_view_position_fills_the_view_only_where_it_says_one(
    tag: str, cell: str | None, hint: str | None
) -> None:
    said = of_tags(CleanDicom(data=b"", view=tag))
    assert cells_of(said)[0].get("view") == cell
    assert next((each.value for each in said), None) == hint


@pytest.mark.parametrize(("tag", "cell"), [("CR", "X-ray"), ("DX", "X-ray"), ("CT", "CT")])
def test_a_modality_is_read(tag: str, cell: str) -> None:
    assert cells_of(of_tags(CleanDicom(data=b"", modality=tag)))[0] == {"modality": cell}


@pytest.mark.parametrize("tag", ["OT", "SC", ""])
def test_a_modality_that_says_nothing_stays_blank(tag: str) -> None:
    assert of_tags(CleanDicom(data=b"", modality=tag)) == []


def test_days_between_studies_are_a_hint_and_a_single_study_has_none() -> None:
    first, later = dt.date(2019, 5, 1), dt.date(2019, 5, 8)
    assert of_days(first, [first, first]) == []
    assert of_days(None, [first, later]) == []
    (hint,) = of_days(later, [later, first])
    assert (hint.column, hint.value, hint.plain) == ("offset", "7", False)
    assert of_days(first, [first, later])[0].value == "0"


def test_a_day_is_read_in_both_of_its_spellings() -> None:
    assert day_of("20200310") == day_of("2020-03-10") == dt.date(2020, 3, 10)
    assert day_of("20201340") is None
    assert day_of("") is None
