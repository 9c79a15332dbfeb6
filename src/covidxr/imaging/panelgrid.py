"""The order and the regularity of panels: which comes first, which belong together, even grids.

This module owns what is known of how figures are laid out: letters run in rows from top left, the
images of one letter lie beside each other, and images without any gutter mostly stand in a grid.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from covidxr.imaging.borders import COLUMNS, ROWS
from covidxr.imaging.pixels import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from covidxr.imaging.borders import Borders

# Width by height of one image: radiographs and CT images lie between, and most near the middle.
_NARROWEST, _USUAL, _WIDEST = 0.45, 1.25, 2.6
# Share of a cell by which a border of a grid may lie off its even place.
_OFF = 0.16

Groups = tuple[tuple[Box, ...], ...]


def reading_order(boxes: Sequence[Box]) -> list[Box]:
    """Sort boxes as their letters run: rows from the top, in a row from the left.

    A row is what a straight line parts from the rest; a large panel beside two small ones is one
    row, which is then read from the left.

    Parameters
    ----------
    boxes : sequence of Box
        They do not overlap.

    Returns
    -------
    list of Box
        The same boxes.
    """
    rows = _bundles(boxes, lambda box: (box.top, box.bottom))
    if len(rows) > 1:
        return [box for row in rows for box in reading_order(row)]
    columns = _bundles(boxes, lambda box: (box.left, box.right))
    if len(columns) > 1:
        return [box for column in columns for box in reading_order(column)]
    return sorted(boxes, key=lambda box: (box.top, box.left))


def row_groups(boxes: Sequence[Box], letters: int) -> Groups:
    """Give every letter as many images as every other, in reading order.

    Parameters
    ----------
    boxes : sequence of Box
        A multiple of `letters`.
    letters : int
        How many groups.

    Returns
    -------
    tuple of tuple of Box
        Empty where the rows differ in length, or a letter's images would neither fill whole rows
        nor an even part of one.
    """
    rows = _bundles(boxes, lambda box: (box.top, box.bottom))
    each, long = len(boxes) // letters, len(rows[0])
    if any(len(row) != long for row in rows) or (long % each and each % long):
        return ()
    ordered = reading_order(boxes)
    return tuple(tuple(ordered[at : at + each]) for at in range(0, len(ordered), each))


def fit_grid(borders: Borders, letters: int) -> tuple[Groups, float]:
    """Propose the grid that fits a figure without gutters best.

    Rows are looked for first; the columns of every row are looked for in that row alone.

    Parameters
    ----------
    borders : Borders
        The measured figure.
    letters : int
        How many cells.

    Returns
    -------
    panels : tuple of tuple of Box
        One box each, in reading order; empty where no grid of such cells fits.
    score : float
        Strength of its weakest border.
    """
    box = borders.trim(borders.whole)
    best: tuple[float, Groups, float] = (0.0, (), 0.0)
    for rows in range(1, letters + 1):
        columns, rest = divmod(letters, rows)
        aspect = (box.width / max(columns, 1)) / max(box.height / rows, 1)
        if rest or not _NARROWEST <= aspect <= _WIDEST:
            continue
        cells, strengths = _grid(borders, box, rows, columns)
        usual = math.exp(-abs(math.log(aspect / _USUAL)) / 2)
        fit = float(np.mean(strengths)) * usual
        if fit > best[0]:
            best = (fit, tuple((cell,) for cell in cells), min(strengths))
    return best[1], best[2]


def _grid(borders: Borders, box: Box, rows: int, columns: int) -> tuple[list[Box], list[float]]:
    cells: list[Box] = []
    places, strengths = _even_borders(borders, box, ROWS, rows)
    for top, bottom in pairwise([box.top, *places, box.bottom]):
        row = Box(box.left, top, box.right, bottom)
        across, more = _even_borders(borders, row, COLUMNS, columns)
        strengths += more
        bounds = [box.left, *across, box.right]
        cells += [Box(left, top, right, bottom) for left, right in pairwise(bounds)]
    return cells, strengths


def _even_borders(
    borders: Borders, box: Box, direction: int, count: int
) -> tuple[list[int], list[float]]:
    """Move every inner border of an even division to the strongest line near it."""
    strength = borders.lines(box, direction).strength
    origin = box.left if direction == COLUMNS else box.top
    cell = len(strength) / count
    reach = max(1, round(_OFF * cell))
    places, strengths = [], []
    for number in range(1, count):
        middle = round(number * cell)
        start = max(middle - reach, 1)
        window = strength[start : middle + reach + 1]
        # Of two lines as strong, the one nearer to the even place.
        off = np.abs(np.arange(start, start + len(window)) - middle) / (4 * reach)
        at = int((window * (1 - off)).argmax())
        places.append(origin + start + at)
        strengths.append(float(window[at]))
    return places, strengths


def _bundles(boxes: Sequence[Box], span: Callable[[Box], tuple[int, int]]) -> list[list[Box]]:
    """Bundle boxes whose spans overlap by more than a sliver."""
    bundles: list[list[Box]] = []
    reach = 0
    for box in sorted(boxes, key=span):
        start, stop = span(box)
        if bundles and start < reach - (stop - start) / 4:
            bundles[-1].append(box)
            reach = max(reach, stop)
        else:
            bundles.append([box])
            reach = stop
    return bundles
