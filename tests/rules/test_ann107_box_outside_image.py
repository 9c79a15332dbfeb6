"""Tests of ANN107."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said

from covidxr.annotated import Region


def test_good_annotations_have_none() -> None:
    assert said("ANN107", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_how_far_a_box_reaches_is_told() -> None:
    told = said("ANN107", file(image(regions=(box(-5, 0, 600, 100),))))
    assert told == [
        (
            9,
            (
                "the box Left Lung of image-1.png reaches 5 pixels left of the image, "
                "83 pixels beyond its width of 512"
            ),
        )
    ]


def test_a_pixel_is_rounding() -> None:
    assert said("ANN107", file(image(regions=(box(0, 0, 513, 512.5),)))) == []


def test_an_outline_is_held_to_the_same() -> None:
    outline = Region(outlines=((0, 0, 10, 520, 20, 0),), line=9)
    assert said("ANN107", file(image(regions=(outline,)))) == [
        (9, "the outline of image-1.png reaches 8 pixels beyond its height of 512")
    ]


def test_without_the_files_the_size_is_what_the_annotation_says() -> None:
    unseen = file(image(width=100, height=100, regions=(box(0, 0, 200, 50),)))
    told = said("ANN107", unseen, files={})
    assert told == [
        (9, "the box Left Lung of image-1.png reaches 100 pixels beyond its width of 100")
    ]


def test_a_box_of_nulls_is_another_rules() -> None:
    assert said("ANN107", file(image(regions=(box(None, 0, None, 9),)))) == []
