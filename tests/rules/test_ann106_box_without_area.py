"""Tests of ANN106."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN106", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_box_of_nulls_is_told_at_its_line() -> None:
    told = said("ANN106", file(image(regions=(box(None, None, None, None),))))
    assert told == [(9, "the box Left Lung of image-1.png has no numbers")]


def test_a_box_that_lacks_a_number_is_told() -> None:
    told = said("ANN106", file(image(regions=(box(1, 2, None, 4, label=""),))))
    assert told == [(9, "the box of image-1.png has a number missing")]


def test_a_box_without_area_is_told() -> None:
    for width, height in ((0, 5), (5, -1)):
        told = said("ANN106", file(image(regions=(box(1, 2, width, height),))))
        assert told == [(9, "the box Left Lung of image-1.png has no area")]
