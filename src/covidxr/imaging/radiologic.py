"""Whether a picture can be a radiograph or a CT image at all, judged by its pixels alone.

This module owns the tests that charts, diagrams and colour photographs fail. It does not tell
radiographs from other grey photographs: what a figure shows is said by its caption, and this look
is a check beside it. It learns nothing and reads no text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The three shares below were measured on 17 figures with radiographs or CT images and 9 charts,
# diagrams and timelines, all of COVID-19 papers of 2020, and on 10 single radiographs of a public
# collection; each bound stands in the widest gap between the two kinds.

LEAST_GREY = 0.95
"""Least share of pixels that are grey. Images: 0.987 and more; coloured diagrams: 0.66 to 0.97."""

LEAST_MIDTONES = 0.28
"""Least share of grey pixels that are not white, of all that are not black: dark images stay.

Images: 0.43 and more, even lungs masked on white; charts: 0.18 and less."""

MOST_WHITE = 0.7
"""Largest share of white pixels. Images: 0.57 and less, even lungs masked on white; charts: 0.65
and more, all but one 0.75 and more."""

SHORTEST_SIDE = 200
"""Pixels of the shorter side. Below it neither a lung nor a letter can be told; the smallest
figure of the sample has 212."""

LONGEST_ASPECT = 5.0
"""Longer side by shorter side. One image is 2.5 at most, but a figure may hold a row of them: the
longest of the sample is 4.2."""

# Levels that red, green and blue of a grey pixel may differ by: JPEG keeps colours coarsely.
_GREY_LEVELS = 12
# A pale tint is paper and gutters, not a coloured drawing: no channel below this level.
_PALE = 200
_NEARLY_BLACK, _NEARLY_WHITE = 25, 240
# Side in pixels of the copy that is measured; shares of an area need no more.
_SIDE = 400


@dataclass(frozen=True, slots=True)
class Look:
    """What the pixels of a picture say.

    Parameters
    ----------
    radiologic : bool
        Whether it may be a radiograph, a CT image or a figure made of them.
    grey, midtones, white : float
        Shares, 0 to 1: of all pixels those without colour (a pale tint counts as none), of those
        that are not black the ones neither white nor coloured, and of all those that are white.
    reason : str
        Why it is none; empty where it may be one.
    """

    radiologic: bool
    grey: float
    midtones: float
    white: float
    reason: str


def look(pixels: NDArray[np.uint8]) -> Look:
    """Judge whether a picture can be radiologic.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` or ``(height, width, 3)``, eight bits.

    Returns
    -------
    Look
        With the first test that it fails as its reason.
    """
    height, width = pixels.shape[:2]
    if min(height, width) < 1:
        return Look(radiologic=False, grey=0.0, midtones=0.0, white=0.0, reason="it has no pixels")
    grey, midtones, white = _shares(_smaller(pixels))
    reason = _shape_fault(width, height) or _tone_fault(grey, midtones, white)
    return Look(radiologic=not reason, grey=grey, midtones=midtones, white=white, reason=reason)


def _smaller(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Shrink to `_SIDE`; a line a thousand times as long as wide keeps one pixel of width."""
    height, width = pixels.shape[:2]
    scale = _SIDE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _shares(pixels: NDArray[np.uint8]) -> tuple[float, float, float]:
    channels = np.atleast_3d(pixels)
    lowest, highest = channels.min(axis=2), channels.max(axis=2)
    level = channels.mean(axis=2)
    light = level > _NEARLY_BLACK
    neutral = (highest - lowest) <= _GREY_LEVELS
    between = neutral & light & (level < _NEARLY_WHITE)
    grey = neutral | (lowest >= _PALE)
    midtones = float(between.sum()) / max(int(light.sum()), 1)
    return float(grey.mean()), midtones, float((level >= _NEARLY_WHITE).mean())


def _shape_fault(width: int, height: int) -> str:
    short, long = sorted((width, height))
    if short < SHORTEST_SIDE:
        return f"its shorter side has {short} pixels, fewer than {SHORTEST_SIDE}"
    if long > LONGEST_ASPECT * short:
        return f"it is {long / short:.1f} times as long as wide"
    return ""


def _tone_fault(grey: float, midtones: float, white: float) -> str:
    if grey < LEAST_GREY:
        return f"only {grey:.0%} of it is grey"
    if white > MOST_WHITE:
        return f"{white:.0%} of it is white"
    if midtones < LEAST_MIDTONES:
        return f"only {midtones:.0%} of what is not black is neither white nor coloured"
    return ""
