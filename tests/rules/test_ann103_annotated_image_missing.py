"""Tests of ANN103."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN103", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_name_that_no_row_has_is_told_where_the_file_says_it() -> None:
    lost = image(image="gone.png", written="images/gone.png", row=None, line=14)
    assert said("ANN103", file(image(), lost)) == [(14, "no row names images/gone.png")]
