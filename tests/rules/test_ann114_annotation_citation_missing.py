"""Tests of ANN114."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN114", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_file_without_is_told_once() -> None:
    assert said("ANN114", file(image(), image(), citation="")) == [
        (0, "annotations/boxes.json does not say whom to cite")
    ]


def test_a_file_of_no_format_or_without_images_needs_none() -> None:
    assert said("ANN114", file(image(), format="", citation="")) == []
    assert said("ANN114", file(citation="")) == []
