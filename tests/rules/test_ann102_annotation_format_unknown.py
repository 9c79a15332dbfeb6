"""Tests of ANN102."""

from __future__ import annotations

from tests.marked import box, file, image, mask, said

from covidxr.annotated import AnnotationProblem


def test_good_annotations_have_none() -> None:
    assert said("ANN102", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_file_that_no_adapter_knows_is_told() -> None:
    problem = AnnotationProblem(message="it is of no format that is read")
    lost = file(path="annotations/lungs.npy", format="", problems=(problem,))
    assert said("ANN102", lost) == [(0, "lungs.npy: it is of no format that is read")]
