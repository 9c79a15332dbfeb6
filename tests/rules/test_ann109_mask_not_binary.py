"""Tests of ANN109."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN109", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_mask_of_blurred_edges_is_told() -> None:
    grey = mask(values=(0, 7, 128, 255))
    assert said("ANN109", file(image(masks=(grey,)))) == [
        (3, "the mask of image-1.png has 4 values, from 0 to 255")
    ]


def test_any_two_values_are_fine() -> None:
    assert said("ANN109", file(image(masks=(mask(values=(0, 1)),)))) == []


def test_values_that_were_not_all_counted_are_told_as_more() -> None:
    grey = mask(values=tuple(range(256)))
    [(_, message)] = said("ANN109", file(image(masks=(grey,))))
    assert "256 or more values" in message
