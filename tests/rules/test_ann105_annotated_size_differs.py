"""Tests of ANN105."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN105", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_an_image_that_was_cropped_since_is_told() -> None:
    told = said("ANN105", file(image(width=600, height=512)))
    assert told == [(3, "the annotation is of 600 x 512 pixels, image-1.png has 512 x 512")]


def test_a_mask_of_another_size_is_told() -> None:
    told = said("ANN105", file(image(masks=(mask(width=256, height=512),))))
    assert told == [(3, "the mask has 256 x 512 pixels, image-1.png has 512 x 512")]


def test_a_size_that_is_not_said_differs_from_none() -> None:
    assert said("ANN105", file(image(width=None, height=None))) == []


def test_an_image_without_a_row_has_no_size() -> None:
    assert said("ANN105", file(image(row=None, width=600, height=512))) == []
