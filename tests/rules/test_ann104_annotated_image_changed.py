"""Tests of ANN104."""

from __future__ import annotations

from tests.marked import FILE, box, file, image, mask, said

from covidxr.annotated import Pin


def test_good_annotations_have_none() -> None:
    assert said("ANN104", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


NOW = b"images/image-1.png".hex().ljust(64, "0")[:64]


def test_an_image_with_other_bytes_than_were_pinned_is_told() -> None:
    pin = Pin(annotation=FILE, filename="image-1.png", sha256="0" * 64)
    told = said("ANN104", file(image()), pins=(pin,))
    assert told == [(3, "image-1.png changed since it was annotated")]


def test_an_image_as_it_was_pinned_is_fine() -> None:
    pin = Pin(annotation=FILE, filename="image-1.png", sha256=NOW)
    assert said("ANN104", file(image()), pins=(pin,)) == []


def test_a_pin_of_another_annotation_says_nothing_of_this_one() -> None:
    pin = Pin(annotation="annotations/other.json", filename="image-1.png", sha256="0" * 64)
    assert said("ANN104", file(image()), pins=(pin,)) == []
