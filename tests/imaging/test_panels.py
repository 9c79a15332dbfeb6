"""Panels of compound figures: what is split, what is only proposed, what is left whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from covidxr.imaging.panels import Box, Split, split
from covidxr.imaging.pixels import decode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

GOLD = Path(__file__).parents[3] / "shared" / "papers" / "gold" / "panels.json"
with_papers = pytest.mark.skipif(not GOLD.is_file(), reason="the sample of papers is not here")

WHITE, BLACK, TINT = 255, 0, (205, 225, 245)


def image(seed: int, width: int, height: int) -> Pixels:
    """Draw soft shades, a level of its own, two dark lungs and noise."""
    rng = np.random.default_rng(seed)
    coarse = rng.normal(110 + 60 * (seed % 3), 25, (5, 5))
    shades = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for side in (0.3, 0.7):
        centre = (int(width * side), int(height * 0.45))
        cv2.ellipse(shades, centre, (width // 7, height // 3), 0, 0, 360, 45, -1)
    soft = cv2.GaussianBlur(shades, (0, 0), 3) + rng.normal(0, 3, (height, width))
    return np.asarray(np.clip(soft, 20, 235), np.uint8)


def figure(
    rows: Sequence[Sequence[int]],
    *,
    height: int = 180,
    gutter: int = 12,
    paper: int | tuple[int, int, int] = WHITE,
    letters_below: bool = False,
) -> tuple[Pixels, list[Box]]:
    """Set images into rows; `rows` holds their widths."""
    below = 30 if letters_below else 0
    width = max(sum(row) + gutter * (len(row) - 1) for row in rows)
    total = len(rows) * (height + below) + gutter * (len(rows) - 1)
    canvas = np.empty((total, width, 3), np.uint8)
    canvas[:] = paper
    boxes: list[Box] = []
    for at, row in enumerate(rows):
        left, top = 0, at * (height + below + gutter)
        for wide in row:
            box = Box(left, top, left + wide, top + height)
            canvas[box.top : box.bottom, left : box.right] = image(len(boxes), wide, height)[
                :, :, None
            ]
            if letters_below:
                place = (left + wide // 2, box.bottom + 22)
                cv2.putText(canvas, f"({chr(97 + len(boxes))})", place, 0, 0.6, (0, 0, 0), 1, 16)
            boxes.append(box)
            left = box.right + gutter
    return canvas, boxes


def overlap(one: Box, other: Box) -> float:
    """Give the intersection over union."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    common = max(width, 0) * max(height, 0)
    return common / (one.width * one.height + other.width * other.height - common)


def score(truth: Sequence[Sequence[Box]], found: Split) -> float:
    """Give the share of boxes that are right: the same letter, an overlap above 0.66."""
    right = sum(
        any(overlap(box, other) > 0.66 for other in others)
        for boxes, others in zip(truth, found.panels, strict=False)
        for box in boxes
    )
    return right / max(sum(map(len, truth)), sum(map(len, found.panels)), 1)


def closest(truth: Sequence[Box], found: Split) -> float:
    """Give the smallest overlap of a true box with the one found for its letter."""
    assert [len(boxes) for boxes in found.panels] == [1] * len(truth)
    return min(overlap(box, boxes[0]) for box, boxes in zip(truth, found.panels, strict=True))


