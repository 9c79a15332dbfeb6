"""Whether a picture has writing burnt into it: letters and digits, counted, not read.

This module owns what looks like a letter. It opens no file and reads no word: what a radiograph
says of its patient is for a curator to read, and not to be kept. A marker of the side is usual and
has one letter or few; a name, a date and a hospital are rows of many.

How the figures were found: on 250 real files of a public collection, looked at in montages with
what was counted framed. 54 have rows of what is counted: in 53 it is letters, one is a slice of a
lung whose vessels stand side by side (11 of them). What is written in grey on grey is not seen, nor
what has fewer than six pixels at `LONGEST`. Two milliseconds a picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels: TypeAlias = NDArray[np.uint8]

LONGEST = 1024
"""Pixels of the longer side that a picture is looked at with; letters of 12 points stay legible."""

# Letters' height in pixels at that size: smaller ones are noise, larger ones anatomy.
_HEIGHTS = (6, 40)
# How much brighter or darker than what is around it a letter is, in levels of grey; machines write
# white on black, or black on white.
_CONTRAST = 90
# Levels that a letter's tone is away from white or black at most.
_TONE = 70
# A letter's width as a share of its height: from an I to an M.
_WIDTHS = (0.1, 1.6)
# Share of its box that a letter fills: from an L to a full stop's neighbour, an I.
_FILLED = (0.15, 0.97)
# Letters of a row: how much of their heights is common, how far apart they are in heights, and how
# much the heights differ, capitals from small letters.
_OVERLAP, _GAP, _TALLER = 0.6, 1.2, 1.7
# Letters that make a row; how many of their steps are even, in heights: vessels of a lung are not.
_MOSTLY, _STEP = 0.7, 0.12
_ROW = 3


@dataclass(frozen=True, slots=True)
class _Letter:
    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


def lettering(pixels: Pixels) -> int:
    """Count what looks like letters and digits, in rows of three at least.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` or ``(height, width, 3)``, eight bits.

    Returns
    -------
    int
        0 where there is no such row.
    """
    grey = _scaled(pixels)
    if min(grey.shape) < 2 * _HEIGHTS[1]:
        return 0
    return sum(len(row) for tone in (grey, 255 - grey) for row in _rows(_letters(tone)))


def _scaled(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = LONGEST / max(height, width, 1)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    if pixels.ndim == 3:  # noqa: PLR2004 - rows, columns, channels
        # A coloured letter is as bright as its brightest channel.
        red, green, blue = cv2.split(pixels)
        pixels = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    return pixels


def _letters(grey: Pixels) -> list[_Letter]:
    """Find what is small, bright, and much brighter than what is around it."""
    side = _HEIGHTS[1] // 2 + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (side, side))
    raised = cv2.morphologyEx(grey, cv2.MORPH_TOPHAT, kernel)
    mask = ((raised >= _CONTRAST) & (grey >= 255 - _TONE)).astype(np.uint8)
    # Contours of a mask that is nearly empty are found three times as fast as its components.
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (_Letter(*cv2.boundingRect(outline)) for outline in outlines)
    return [box for box in boxes if _fits(box, mask)]


def _fits(box: _Letter, mask: Pixels) -> bool:
    low, high = (share * box.height for share in _WIDTHS)
    if not (_HEIGHTS[0] <= box.height <= _HEIGHTS[1] and low <= box.width <= high):
        return False
    lit = cv2.countNonZero(mask[box.top : box.bottom, box.left : box.right])
    return _FILLED[0] <= lit / (box.width * box.height) <= _FILLED[1]


def _rows(letters: list[_Letter]) -> Iterator[list[_Letter]]:
    """Put letters side by side, from left to right, and give the rows that are long enough."""
    rows: list[list[_Letter]] = []
    for letter in sorted(letters, key=lambda each: each.left):
        row = next((row for row in rows if _follows(row[-1], letter)), None)
        if row is None:
            rows.append([letter])
        else:
            row.append(letter)
    return (row for row in rows if len(row) >= _ROW and _is_even(row))


def _follows(last: _Letter, letter: _Letter) -> bool:
    common = min(last.bottom, letter.bottom) - max(last.top, letter.top)
    low, high = sorted((last.height, letter.height))
    near = letter.left - last.right <= _GAP * high
    return near and common >= _OVERLAP * low and high <= _TALLER * low


def _is_even(row: list[_Letter]) -> bool:
    """Tell whether most letters of a row stand on one line."""
    tallest = max(letter.height for letter in row)
    steps = [abs(one.bottom - other.bottom) for one, other in pairwise(row)]
    even = sum(step <= max(1.0, _STEP * tallest) for step in steps)
    return even >= _MOSTLY * len(steps)
