"""Tests of ANN118."""

from __future__ import annotations

from tests.marked import FILE, box, file, image, mask, said

from covidxr.annotated import Pin


def test_good_annotations_have_none() -> None:
    assert said("ANN118", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


GOOD = Pin(annotation=FILE, filename="image-1.png", sha256="a" * 64, line=2)


def test_a_pin_of_what_is_there_is_fine() -> None:
    assert said("ANN118", file(image()), pins=(GOOD,)) == []


def test_a_pin_of_an_annotation_that_is_gone_is_told() -> None:
    assert said("ANN118", pins=(GOOD,)) == [
        (
            2,
            (
                "the pin of image-1.png guards nothing: annotations/boxes.json says nothing of "
                "image-1.png"
            ),
        )
    ]


def test_a_damaged_hash_is_told() -> None:
    bad = Pin(annotation=FILE, filename="image-1.png", sha256="abc", line=2)
    assert said("ANN118", file(image()), pins=(bad,)) == [
        (2, "the pin of image-1.png guards nothing: 'abc' is no SHA-256")
    ]
