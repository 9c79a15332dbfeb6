"""Tests of ANN116."""

from __future__ import annotations

from tests.marked import box, data, file, image, mask, said

from covidxr.plugins import discover


def test_good_annotations_have_none() -> None:
    assert said("ANN116", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def test_a_name_with_its_extension_twice_is_told_with_the_right_one() -> None:
    twice = mask(path="annotations/lungs/image-1_mask.png.png")
    assert said("ANN116", file(image(masks=(twice,)))) == [
        (3, "image-1_mask.png.png has its extension twice")
    ]
    [hit] = discover("covidxr.rules")["ANN116"].check(data(file(image(masks=(twice,)))))
    assert hit.suggestion == "rename it to image-1_mask.png"
