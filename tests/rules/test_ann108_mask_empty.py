"""Tests of ANN108."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN108", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_black_mask_is_told() -> None:
    black = mask(values=(0,), runs=(512 * 512,))
    assert said("ANN108", file(image(masks=(black,)))) == [
        (3, "the mask of image-1.png marks no pixel")
    ]


def test_a_white_mask_is_told() -> None:
    white = mask(values=(255,), runs=(0, 512 * 512), label="lung")
    assert said("ANN108", file(image(masks=(white,)))) == [
        (3, "the mask lung of image-1.png marks every pixel")
    ]


def test_a_mask_that_was_not_decoded_is_not_judged() -> None:
    assert said("ANN108", file(image(masks=(mask(values=(), runs=()),)))) == []
