"""Tests of ANN112."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN112", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_view_that_was_corrected_in_the_row_alone_is_told() -> None:
    told = said("ANN112", file(image(copies=(("view", "AP"), ("sex", "F")))))
    assert told == [(3, "view of image-1.png is 'AP' here and 'PA' in its row")]


def test_the_same_in_other_words_is_no_difference() -> None:
    same = (
        ("date", "March 4, 2020"),
        ("finding", "COVID-19"),
        ("age", "54.0"),
        ("sex", "female"),
        ("offset", ""),
    )
    assert said("ANN112", file(image(copies=same))) == []


def test_a_year_alone_contradicts_none_of_its_days() -> None:
    assert said("ANN112", file(image(copies=(("date", "2020"),)))) == []
    assert len(said("ANN112", file(image(copies=(("date", "2019"),))))) == 1


def test_notes_are_not_compared() -> None:
    assert said("ANN112", file(image(copies=(("clinical_notes", "x"), ("other_notes", "y"))))) == []


def test_what_the_row_leaves_blank_is_told() -> None:
    assert said("ANN112", file(image(copies=(("temperature", "37.5"),)))) == [
        (3, "temperature of image-1.png is '37.5' here and blank in its row")
    ]


def test_a_copy_is_told_at_its_own_line() -> None:
    copies = image(copies=(("sex", "F"), ("view", "AP")), places=((11, 9), (12, 9)))
    assert [line for line, _ in said("ANN112", file(copies))] == [12]
