"""Which image an annotation file means."""

from __future__ import annotations

import pytest

from covidxr.annotationnames import Names

NAMES = Names(["a.png", " b.jpg ", "", "twice.png", "twice.jpg", "ct.nii.gz", "a.png"])


@pytest.mark.parametrize(
    ("written", "image", "row"),
    [
        ("a.png", "a.png", 0),
        ("images/b.jpg", "b.jpg", 1),
        ("images\\b.jpg", "b.jpg", 1),
        (" a.png ", "a.png", 0),
        ("A.png", "A.png", None),
        ("a", "a", None),
        ("", "", None),
    ],
)
def test_a_name_is_found_whole_without_folders_and_by_its_case(
    written: str, image: str, row: int | None
) -> None:
    assert NAMES.find(written) == (image, row)


@pytest.mark.parametrize(
    ("bare", "image", "row"),
    [
        ("a", "a.png", 0),
        ("ct", "ct.nii.gz", 5),
        ("a.png", "a.png", 0),
        ("twice", "twice", None),
        ("none", "none", None),
    ],
)
def test_a_bare_name_is_the_one_image_that_has_it(bare: str, image: str, row: int | None) -> None:
    assert NAMES.by_stem(bare) == (image, row)
