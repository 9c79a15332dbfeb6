"""Pairs of pictures on one sheet."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from covidxr.imaging.sidebyside import ACROSS, SIDE, Drawing, drawn


def sheet(*pairs: Drawing) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(drawn(pairs))).convert("RGB"))


def pair(left: int = 0, right: int = 255, *words: str) -> Drawing:
    made = [np.full((50, 100), tone, np.uint8) for tone in (left, right)]
    return Drawing(left=made[0], right=made[1], words=words)


def test_the_first_picture_stands_left_of_the_second_and_keeps_its_shape() -> None:
    shown = sheet(pair(0, 255))
    middle = 12 + SIDE // 2
    assert (shown[middle, 12 + SIDE // 2] == 0).all()
    assert (shown[middle, 24 + SIDE + SIDE // 2] == 255).all()
    # Twice as wide as high: a quarter of the square above and below is empty.
    assert np.count_nonzero((shown[:, 12 + SIDE // 2] == 0).all(1)) == SIDE // 2


def test_colours_are_those_of_the_picture() -> None:
    red = np.zeros((20, 20, 3), np.uint8)
    red[:, :, 0] = 255
    shown = sheet(Drawing(left=red, right=red, words=()))
    assert tuple(shown[12 + SIDE // 2, 12 + SIDE // 2]) == (255, 0, 0)


def test_a_picture_that_cannot_be_shown_leaves_its_field_empty() -> None:
    shown = sheet(Drawing(left=None, right=np.zeros((0, 4), np.uint8), words=()))
    assert len(np.unique(shown)) == 2


def test_words_are_drawn_below() -> None:
    bare, said = sheet(pair(200, 200, "")), sheet(pair(200, 200, "patient 7, Zoë"))
    assert bare.shape == said.shape
    assert (bare[: SIDE + 12] == said[: SIDE + 12]).all()
    assert (bare[SIDE + 12 :] != said[SIDE + 12 :]).any()


def test_long_words_stay_within_the_pair() -> None:
    assert sheet(pair(0, 0, "x" * 500)).shape == sheet(pair(0, 0, "x")).shape


def test_pairs_stand_beside_each_other_and_then_below() -> None:
    one, three = sheet(pair()), sheet(*[pair()] * (ACROSS + 1))
    assert three.shape == (2 * one.shape[0], one.shape[1], 3)
    assert (
        three[: one.shape[0], : one.shape[1] // ACROSS] == one[:, : one.shape[1] // ACROSS]
    ).all()


def test_no_pair_is_an_empty_sheet() -> None:
    assert len(np.unique(sheet())) == 1
