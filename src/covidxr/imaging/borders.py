"""Where straight borders run through a picture: the evidence that panels are told by.

This module owns the measuring of lines: how much of a straight line is an edge, whether it is of
one tone, and what follows for a rectangle of the picture, its margins and the cuts through it. It
does not decide how many panels there are; :mod:`covidxr.imaging.panels` does.

A border between two images is straight and exactly along the pixels, which nothing in a body is.
So one measure serves white, black and tinted gutters, lines of one pixel and images that touch:
of all places along a line where there is anything to see, the share where the picture steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from covidxr.imaging.pixels import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Sums = NDArray[np.float64]
    Table = NDArray[np.int32] | NDArray[np.float64]

COLUMNS, ROWS = 0, 1
"""Directions: borders that stand upright part columns, those that lie part rows."""

# Levels of a step, of the mean of nine pixels along the line. With it, and with the rule below, 5 %
# of the pixels inside radiographs and CT images count as a step, 10 % in the worst of 75.
_STEP = 6
_ALONG = 9
# A step counts where it is three times as high as the mean change beside it, so that texture,
# which is full of steps, is no border.
_TIMES_ITS_SURROUNDINGS = 3
_SURROUNDINGS, _CORE = 17, 5
# Range of levels, over five pixels, from which on there is something to see: less is flat.
_FLAT = 6
# Share of a line that is taken to be without a step before anything is seen. Where two white
# images meet on white, a few pixels must not decide. Likewise some pixels, for short lines. With
# 0.3, lines inside the 75 images come to 0.44, with 0.2 to 0.50; true borders lose less.
_DOUBT, _DOUBT_PIXELS = 0.3, 4
# A gutter is white or black but for letters in it, 3 %, or of one tone but for JPEG's noise.
_WHITE, _BLACK, _ALL_BUT_LETTERS, _NOISE = 243, 14, 0.97, 5.0
# Share from which on a thin strip is a gutter with letters. Those of the sample have 0.97 and
# more, strips of images 0.88 and less.
_BLANK = 0.92
# Share from which on a rectangle of any size is no image; it may hold a line of letters.
_EMPTY = 0.95
# Levels by which neighbouring lines of one gutter differ at most.
_SAME_TONE = 12
# Strength from which on the end of a band of one tone is where an image begins. Below it the band
# may be the white or black part of the image itself, and is left to it.
_END = 0.35
# Largest share of a side that a black margin may have, the sample's have 0.03; more is the black
# around a body.
_MOST_BLACK = 0.05
# Pixels of a gutter that is surely one: less may be the smoothed border of two images.
_CLEAN = 3
# Pixels around a line that the same border may show in: smoothing and JPEG spread it.
_SPREAD = 2
# Rounds of trimming: a frame within a frame within a margin, and one more to see that it is done.
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Cut:
    """A border through a rectangle.

    Parameters
    ----------
    direction : int
        `COLUMNS` or `ROWS`.
    start, stop : int
        The first part ends before `start`, the second begins at `stop`; between them is a gutter.
    strength : float
        0 to 1.
    clean : bool
        Whether it is a gutter of one tone that is not black. Where all of a figure's images are
        set apart so, a border between two of them is hardly hidden.
    white : bool
        Whether it is such a gutter, and white.
    """

    direction: int
    start: int
    stop: int
    strength: float
    clean: bool = False
    white: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """All lines of a rectangle in one direction, in order.

    Parameters
    ----------
    strength : numpy.ndarray
        0 to 1: how surely a border runs between this line and the one before.
    even : numpy.ndarray
        Whether the line is of one tone.
    tone : numpy.ndarray
        Its tone, 0 to 255.
    """

    strength: NDArray[np.float64]
    even: NDArray[np.bool_]
    tone: NDArray[np.float64]


class Borders:
    """The measured lines of one picture.

    Parameters
    ----------
    grey : numpy.ndarray
        ``(height, width)``, eight bits.
    """

    def __init__(self, grey: NDArray[np.uint8]) -> None:
        self.height, self.width = grey.shape
        white, black = (grey >= _WHITE).view(np.uint8), (grey <= _BLACK).view(np.uint8)
        self._white, self._black = cv2.integral(white), cv2.integral(black)
        self._levels, self._squares = cv2.integral2(grey)
        upright = _steps(grey)
        lying = [np.ascontiguousarray(mask.T) for mask in _steps(np.ascontiguousarray(grey.T))]
        self._edges = [[cv2.integral(mask) for mask in masks] for masks in (upright, lying)]

    @property
    def whole(self) -> Box:
        """All of the picture."""
        return Box(0, 0, self.width, self.height)

    def lines(self, box: Box, direction: int) -> Lines:
        """Measure all lines of a rectangle that is not empty.

        Parameters
        ----------
        box : Box
            The rectangle.
        direction : int
            `COLUMNS` or `ROWS`: which lines.
        """
        length = box.height if direction == COLUMNS else box.width
        edges, seen = (_per_line(table, box, direction) for table in self._edges[direction])
        strength = edges / (seen + _DOUBT * length + _DOUBT_PIXELS)
        white = _per_line(self._white, box, direction) >= _ALL_BUT_LETTERS * length
        black = _per_line(self._black, box, direction) >= _ALL_BUT_LETTERS * length
        mean = _per_line(self._levels, box, direction) / length
        variance = _per_line(self._squares, box, direction) / length - mean * mean
        tone = np.where(white, 255.0, np.where(black, 0.0, mean))
        return Lines(strength, white | black | (variance < _NOISE**2), tone)

    def trim(self, box: Box) -> Box:
        """Take off margins of one tone, as far as a straight border ends them."""
        for _ in range(_ROUNDS):
            before = box
            for direction in (COLUMNS, ROWS):
                box = self._trim_one_way(box, direction)
            if box == before:
                break
        return box

    def _trim_one_way(self, box: Box, direction: int) -> Box:
        lines = self.lines(box, direction)
        total = len(lines.strength)
        first, last = 0, total
        for start, stop in _bands(lines):
            if lines.tone[start] <= _BLACK and stop - start > _MOST_BLACK * total:
                continue
            if start <= _SPREAD and stop < total and _near(lines, stop) >= _END:
                first = stop
            elif stop >= total - _SPREAD and start > 0 and _near(lines, start) >= _END:
                last = start
        return _part(box, direction, first, last) if last - first > 1 else box

    def is_scrap(self, box: Box) -> bool:
        """Tell whether a thin rectangle is a gutter with letters in it, not a part of an image.

        Letters cover little of their line, and what is around them is white or black.
        """
        if box.width < 1 or box.height < 1:
            return True
        return self._blank(box) >= _BLANK

    def is_empty(self, box: Box) -> bool:
        """Tell whether a rectangle is of one tone, such as the shutter beside an image."""
        if self._blank(box) >= _EMPTY:
            return True
        area = box.width * box.height
        mean, squares = (_within(table, box) / area for table in (self._levels, self._squares))
        return squares - mean * mean < _NOISE**2

    def _blank(self, box: Box) -> float:
        """Give the share that is white, or that is black, whichever is larger."""
        area = box.width * box.height
        return max(_within(table, box) for table in (self._white, self._black)) / max(area, 1)

    def cuts(self, box: Box, least: int, weakest: float) -> list[Cut]:
        """Find the borders through a rectangle.

        Parameters
        ----------
        box : Box
            The rectangle.
        least : int
            Pixels that are left on both sides of a cut.
        weakest : float
            Least strength.

        Returns
        -------
        list of Cut
            In both directions, in no order.
        """
        return [
            cut
            for direction in (COLUMNS, ROWS)
            for cut in self._cuts_one_way(box, direction, least, weakest)
        ]

    def _cuts_one_way(self, box: Box, direction: int, least: int, weakest: float) -> Iterator[Cut]:
        lines = self.lines(box, direction)
        total = len(lines.strength)
        if total <= 2 * least:
            return
        origin = box.left if direction == COLUMNS else box.top
        left = lines.strength.copy()
        for start, stop in _bands(lines):
            left[max(start - 2 * _SPREAD, 0) : stop + 2 * _SPREAD] = 0
            before, behind = _near(lines, start), _near(lines, stop)
            strength = max(before, behind)
            if strength >= weakest and least <= start and stop <= total - least:
                first, second = _ends(start, stop, before, behind)
                clean = bool(stop - start >= _CLEAN and lines.tone[start] > _BLACK)
                white = clean and bool(lines.tone[start] >= _WHITE)
                ends = (origin + first, origin + second)
                yield Cut(direction, *ends, strength, clean=clean, white=white)
        left[:least] = 0
        left[total - least :] = 0
        for start, stop, strength in _peaks(left, weakest):
            yield Cut(direction, origin + start, origin + stop, strength)


def parts(box: Box, cut: Cut) -> tuple[Box, Box]:
    """Take a rectangle apart; the gutter belongs to neither part."""
    origin = box.left if cut.direction == COLUMNS else box.top
    total = box.width if cut.direction == COLUMNS else box.height
    return (
        _part(box, cut.direction, 0, cut.start - origin),
        _part(box, cut.direction, cut.stop - origin, total),
    )


def _part(box: Box, direction: int, first: int, last: int) -> Box:
    if direction == COLUMNS:
        return Box(box.left + first, box.top, box.left + last, box.bottom)
    return Box(box.left, box.top + first, box.right, box.top + last)


def _steps(grey: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Mark the pixels where an upright border may run, and those where there is anything to see."""
    along = cv2.blur(grey, (1, _ALONG))
    step = np.zeros_like(along)
    step[:, 1:] = cv2.absdiff(along[:, 1:], along[:, :-1])
    # A border that fell between two pixels when the picture was scaled is spread over both.
    over_two = cv2.convertScaleAbs(cv2.absdiff(along[:, 2:], along[:, :-2]), alpha=0.75)
    step[:, 1:-1] = np.maximum(step[:, 1:-1], over_two)
    wide = cv2.boxFilter(step, cv2.CV_32F, (_SURROUNDINGS, 1), normalize=False)
    core = cv2.boxFilter(step, cv2.CV_32F, (_CORE, 1), normalize=False)
    around = (wide - core) * (_TIMES_ITS_SURROUNDINGS / (_SURROUNDINGS - _CORE))
    edge = (step > _STEP) & (step > around)
    window = np.ones((1, _CORE), np.uint8)
    seen = cv2.subtract(cv2.dilate(along, window), cv2.erode(along, window)) > _FLAT
    return [edge.view(np.uint8), (seen | edge).view(np.uint8)]


