"""Tests of ANN113."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN113", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_file_without_is_told_once() -> None:
    assert said("ANN113", file(image(), image(), licence="")) == [
        (0, "annotations/boxes.json says no licence")
    ]


def test_a_file_of_no_format_or_without_images_needs_none() -> None:
    assert said("ANN113", file(image(), format="", licence="")) == []
    assert said("ANN113", file(licence="")) == []
