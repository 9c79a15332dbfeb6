"""Strokes, filled shapes, blurs and seeded noise on small floating-point pictures.

Owns the raster arithmetic that the phantoms share. Knows nothing of anatomy and opens no file.
Everything is deterministic: noise comes from a generator that is passed in.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Pixels: TypeAlias = npt.NDArray[np.float64]
Mask: TypeAlias = npt.NDArray[np.bool_]
Point: TypeAlias = tuple[float, float]
Shape: TypeAlias = tuple[int, int]

SEED = "covidxr synthetic reference collection 1"
NARROW = 2.5  # from this sigma on, running means take the place of a Gaussian
OVERSAMPLING = 3  # shapes are drawn three times as large and averaged, for smooth edges
GLYPHS = {  # 3 x 5 letters, one octal digit a row: no font file decides what the marker looks like
    "S": "74717",
    "Y": "55222",
    "N": "57755",
    "T": "72222",
    "H": "55755",
    "E": "74747",
    "I": "72227",
    "C": "74447",
    "R": "65655",
    "L": "44447",
}


def generator(*key: object) -> np.random.Generator:
    """Return the random generator that belongs to a key: same key, same numbers."""
    return np.random.default_rng(int.from_bytes(digest(*key)[:8], "big"))


def digest(*key: object) -> bytes:
    """Return the SHA-256 digest of the collection's seed and a key."""
    return hashlib.sha256("/".join([SEED, *map(str, key)]).encode()).digest()


def smooth(pixels: Pixels, sigma: float) -> Pixels:
    """Blur with a Gaussian of `sigma` pixels; beyond its edges the picture goes on as it ends."""
    down_the_columns = _narrowly_smoothed if sigma < NARROW else _widely_smoothed
    return down_the_columns(down_the_columns(pixels, sigma).T, sigma).T


def noise_field(shape: Shape, sigma: float, rng: np.random.Generator) -> Pixels:
    """Return noise of mean 0 and standard deviation 1, smooth over about `sigma` pixels."""
    field = smooth(rng.standard_normal(shape), sigma)
    normalised: Pixels = (field - field.mean()) / field.std()
    return normalised


def step(values: Pixels, edge: float, width: float) -> Pixels:
    """Rise smoothly from 0 below `edge` to 1 above it, within about `width`."""
    ramp: Pixels = np.clip((values - edge) / width + 0.5, 0.0, 1.0)
    risen: Pixels = ramp * ramp * (3.0 - 2.0 * ramp)
    return risen


def curve(points: Sequence[Point], *, closed: bool = False, pieces: int = 6) -> list[Point]:
    """Return a Catmull-Rom curve through `points`, each stretch cut into `pieces`."""
    ring = np.asarray(points, dtype=np.float64)
    count = len(ring)
    stretches = count if closed else count - 1
    times = np.arange(pieces, dtype=np.float64)[:, None] / pieces
    drawn: list[Point] = []
    for index in range(stretches):
        at = [index - 1, index, index + 1, index + 2]
        places = [i % count if closed else min(max(i, 0), count - 1) for i in at]
        before, start, end, after = (ring[i] for i in places)
        stretch = 0.5 * (
            2 * start
            + (end - before) * times
            + (2 * before - 5 * start + 4 * end - after) * times**2
            + (3 * start - before - 3 * end + after) * times**3
        )
        drawn.extend((float(x), float(y)) for x, y in stretch)
    if not closed:
        drawn.append((float(ring[-1][0]), float(ring[-1][1])))
    return drawn


def fill(shape: Shape, points: Iterable[Point]) -> Pixels:
    """Fill a polygon; its points are in units of -1..1 over the picture, x right and y down."""
    canvas, scale = _canvas(shape)
    ImageDraw.Draw(canvas).polygon([scale(point) for point in points], fill=255)
    return _averaged(canvas)


def strokes(shape: Shape, lines: Iterable[tuple[Sequence[Point], float, int]]) -> Pixels:
    """Draw lines, each given as points in -1..1, width in pixels and strength 0..255."""
    canvas, scale = _canvas(shape)
    pen = ImageDraw.Draw(canvas)
    for points, width, strength in lines:
        places = [scale(point) for point in points]
        pen.line(places, fill=strength, width=max(1, round(width * OVERSAMPLING)), joint="curve")
    return _averaged(canvas)


def lettering(shape: Shape, text: str, corner: tuple[int, int], size: int) -> Pixels:
    """Write `text` in the built-in letters, `size` pixels a dot, from `corner` (row, column)."""
    picture: Pixels = np.zeros(shape)
    row, column = corner
    for letter in text:
        for line, digit in enumerate(GLYPHS[letter]):
            for dot in range(3):
                if int(digit) & (4 >> dot):
                    top, left = row + line * size, column + dot * size
                    picture[top : top + size, left : left + size] = 1.0
        column += 4 * size
    return picture


def bounding_box(mask: Mask) -> tuple[int, int, int, int]:
    """Return left, top, width and height, in whole pixels, of the true part of a mask."""
    columns = np.flatnonzero(mask.any(axis=0))
    rows = np.flatnonzero(mask.any(axis=1))
    left, top = int(columns[0]), int(rows[0])
    return left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1


def _narrowly_smoothed(pixels: Pixels, sigma: float) -> Pixels:
    """Blur down the columns with the weights of a Gaussian."""
    reach = int(3 * sigma) + 1
    weights = np.exp(-0.5 * (np.arange(reach + 1) / sigma) ** 2)
    padded = np.pad(pixels, ((reach, reach), (0, 0)), mode="edge")
    rows = pixels.shape[0]
    blurred: Pixels = pixels.copy()
    for away, weight in enumerate(weights[1:], start=1):
        above, below = reach - away, reach + away
        pair = padded[above : above + rows] + padded[below : below + rows]
        pair *= weight
        blurred += pair
    blurred /= 2.0 * weights.sum() - 1.0
    return blurred


def _widely_smoothed(pixels: Pixels, sigma: float) -> Pixels:
    """Blur down the columns by three running means, which together are close to a Gaussian."""
    half = round((float(np.sqrt(4.0 * sigma**2 + 1.0)) - 1.0) / 2.0)
    width = 2 * half + 1
    for _ in range(3):
        sums = np.pad(pixels, ((half + 1, half), (0, 0)), mode="edge").cumsum(axis=0)
        pixels = (sums[width:] - sums[:-width]) / width
    return pixels


def _canvas(shape: Shape) -> tuple[Image.Image, _Scale]:
    height, width = shape
    canvas = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
    return canvas, _Scale(canvas.width, canvas.height)


def _averaged(canvas: Image.Image) -> Pixels:
    averaged: Pixels = np.asarray(canvas.reduce(OVERSAMPLING), dtype=np.float64) / 255.0
    return averaged


class _Scale:
    """Turns a point in -1..1 into a place on a canvas."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height

    def __call__(self, point: Point) -> Point:
        return (point[0] + 1.0) * self.width / 2.0, (point[1] + 1.0) * self.height / 2.0
