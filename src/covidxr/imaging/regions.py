"""Boxes, outlines and masks turned into one another, and how much is lost by it.

This module owns geometry on arrays and numbers; it reads no file. Pixel ``i`` covers what lies from
``i`` to ``i + 1``: a box of left 2 and width 3 covers the pixels 2, 3 and 4, and a pixel belongs to
an outline whose inside holds its middle. An outline that is traced follows the edges of pixels, so
that mask, outline and mask again are the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Marked = NDArray[np.bool_]

Box = tuple[float, float, float, float]
Outline = tuple[float, ...]

# Share of a mask below which a part of it is a speck, not a thing.
SPECK = 0.01

FINER = 4
"""How many times as large outlines are drawn to see parts of pixels."""

# Pixels of such a drawing; four float arrays of that size are at hand while it is measured.
_MOST_FINE = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """How far two masks of one size differ.

    Parameters
    ----------
    overlap : float
        Pixels in both over pixels in either, 0 to 1; 1 where neither marks anything.
    pixels : int
        Pixels in one and not in the other.
    distance : float
        Greatest distance, in pixels, from one mask's edge to the other's; infinite where one marks
        nothing.
    """

    overlap: float
    pixels: int
    distance: float


def mask_of_boxes(boxes: Iterable[Box], width: int, height: int) -> Marked:
    """Mark the pixels whose middle lies in one of some boxes.

    Parameters
    ----------
    boxes : iterable of (float, float, float, float)
        Left, top, width and height in pixels; what lies outside of the picture is cut.
    width, height : int
        Of the picture.

    Returns
    -------
    ndarray of bool, shape (height, width)
    """
    marked = np.zeros((height, width), bool)
    for left, top, across, down in boxes:
        columns = _pixels(left, left + across, width)
        rows = _pixels(top, top + down, height)
        marked[rows, columns] = True
    return marked


def _pixels(start: float, stop: float, most: int) -> slice:
    """Give the pixels whose middle lies from `start` to before `stop`."""
    first, last = np.ceil(start - 0.5), np.ceil(stop - 0.5)
    return slice(int(np.clip(first, 0, most)), int(np.clip(last, 0, most)))


def mask_of_outlines(outlines: Iterable[Outline], width: int, height: int) -> Marked:
    """Mark the pixels whose middle lies in an odd number of outlines: holes stay open.

    Parameters
    ----------
    outlines : iterable of tuple of float
        x and y in turn, in pixels, each closed by itself.
    width, height : int
        Of the picture.

    Returns
    -------
    ndarray of bool, shape (height, width)
    """
    turns = np.zeros((height, width + 1), np.int32)
    for outline in outlines:
        x, y = np.asarray(outline[::2], float), np.asarray(outline[1::2], float)
        _turn(turns, x, y, np.roll(x, -1), np.roll(y, -1))
    marked: Marked = np.cumsum(turns, axis=1)[:, :width] % 2 == 1
    return marked


def _turn(
    turns: NDArray[np.int32],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    x_end: NDArray[np.float64],
    y_end: NDArray[np.float64],
) -> None:
    """Note for each row where an edge is crossed from left to right."""
    height, width = turns.shape[0], turns.shape[1] - 1
    low, high = np.minimum(y, y_end), np.maximum(y, y_end)
    first = np.clip(np.ceil(low - 0.5), 0, height).astype(int)
    last = np.clip(np.ceil(high - 0.5), 0, height).astype(int)
    counts = np.maximum(last - first, 0)
    edges = np.repeat(np.arange(len(x)), counts)
    if not len(edges):
        return
    before = np.concatenate(([0], np.cumsum(counts)[:-1]))
    rows = first[edges] + np.arange(len(edges)) - before[edges]
    share = (rows + 0.5 - y[edges]) / (y_end[edges] - y[edges])
    crossed = x[edges] + share * (x_end[edges] - x[edges])
    columns = np.clip(np.ceil(crossed - 0.5), 0, width).astype(int)
    np.add.at(turns, (rows, columns), 1)


def boxes_of(marked: Marked, least: float = SPECK) -> tuple[Box, ...]:
    """Give the box of each connected part of a mask, the largest part first.

    Parameters
    ----------
    marked : ndarray of bool, shape (rows, columns)
        The mask; parts that touch at a corner are one.
    least : float
        Share of all that is marked below which a part has no box.
    """
    if not marked.any():
        return ()
    _, _, stats, _ = cv2.connectedComponentsWithStats(marked.astype(np.uint8), connectivity=8)
    parts = sorted(stats[1:].tolist(), key=lambda part: (-part[4], part[0], part[1]))
    total = sum(part[4] for part in parts)
    return tuple(
        (float(left), float(top), float(width), float(height))
        for left, top, width, height, area in parts
        if area >= least * total
    )


def box_around(marked: Marked) -> Box:
    """Give the one box around all that is marked; four zeros where nothing is."""
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    if not len(rows):
        return 0.0, 0.0, 0.0, 0.0
    left, top = float(columns[0]), float(rows[0])
    return left, top, float(columns[-1]) + 1 - left, float(rows[-1]) + 1 - top


def outlines_of(marked: Marked, tolerance: float = 0.0) -> tuple[Outline, ...]:
    """Trace the edges of a mask, holes too.

    Parameters
    ----------
    marked : ndarray of bool, shape (rows, columns)
        The mask.
    tolerance : float
        How far, in pixels, an outline may leave the edge so that it needs fewer points; 0 follows
        every pixel.

    Returns
    -------
    tuple of tuple of float
        x and y in turn; the longest first. Even and odd ones together give the mask again.
    """
    loops = _loops(marked)
    if tolerance > 0:
        loops = [_simpler(loop, tolerance) for loop in loops]
    kept = [loop for loop in loops if len(loop) > 2]  # noqa: PLR2004 - two points are no area
    kept.sort(key=lambda loop: (-len(loop), loop[0]))
    return tuple(tuple(float(each) for point in loop for each in point) for loop in kept)


_Point = tuple[float, float]
_Loop = list[_Point]
# What follows a step in a direction, sharpest turn to the right first, so that two parts that touch
# at a corner stay two outlines.
_STEPS = {(1, 0): 0, (0, 1): 1, (-1, 0): 2, (0, -1): 3}


def _loops(marked: Marked) -> list[_Loop]:
    padded = np.pad(marked, 1)
    ahead: dict[tuple[int, int], list[tuple[int, int]]] = {}
    # Each edge of a marked pixel that borders on one that is not, with the marked one at its right.
    for shift, start, step in (
        ((0, 1), (0, 0), (1, 0)),
        ((1, 2), (1, 0), (0, 1)),
        ((2, 1), (1, 1), (-1, 0)),
        ((1, 0), (0, 1), (0, -1)),
    ):
        rows, columns = marked.shape
        beside = padded[shift[0] : shift[0] + rows, shift[1] : shift[1] + columns]
        for y, x in np.argwhere(marked & ~beside).tolist():
            ahead.setdefault((x + start[0], y + start[1]), []).append(step)
    loops = []
    for first in sorted(ahead):
        # Where two loops touch, both may start.
        while first in ahead:
            loops.append(_loop(ahead, first))
    return loops


def _loop(ahead: dict[tuple[int, int], list[tuple[int, int]]], first: tuple[int, int]) -> _Loop:
    """Follow edges from a point until they are back, and take them out."""
    at, step = first, ahead[first][0]
    loop: _Loop = []
    turned: tuple[int, int] | None = None
    while True:
        steps = ahead[at]
        nearest = _next(steps, turned) if turned else step
        steps.remove(nearest)
        if not steps:
            del ahead[at]
        if nearest != turned:
            loop.append((float(at[0]), float(at[1])))
        turned = nearest
        at = (at[0] + nearest[0], at[1] + nearest[1])
        if at == first and (at not in ahead or _closes(loop, turned, step)):
            return loop


def _next(steps: Sequence[tuple[int, int]], turned: tuple[int, int]) -> tuple[int, int]:
    came = _STEPS[turned]
    return min(steps, key=lambda each: (1 - (_STEPS[each] - came)) % 4)


def _closes(loop: Sequence[_Point], turned: tuple[int, int], step: tuple[int, int]) -> bool:
    """Tell whether a loop that is back at its start has ended there, where two loops touch."""
    return len(loop) > 3 and turned != step  # noqa: PLR2004 - the smallest loop is a pixel's


def _simpler(loop: Sequence[_Point], tolerance: float) -> list[_Point]:
    points = np.asarray(loop, np.float32)[:, None, :]
    fewer = cv2.approxPolyDP(points, tolerance, closed=True)
    return [(float(x), float(y)) for x, y in fewer[:, 0, :].tolist()]


def has_holes(marked: Marked) -> bool:
    """Tell whether a mask has a hole that is enclosed on all sides."""
    empty = ~np.pad(marked, 1)
    count, _ = cv2.connectedComponents(empty.astype(np.uint8), connectivity=4)
    # The first is what is marked, the second the outside.
    return count > 2  # noqa: PLR2004


def loss(first: Marked, second: Marked) -> Loss:
    """Measure how far two masks differ.

    Parameters
    ----------
    first, second : ndarray of bool, shape (rows, columns)
        Of one size.
    """
    either = int(np.count_nonzero(first | second))
    both = int(np.count_nonzero(first & second))
    return Loss(
        overlap=both / either if either else 1.0,
        pixels=either - both,
        distance=_distance(first, second),
    )


def box_loss(first: Box, second: Box) -> Loss:
    """Measure how far two boxes differ, by their areas, so that parts of pixels count.

    Parameters
    ----------
    first, second : (float, float, float, float)
        Left, top, width and height, with an area each.

    Returns
    -------
    Loss
        `pixels` is rounded; `distance` is that of the sides that are farthest apart.
    """
    corners = [
        (left, top, left + across, top + down) for left, top, across, down in (first, second)
    ]
    one, other = corners
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    both = max(0.0, across) * max(0.0, down)
    either = first[2] * first[3] + second[2] * second[3] - both
    return Loss(
        overlap=both / either if either else 1.0,
        pixels=round(either - both),
        distance=max(abs(a - b) for a, b in zip(one, other, strict=True)),
    )


def outline_loss(outlines: Sequence[Outline], marked: Marked) -> Loss:
    """Measure how far a mask differs from the outlines that it was filled from.

    Parameters
    ----------
    outlines : sequence of tuple of float
        x and y in turn, in pixels of the mask.
    marked : ndarray of bool, shape (rows, columns)
        The mask.

    Returns
    -------
    Loss
        Both are drawn `FINER` times as large to see parts of pixels, within the mask's picture
        alone; of a large mask, less finely. `pixels` is rounded.
    """
    height, width = marked.shape
    reach = _reach(outlines, width, height)
    if reach is None:
        return loss(marked, np.zeros_like(marked))
    left, top, right, bottom = reach
    part = marked[top:bottom, left:right]
    finer = max(1, min(FINER, int((_MOST_FINE / max(1, part.size)) ** 0.5)))
    grown = part.repeat(finer, axis=0).repeat(finer, axis=1)
    moved = [
        tuple((each - (top if at % 2 else left)) * finer for at, each in enumerate(outline))
        for outline in outlines
    ]
    found = loss(grown, mask_of_outlines(moved, grown.shape[1], grown.shape[0]))
    return Loss(
        overlap=found.overlap,
        pixels=round(found.pixels / finer**2),
        distance=found.distance / finer,
    )


def _reach(
    outlines: Sequence[Outline], width: int, height: int
) -> tuple[int, int, int, int] | None:
    """Give the pixels that outlines can touch, a pixel more on each side; None where none."""
    x = [each for outline in outlines for each in outline[::2]]
    y = [each for outline in outlines for each in outline[1::2]]
    left, right = (int(np.clip(each, 0, width)) for each in (min(x) - 1, max(x) + 2))
    top, bottom = (int(np.clip(each, 0, height)) for each in (min(y) - 1, max(y) + 2))
    return (left, top, right, bottom) if left < right and top < bottom else None


def _distance(first: Marked, second: Marked) -> float:
    if not first.any() or not second.any():
        return 0.0 if first.any() == second.any() else float("inf")
    return max(_farthest(first, second), _farthest(second, first))


def _farthest(of: Marked, to: Marked) -> float:
    """Give the greatest distance of a marked pixel from the nearest one of another mask."""
    away = cv2.distanceTransform((~to).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return float(away[of].max())
