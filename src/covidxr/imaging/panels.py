"""Take compound figures apart: from a picture and the number of its panel letters to boxes.

This module owns the decision which borders are taken and whether the result may be trusted. The
number of letters that the caption has is the judge: a split that does not come out at it is at
most a proposal, ``confident`` false. It reads no letter in the picture; panels are given in
reading order. It must be given figures of radiographs and CT images only: charts are full of
straight lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from covidxr.imaging.borders import Borders, Cut, parts
from covidxr.imaging.panelgrid import fit_grid, reading_order, row_groups
from covidxr.imaging.pixels import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Box", "Split", "split"]

SURE = 0.45
"""Strength from which on a border is taken for one.

Measured: the strongest line inside any of 75 images of 17 figures of COVID-19 papers of 2020 has
0.44, and inside any of 250 images of a public collection 0.41, save eight with shutters, insets or
strips of text. In 12 of the 16 compound figures all borders are stronger; the weakest has 0.45.
"""

_LONG_SIDE = 1000
"""Pixels of the longer side of the copy that borders are looked for in."""

_SMALLEST = 64
"""Pixels of the shorter side below which nothing is looked for."""

_MOST_LETTERS = 52
"""Letters of the two alphabets; a caption with more is misread."""

# Least side of a panel, in shares of the figure's longer side: a row of twelve would have 0.08.
_LEAST_SIDE = 0.07
# Least side of anything that a cut sets apart: letters above and below panels, whole lines of text.
_LEAST_PART = 0.012
# Cuts within cuts: rows, columns, letters above or below, an inset.
_DEEPEST = 24
# A border that was not taken must be clearly weaker than the weakest that was. With 0.9, one of
# 320 drawn figures was split with confidence for a wrong number of letters.
_CLEARLY_WEAKER = 0.8
# Largest width or height of a panel by the smallest, above which one may be two, or half of one.
# Images that a hidden border makes one are about twice as wide or high as the others.
_UNEVEN = 1.6
# The same where white gutters alone are taken, and how many of them make a lattice.
_ALIKE, _SEVERAL = 1.15, 2
# Strength down to which borders are proposed where the sure ones do not come out at the letters.
_PROPOSED = (0.4, 0.35, 0.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What became of a figure.

    Parameters
    ----------
    panels : tuple of tuple of Box
        One entry a letter, in reading order, with the boxes of its images; empty where the figure
        is not split.
    confident : bool
        Whether it may be used without a person looking at it.
    method : str
        ``"single"`` where there is nothing to split, ``"borders"``, ``"gutters"`` (white ones
        alone), ``"groups"`` (several images a letter), ``"weak borders"``, ``"grid"``, ``"none"``.
    score : float
        Strength of the weakest border that was taken, 0 to 1.
    reason : str
        Why it is not split or not confident; empty where it is confident.
    """

    panels: tuple[tuple[Box, ...], ...]
    confident: bool
    method: str
    score: float
    reason: str


@dataclass(slots=True)
class _Pieces:
    """What is left when all borders of some strength are cut."""

    boxes: list[Box]
    weakest: float = 1.0
    strongest_left: float = 0.0
    cuts: int = 0
    all_clean: bool = True


def split(pixels: NDArray[np.uint8], letters: int) -> Split:
    """Find the panels of a figure.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` or ``(height, width, 3)``, eight bits.
    letters : int
        How many panel letters its caption has; below two it is never split.

    Returns
    -------
    Split
        In pixels of the whole figure.
    """
    if letters < 2:  # noqa: PLR2004 - one panel is no panel
        return Split(panels=(), confident=True, method="single", score=1.0, reason="")
    if letters > _MOST_LETTERS:
        return _nothing(f"its caption seems to have {letters} panel letters")
    if min(pixels.shape[:2]) < _SMALLEST:
        return _nothing(f"it is too small: {pixels.shape[1]} x {pixels.shape[0]} pixels")
    copy, scale = _working_copy(pixels)
    if min(copy.shape) < _SMALLEST:
        return _nothing("it is too long and narrow")
    found = _judge(Borders(copy), letters)
    return _enlarged(found, pixels, scale) if scale < 1 else found


def _nothing(reason: str) -> Split:
    return Split(panels=(), confident=False, method="none", score=0.0, reason=reason)


