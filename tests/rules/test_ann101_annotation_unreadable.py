"""Tests of ANN101."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said

from covidxr.annotated import AnnotationProblem


def test_good_annotations_have_none() -> None:
    assert said("ANN101", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_what_cannot_be_read_is_told_at_its_line() -> None:
    problem = AnnotationProblem(message="an image has no file_name", line=12)
    assert said("ANN101", file(problems=(problem,))) == [
        (12, "boxes.json: an image has no file_name")
    ]


def test_a_file_of_no_format_is_another_rules() -> None:
    problem = AnnotationProblem(message="it is of no format that is read")
    assert said("ANN101", file(format="", problems=(problem,))) == []


def test_a_mask_that_cannot_be_opened_is_told() -> None:
    broken = mask(problem="it cannot be opened", values=(), runs=())
    told = said("ANN101", file(image(written="image-1_mask.png", masks=(broken,))))
    assert told == [(3, "image-1_mask.png: it cannot be opened")]