def _per_line(table: Table, box: Box, direction: int) -> Sums:
    """Sum every line of a rectangle, from a table of sums of everything above and left."""
    if direction == COLUMNS:
        columns = slice(box.left, box.right + 1)
        reach = table[box.bottom, columns] - table[box.top, columns]
    else:
        rows = slice(box.top, box.bottom + 1)
        reach = table[rows, box.right] - table[rows, box.left]
    return np.diff(reach).astype(np.float64)


def _within(table: Table, box: Box) -> float:
    """Sum a rectangle."""
    below = table[box.bottom, box.right] - table[box.bottom, box.left]
    above = table[box.top, box.right] - table[box.top, box.left]
    return float(below - above)


def _bands(lines: Lines) -> list[tuple[int, int]]:
    """Join neighbouring lines of one tone."""
    breaks = np.flatnonzero(
        (lines.even[1:] != lines.even[:-1]) | (np.abs(np.diff(lines.tone)) > _SAME_TONE)
    )
    bounds = [0, *(int(place) + 1 for place in breaks), len(lines.even)]
    return [(start, stop) for start, stop in pairwise(bounds) if lines.even[start]]


def _near(lines: Lines, place: int) -> float:
    """Give the strongest border near a place."""
    return float(lines.strength[max(place - _SPREAD, 0) : place + _SPREAD + 1].max(initial=0.0))


def _ends(start: int, stop: int, before: float, behind: float) -> tuple[int, int]:
    """Say what of a band is gutter; an end that is no border belongs to the image beside it."""
    if min(before, behind) >= _END:
        return start, stop
    return (start, start) if before > behind else (stop, stop)


def _peaks(strength: NDArray[np.float64], weakest: float) -> Iterator[tuple[int, int, float]]:
    """Find the strongest lines one by one, each with the lines beside it that belong to it."""
    left = strength.copy()
    while left.size and float(left.max()) >= weakest:
        place = int(left.argmax())
        highest = float(left[place])
        start, stop = max(place - 8, 0), min(place + 9, len(left))
        near = start + np.flatnonzero(left[start:stop] >= 0.6 * highest)
        yield int(near[0]), int(near[-1]), highest
        left[max(place - 12, 0) : place + 13] = 0