def _working_copy(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], float]:
    """Shrink, and keep the darkest channel: tinted paper then differs from white, grey is grey."""
    height, width = pixels.shape[:2]
    scale = min(1.0, _LONG_SIDE / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        pixels = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    grey = pixels if pixels.ndim == 2 else pixels.min(axis=2)  # noqa: PLR2004 - rows, columns
    return np.ascontiguousarray(grey), scale


def _judge(borders: Borders, letters: int) -> Split:
    sure = _take_apart(borders, SURE)
    count = len(sure.boxes)
    if count == letters:
        counted = _counted(sure)
        return counted if counted.confident else _by_gutters(borders, letters) or counted
    if count % letters == 0 and count:
        return _grouped(sure, letters)
    return _by_gutters(borders, letters) or _proposed(borders, letters, count)


def _counted(sure: _Pieces) -> Split:
    reason = ""
    # One band of one tone may be chance, such as white shoulders; several are gutters.
    if _uneven(sure.boxes) and not (sure.all_clean and sure.cuts > 1):
        reason = "its panels differ in size, so that a border between two may be hidden"
    elif sure.strongest_left > _CLEARLY_WEAKER * sure.weakest:
        reason = "a border that was not taken is nearly as strong as one that was"
    return _split(_one_each(sure.boxes), "borders", sure.weakest, reason)


def _by_gutters(borders: Borders, letters: int) -> Split | None:
    """Take white gutters alone, where they come out at the letters and the panels are alike.

    A straight line inside an image, such as the side of a body that fills a CT slice from top to
    bottom, is a border like any other; but where several white gutters make as many panels of one
    size as there are letters, it is no border between panels.
    """
    pieces = _take_apart(borders, SURE, gutters_only=True)
    if len(pieces.boxes) != letters or pieces.cuts < _SEVERAL or _uneven(pieces.boxes, _ALIKE):
        return None
    return _split(_one_each(pieces.boxes), "gutters", pieces.weakest, "")


def _grouped(sure: _Pieces, letters: int) -> Split:
    """Propose groups; pixels cannot say whether a letter has several images or letters are lost."""
    reason = f"it has {len(sure.boxes)} images for {letters} letters"
    groups = row_groups(sure.boxes, letters)
    return _split(groups, "groups", sure.weakest, reason) if groups else _nothing(reason)


def _proposed(borders: Borders, letters: int, count: int) -> Split:
    reason = f"{count} images can be told apart for {letters} letters"
    for strength in _PROPOSED:
        weak = _take_apart(borders, strength)
        if len(weak.boxes) == letters and not _uneven(weak.boxes):
            return _split(_one_each(weak.boxes), "weak borders", weak.weakest, reason)
    panels, score = fit_grid(borders, letters)
    return _split(panels, "grid", score, reason) if panels else _nothing(reason)


def _one_each(boxes: list[Box]) -> tuple[tuple[Box, ...], ...]:
    return tuple((box,) for box in reading_order(boxes))


def _split(panels: tuple[tuple[Box, ...], ...], method: str, score: float, reason: str) -> Split:
    return Split(
        panels=panels,
        confident=not reason,
        method=method,
        score=round(min(score, 1.0), 3),
        reason=reason,
    )


def _take_apart(borders: Borders, strength: float, *, gutters_only: bool = False) -> _Pieces:
    """Cut at every border of some strength, the strongest first; or at white gutters alone."""
    pieces = _Pieces(boxes=[])
    waiting = [(borders.trim(borders.whole), 0)]
    longest = max(borders.width, borders.height)
    least, least_part = round(_LEAST_SIDE * longest), max(2, round(_LEAST_PART * longest))
    while waiting:
        box, depth = waiting.pop()
        if min(box.width, box.height) < least or borders.is_empty(box):
            continue
        found = borders.cuts(box, least_part, strength) if depth < _DEEPEST else []
        found = [cut for cut in found if _leaves_images_whole(borders, box, cut, least)]
        if gutters_only:
            found = [cut for cut in found if cut.white]
        if found:
            cut = max(found, key=lambda one: one.strength)
            pieces.weakest = min(pieces.weakest, cut.strength)
            pieces.cuts += 1
            pieces.all_clean &= cut.clean
            # What gutters set apart is a whole image, its dark margin too.
            two = parts(box, cut)
            waiting += [(part if gutters_only else borders.trim(part), depth + 1) for part in two]
            continue
        pieces.boxes.append(box)
        others = borders.cuts(box, least, strength / 2)
        pieces.strongest_left = max([pieces.strongest_left, *(one.strength for one in others)])
    return pieces


def _leaves_images_whole(borders: Borders, box: Box, cut: Cut, least: int) -> bool:
    """Tell whether a part that is too thin for a panel is no part of an image."""
    return all(
        min(part.width, part.height) >= least or borders.is_scrap(part) for part in parts(box, cut)
    )


def _uneven(boxes: list[Box], most: float = _UNEVEN) -> bool:
    sizes = [[box.width for box in boxes], [box.height for box in boxes]]
    return any(max(sides) > most * min(sides) for sides in sizes)


def _enlarged(found: Split, pixels: NDArray[np.uint8], scale: float) -> Split:
    """Give the boxes in pixels of the whole figure, their sides where the picture steps."""
    panels = tuple(tuple(_sharpened(box, pixels, scale) for box in boxes) for boxes in found.panels)
    return replace(found, panels=panels)


def _sharpened(box: Box, pixels: NDArray[np.uint8], scale: float) -> Box:
    height, width = pixels.shape[:2]
    left, right = (min(width, round(side / scale)) for side in (box.left, box.right))
    top, bottom = (min(height, round(side / scale)) for side in (box.top, box.bottom))
    reach = math.ceil(1 / scale) + 1
    across, down = pixels[top:bottom], pixels[:, left:right].swapaxes(0, 1)
    return Box(
        _steepest(across, left, reach),
        _steepest(down, top, reach),
        _steepest(across, right, reach),
        _steepest(down, bottom, reach),
    )


def _steepest(lines: NDArray[np.uint8], place: int, reach: int) -> int:
    """Move a side to the strongest step near it; the picture's own edge is left as it is."""
    total = lines.shape[1]
    if place <= 0 or place >= total:
        return place
    start, stop = max(place - reach, 1), min(place + reach + 1, total)
    window = lines[:, start - 1 : stop].astype(np.int16)
    steps = np.abs(np.diff(window, axis=1)).reshape(len(lines), stop - start, -1)
    return start + int(steps.mean(axis=(0, 2)).argmax())
