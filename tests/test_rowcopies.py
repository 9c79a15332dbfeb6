"""When what an annotation file repeats of a row is what the row says."""

from __future__ import annotations

import pytest

from covidxr.rowcopies import differing


@pytest.mark.parametrize(
    ("name", "copy", "cell"),
    [
        ("date", "January 22, 2020", "2020-01-22"),
        ("date", "2020", "January 6, 2020"),
        ("finding", "COVID-19", "Pneumonia/Viral/COVID-19"),
        ("age", "54.0", "54"),
        ("location", "Spain", "Valencia, Spain"),
        ("location", "Jönköping, Sweden", "Jonkoping,  sweden"),
        ("clinical_notes", "one", "another"),
        ("no_such_column", "one", "another"),
        ("view", " ", "PA"),
    ],
)
def test_the_same_in_other_words_agrees(name: str, copy: str, cell: str) -> None:
    assert differing(name, copy, [cell]) is None


@pytest.mark.parametrize(
    ("name", "copy", "cell"),
    [
        ("view", "PA", "AP"),
        ("offset", "12", "17"),
        ("date", "2019", "2020-01-22"),
        ("finding", "COVID-19", "Pneumonia"),
        ("location", "Goyang, Korea", "Goyang, South Korea"),
        ("temperature", "37.5", ""),
    ],
)
def test_another_value_is_given_as_the_row_has_it(name: str, copy: str, cell: str) -> None:
    assert differing(name, copy, [cell]) == cell


def test_of_several_rows_any_may_agree_and_a_blank_one_leaves_it_open() -> None:
    assert differing("view", "PA", ["AP", "PA"]) is None
    assert differing("view", "PA", ["AP", ""]) is None
    assert differing("view", "PA", ["AP", "L"]) == "AP"
    assert differing("view", "PA", []) is None
