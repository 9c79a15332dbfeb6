"""Tests of ANN111."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.marked import box, file, image, mask, said, score

if TYPE_CHECKING:
    from covidxr.annotated import Score


def test_good_annotations_have_none() -> None:
    assert said("ANN111", file(image(regions=(box(10, 20, 100, 200),), masks=(mask(),)))) == []


def zones(*values: str, total: str, reader: str = "") -> tuple[Score, ...]:
    found = [
        score(name, value, written=f"{reader}{name}")
        for name, value in zip("ABCDEF", values, strict=True)
    ]
    return (*found, score("brixia_score", total, written=f"{reader}Global"))


def test_a_sum_that_is_not_the_zones_is_told() -> None:
    wrong = zones("0", "1", "1", "0", "1", "2", total="6")
    assert said("ANN111", file(image(scores=wrong))) == [
        (7, "Global of image-1.png is 6, its zones make 5")
    ]


def test_a_sum_of_the_zones_is_fine() -> None:
    assert said("ANN111", file(image(scores=zones(*"011012", total="5")))) == []


def test_each_reader_has_a_sum_of_their_own() -> None:
    both = zones(*"011012", total="5", reader="S-") + zones(*"111111", total="7", reader="J-")
    assert said("ANN111", file(image(scores=both))) == [
        (7, "J-Global of image-1.png is 7, its zones make 6")
    ]


def test_a_blank_zone_or_sum_is_not_added_up() -> None:
    assert said("ANN111", file(image(scores=zones("", *"11012", total="9")))) == []
    assert said("ANN111", file(image(scores=zones(*"011012", total="")))) == []
