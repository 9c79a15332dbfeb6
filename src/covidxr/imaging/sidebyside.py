"""Pairs of pictures side by side on one sheet, with a few words below each.

This module owns how they are laid out and drawn. It opens no file, and says nothing about what it
draws beyond the words that it is given.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Pixels: TypeAlias = NDArray[np.uint8]

SIDE = 300
"""Pixels of the square that a picture is fitted into."""

ACROSS = 2
"""Pairs beside each other."""

_GAP = 12
_LINE = 16
_INK, _PAPER, _EMPTY = 20, 245, 200
# Of cv2's letters at this size, 84 fit below a pair.
_LETTER = 0.4
_LETTERS = 84


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawing:
    """Two pictures to draw beside each other.

    Parameters
    ----------
    left, right : numpy.ndarray or None
        Eight bits, ``(height, width)`` or ``(height, width, 3)`` in red, green, blue; None where
        there is nothing to show, which becomes an empty field.
    words : sequence of str
        Lines below them.
    """

    left: Pixels | None
    right: Pixels | None
    words: Sequence[str]


def drawn(pairs: Iterable[Drawing]) -> bytes:
    """Draw pairs, `ACROSS` to a row, as a PNG file.

    Parameters
    ----------
    pairs : iterable of Drawing
        They are taken one by one, so that no more than two whole pictures are in memory.

    Returns
    -------
    bytes
        A sheet of bare paper where there are none.
    """
    tiles = [_tile(each) for each in pairs]
    rows = [_row(tiles[start : start + ACROSS]) for start in range(0, len(tiles), ACROSS)]
    sheet = np.concatenate(rows) if rows else np.full((_GAP, _GAP, 3), _PAPER, np.uint8)
    _, coded = cv2.imencode(".png", np.ascontiguousarray(sheet[:, :, ::-1]))
    return bytes(coded)


def _row(tiles: Sequence[Pixels]) -> Pixels:
    height, width = max(len(each) for each in tiles), tiles[0].shape[1]
    row = np.full((height, ACROSS * width, 3), _PAPER, np.uint8)
    for number, each in enumerate(tiles):
        row[: len(each), number * width : (number + 1) * width] = each
    return row


def _tile(pair: Drawing) -> Pixels:
    width = 2 * SIDE + 3 * _GAP
    tile = np.full((SIDE + 2 * _GAP + _LINE * len(pair.words), width, 3), _PAPER, np.uint8)
    for number, pixels in enumerate((pair.left, pair.right)):
        left = _GAP + number * (SIDE + _GAP)
        tile[_GAP : _GAP + SIDE, left : left + SIDE] = _fitted(pixels)
    for number, words in enumerate(pair.words, start=1):
        # cv2 has letters for ASCII alone.
        said = words if len(words) <= _LETTERS else f"{words[: _LETTERS - 3]}..."
        plain = said.encode("ascii", "replace").decode()
        at = (_GAP, SIDE + _GAP + _LINE * number)
        ink = (_INK, _INK, _INK)
        cv2.putText(tile, plain, at, cv2.FONT_HERSHEY_SIMPLEX, _LETTER, ink, 1, cv2.LINE_AA)
    return tile


def _fitted(pixels: Pixels | None) -> Pixels:
    """Scale a picture into its square, in its own shape."""
    field = np.full((SIDE, SIDE, 3), _EMPTY, np.uint8)
    if pixels is None or not pixels.size:
        return field
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    colour = small if small.ndim == 3 else small[:, :, np.newaxis]  # noqa: PLR2004
    field[top : top + size[1], left : left + size[0]] = colour
    return field
