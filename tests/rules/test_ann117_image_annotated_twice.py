"""Tests of ANN117."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said


def test_good_annotations_have_none() -> None:
    assert said("ANN117", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_an_image_that_is_listed_twice_is_told_with_the_first_place() -> None:
    assert said("ANN117", file(image(line=3), image(line=8))) == [
        (8, "image-1.png is annotated before at line 3")
    ]


def test_masks_of_two_labels_are_two_things() -> None:
    left, right = image(masks=(mask(label="left"),)), image(masks=(mask(label="right"),))
    assert said("ANN117", file(left, right)) == []
    assert len(said("ANN117", file(left, left))) == 0
    assert len(said("ANN117", file(left, image(masks=(mask(label="left"),), line=4)))) == 1


def test_two_files_may_speak_of_one_image() -> None:
    assert said("ANN117", file(image()), file(image(line=9), path="annotations/b.json")) == []


def test_a_box_that_is_there_twice_with_the_same_numbers_is_told() -> None:
    one, again = box(1, 2, 3, 4, line=9), box(1, 2, 3, 4, line=20)
    ((line, message),) = said("ANN117", file(image(regions=(one, again))))
    assert line == 20
    assert message.endswith("is there twice with the same numbers, first at line 9")


def test_several_things_of_one_label_and_boxes_of_nulls_are_no_repetition() -> None:
    nulls = box(None, None, None, None)
    other = box(1, 2, 3, 4, label="Right Lung")
    regions = (box(1, 2, 3, 4), box(1, 2, 3, 5), other, nulls, nulls)
    assert said("ANN117", file(image(regions=regions))) == []