GRID = [[240, 240, 240], [240, 240, 240]]
DRAWN = {
    "white gutter": figure(GRID),
    "one pixel": figure(GRID, gutter=1),
    "three pixels": figure(GRID, gutter=3),
    "black gutter": figure(GRID, paper=BLACK),
    "tinted gutter": figure(GRID, paper=TINT),
    "no gutter": figure(GRID, gutter=0),
    "letters below": figure(GRID, letters_below=True),
    "columns that do not align": figure([[260, 220, 240], [200, 250, 270]]),
    "one row": figure([[240, 240, 240, 240]]),
    "one column": figure([[240], [240], [240]]),
    "twelve": figure([[240] * 4] * 3, gutter=6),
    "large": figure([[700, 700], [700, 700]], height=600, gutter=20),
    "large, thin lines": figure([[700, 700], [700, 700]], height=600, gutter=2),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_grid_is_split_at_its_borders_in_reading_order(name: str) -> None:
    pixels, boxes = DRAWN[name]
    found = split(pixels, len(boxes))
    assert found.confident, found
    assert (found.reason, found.method) == ("", "borders")
    assert closest(boxes, found) > 0.9


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("more", [-1, 1])
def test_a_wrong_number_of_letters_is_noticed(name: str, more: int) -> None:
    pixels, boxes = DRAWN[name]
    found = split(pixels, len(boxes) + more)
    assert not found.confident
    assert found.reason


@pytest.mark.parametrize("letters", [-3, 0, 1])
def test_without_two_letters_nothing_is_split(letters: int) -> None:
    pixels, _ = DRAWN["white gutter"]
    assert split(pixels, letters) == Split(
        panels=(), confident=True, method="single", score=1.0, reason=""
    )


@pytest.mark.parametrize("letters", [2, 3, 4, 6, 9])
@pytest.mark.parametrize("seed", range(4))
def test_a_single_image_is_never_split_with_confidence(seed: int, letters: int) -> None:
    found = split(image(seed, 640, 520), letters)
    assert not found.confident
    assert found.score < 0.45


def test_lungs_masked_on_white_are_not_taken_for_panels() -> None:
    pixels = np.full((400, 640), 255, np.uint8)
    for side in (190, 450):
        cv2.ellipse(pixels, (side, 200), (110, 170), 0, 0, 360, 70, -1)
    assert not split(pixels, 2).confident


def test_a_shutter_beside_an_image_is_no_panel() -> None:
    pixels, _ = figure([[300]], height=300)
    framed = cv2.copyMakeBorder(pixels, 0, 0, 120, 120, cv2.BORDER_CONSTANT, value=(60, 60, 60))
    found = split(np.asarray(framed, np.uint8), 3)
    assert not found.confident


def test_a_large_panel_beside_two_small_ones_is_read_first() -> None:
    pixels = np.full((412, 720), 255, np.uint8)
    boxes = [Box(0, 0, 400, 412), Box(412, 0, 720, 200), Box(412, 212, 720, 412)]
    for seed, box in enumerate(boxes):
        pixels[box.top : box.bottom, box.left : box.right] = image(seed, box.width, box.height)
    found = split(pixels, 3)
    assert found.confident, found
    assert closest(boxes, found) > 0.97


def test_panels_that_differ_in_size_may_hide_a_border() -> None:
    pixels, boxes = figure([[440, 200]], gutter=0)
    found = split(pixels, 2)
    assert closest(boxes, found) > 0.97
    assert not found.confident
    assert "differ in size" in found.reason


def test_several_images_for_a_letter_are_proposed_row_by_row() -> None:
    pixels, boxes = figure([[240] * 4, [240] * 4])
    found = split(pixels, 2)
    assert not found.confident
    assert (found.method, found.reason) == ("groups", "it has 8 images for 2 letters")
    assert score([boxes[:4], boxes[4:]], found) == 1


def test_images_that_no_even_sharing_fits_are_not_proposed() -> None:
    pixels, _ = figure([[240, 240, 240], [246, 246]])
    assert split(pixels, 5).confident
    found = split(np.vstack([pixels, np.full_like(pixels[:12], 255), pixels[:180]]), 4)
    assert (found.panels, found.method) == ((), "none")


def test_white_on_white_is_proposed_as_a_grid() -> None:
    pixels = np.full((400, 1200), 255, np.uint8)
    for row in range(2):
        for column in range(4):
            centre = (150 + 300 * column, 100 + 200 * row)
            cv2.ellipse(pixels, centre, (146, 98), 0, 0, 360, 90 + 10 * column, -1)
    found = split(pixels, 8)
    assert not found.confident
    truth = [Box(300 * c, 200 * r, 300 * c + 300, 200 * r + 200) for r in (0, 1) for c in range(4)]
    assert score([[box] for box in truth], found) == 1


NOTHING = {
    "empty": np.zeros((0, 0), np.uint8),
    "one pixel": np.zeros((1, 1), np.uint8),
    "a row": np.zeros((1, 5_000), np.uint8),
    "a column": np.zeros((5_000, 1, 3), np.uint8),
    "small": np.zeros((64, 64), np.uint8),
    "very wide": np.zeros((64, 6_000), np.uint8),
    "very high": np.zeros((6_000, 70), np.uint8),
    "black": np.zeros((400, 400), np.uint8),
    "white": np.full((400, 400, 3), 255, np.uint8),
    "stripes": np.tile(np.array([[0, 255]], np.uint8), (300, 200)),
    "squares": np.kron(np.indices((40, 40)).sum(0) % 2 * 255, np.ones((10, 10))).astype(np.uint8),
    "noise": np.random.default_rng(0).integers(0, 255, (300, 300), np.uint8),
}


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("letters", [2, 4, 26, 1_000_000])
def test_nothing_to_be_found_is_said_not_raised(name: str, letters: int) -> None:
    found = split(NOTHING[name], letters)
    assert not found.confident
    assert found.reason


@pytest.mark.parametrize("name", ["white gutter", "no gutter", "large", "letters below"])
def test_jpeg_and_size_change_nothing(name: str) -> None:
    pixels, boxes = DRAWN[name]
    _, coded = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 60])
    saved = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
    assert split(saved, len(boxes)).confident
    assert closest(boxes, split(saved, len(boxes))) > 0.96
    half = np.asarray(cv2.resize(pixels, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA))
    smaller = [Box(*(round(0.7 * side) for side in sides(box))) for box in boxes]
    assert closest(smaller, split(half.astype(np.uint8), len(boxes))) > 0.96


