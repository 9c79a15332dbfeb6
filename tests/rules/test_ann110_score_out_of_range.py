"""Tests of ANN110."""

from __future__ import annotations

import pytest
from tests.marked import box, file, image, mask, said, score


def test_good_annotations_have_none() -> None:
    assert said("ANN110", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_score_beyond_its_scale_is_told_at_its_cell() -> None:
    told = said("ANN110", file(image(scores=(score("opacity_mean", "7.3"),))))
    assert told == [(7, "opacity_mean of image-1.png is 7.3, and the scale is 0 to 6")]


@pytest.mark.parametrize(
    ("name", "most"),
    [("geographic_extent_mean", 8), ("opacity_mean", 6), ("A", 3), ("F", 3), ("brixia_score", 18)],
)
def test_the_ends_of_a_scale_belong_to_it(name: str, most: int) -> None:
    for text in ("0", "0.0", str(most)):
        assert said("ANN110", file(image(scores=(score(name, text),)))) == []
    for text in ("-0.1", str(most + 1)):
        assert len(said("ANN110", file(image(scores=(score(name, text),))))) == 1


def test_what_is_no_number_is_told_and_a_blank_is_not() -> None:
    assert said("ANN110", file(image(scores=(score("A", "two"),)))) == [
        (7, "A of image-1.png is two, which is no number")
    ]
    assert said("ANN110", file(image(scores=(score("A", ""),)))) == []


def test_a_scale_that_nobody_knows_is_not_judged() -> None:
    assert said("ANN110", file(image(scores=(score("hopkins", "900"),)))) == []
