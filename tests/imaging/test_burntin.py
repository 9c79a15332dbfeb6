"""Letters that are burnt into a picture, counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from covidxr.imaging.burntin import lettering
from covidxr.imaging.viewing import eight_bits

SAMPLE = Path(__file__).parents[3] / "shared" / "real" / "sample" / "images"
# Of the real files, by a look at them: whole rows of text, and none or a letter alone.
FULL_OF_TEXT = (
    "F2DE909F-E19C-4900-92F5-8F435B031AC6.jpeg",
    "31BA3780-2323-493F-8AED-62081B9C383B.jpeg",
    "4C4DEFD8-F55D-4588-AAD6-C59017F55966.jpeg",
)
WITHOUT = ("000001-12.jpg", "000009-5.jpg", "16630_4_1.jpg", "wong-0003.jpg", "AR-1.jpg")


def chest(height: int = 900, width: int = 800) -> Any:
    """Soft shadows: two dark lungs, ribs, a bright middle, noise."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width, y / height
    lungs = sum(np.exp(-(((x - at) / 0.13) ** 2 + ((y - 0.45) / 0.25) ** 2)) for at in (0.3, 0.7))
    ribs = np.sin(y * 60 + 8 * np.abs(x - 0.5))
    noise = np.random.default_rng(2).normal(0, 4, (height, width))
    return np.clip(170 - 110 * lungs + 12 * ribs * lungs + noise, 0, 255).astype(np.uint8)


def write(pixels: Any, words: str, at: tuple[int, int], tone: Any = 255, size: float = 0.7) -> Any:
    return cv2.putText(
        pixels.copy(), words, at, cv2.FONT_HERSHEY_SIMPLEX, size, tone, 2, cv2.LINE_AA
    )


def test_a_chest_has_no_letters() -> None:
    assert lettering(chest()) == 0
    assert lettering(np.zeros((400, 400), np.uint8)) == 0
    assert lettering(np.full((30, 30), 255, np.uint8)) == 0


def test_a_marker_of_the_side_is_no_row() -> None:
    assert lettering(write(chest(), "L", (700, 80), size=1.2)) == 0
    assert lettering(write(chest(), "R", (40, 80))) == 0


@pytest.mark.parametrize("tone", [255, 0])
def test_rows_of_letters_are_counted(tone: int) -> None:
    pixels = chest()
    pixels[:120, :420] = 255 - tone
    for line, words in enumerate(("DOUBTFUL DORA", "12 03 1956", "PHANTOM HOSPITAL")):
        pixels = write(pixels, words, (10, 30 + 35 * line), tone)
    # 35 letters and digits; some touch.
    assert 25 <= lettering(pixels) <= 40


def test_more_writing_counts_more() -> None:
    short = write(chest(), "PORTABLE", (500, 850))
    long = write(short, "SPRINGFIELD GENERAL", (20, 850))
    assert 0 < lettering(short) <= 10
    assert lettering(long) > lettering(short) + 8


def test_size_and_colour_of_the_picture_hardly_matter() -> None:
    small = write(chest(), "PHANTOM HOSPITAL", (20, 850))
    large = cv2.resize(small, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    colour = np.stack([small] * 3, axis=2)
    assert lettering(colour) == lettering(small) > 8
    assert abs(lettering(np.asarray(large, np.uint8)) - lettering(small)) <= 5
    yellow = write(np.stack([chest()] * 3, axis=2), "PHANTOM HOSPITAL", (20, 850), (255, 255, 0))
    assert lettering(yellow) > 8


def test_beads_of_different_heights_are_no_row() -> None:
    pixels = np.full((500, 700), 40, np.uint8)
    chance = np.random.default_rng(4)
    for _ in range(40):
        x, y, r = (int(chance.integers(*each)) for each in ((30, 670), (30, 470), (3, 16)))
        cv2.circle(pixels, (x, y), r, 250, -1)
    assert lettering(pixels) < 12


@pytest.mark.skipif(not SAMPLE.is_dir(), reason="the sample of real files is not on this machine")
def test_real_files_with_and_without_text_are_told_apart() -> None:
    def count(name: str) -> int:
        pixels = eight_bits((SAMPLE / name).read_bytes())
        assert pixels is not None
        return lettering(pixels)

    assert [name for name in FULL_OF_TEXT if count(name) < 40] == []
    assert [name for name in WITHOUT if count(name) > 0] == []