def sides(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.top, box.right, box.bottom


def test_borders_are_found_to_the_pixel_in_figures_that_were_scaled_down() -> None:
    pixels, boxes = DRAWN["large"]
    found = split(pixels, len(boxes))
    ends = [sides(one[0]) for one in found.panels]
    assert np.abs(np.array(ends) - np.array([sides(box) for box in boxes])).max() <= 1


@with_papers
def test_the_real_figures_are_split_and_every_failure_is_flagged() -> None:
    scores, silent, sure = [], [], 0
    for one in json.loads(GOLD.read_text("utf-8"))["figures"]:
        truth = [[Box(*box) for box in panel["boxes_xyxy"]] for panel in one["panels"]]
        pixels = decode((GOLD.parents[1] / one["image"]).read_bytes())
        assert pixels is not None
        found = split(pixels, len(truth))
        if len(truth) == 1:
            assert found.panels == ()
            continue
        scores.append(score(truth, found))
        sure += found.confident
        silent += [one["image"]] if scores[-1] < 1 and found.confident else []
        wrong = [split(pixels, len(truth) + more).confident for more in (-1, 1)]
        assert not any(wrong[len(truth) == 2 :])
    assert np.mean(scores) >= 0.9
    assert silent == []
    assert sure >= 10


def test_white_gutters_are_taken_though_a_body_has_straight_sides() -> None:
    # A coronal slice fills its image from top to bottom, and its sides are straight.
    panel = np.full((150, 150), 10, np.uint8)
    panel[:, 40:110] = 180
    panel[30:120, 55:95] = 60
    whole = np.full((308, 308), 255, np.uint8)
    for top in (0, 158):
        for left in (0, 158):
            whole[top : top + 150, left : left + 150] = panel
    found = split(whole, 4)
    assert (found.confident, found.method) == (True, "gutters")
    assert found.panels[0][0] == Box(0, 0, 150, 150)
    assert not split(whole, 3).confident
    assert not split(whole, 5).confident
