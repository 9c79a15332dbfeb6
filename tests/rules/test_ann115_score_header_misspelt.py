"""Tests of ANN115."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said, score


def test_good_annotations_have_none() -> None:
    assert said("ANN115", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_name_that_nobody_else_uses_is_told_at_the_header() -> None:
    head = score("geographic_extent_mean", "", written="geographic_mean", line=6, column=10)
    assert said("ANN115", file(image(), format="severity", columns=(head,))) == [
        (6, "geographic_mean is called geographic_extent_mean everywhere else")
    ]


def test_capitals_are_no_other_name() -> None:
    head = score("opacity_mean", "", written="Opacity_Mean")
    assert said("ANN115", file(image(), format="severity", columns=(head,))) == []
