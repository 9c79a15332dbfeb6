"""The spots of a picture by which parts and altered copies of it are found: the thorough look.

This module owns what is kept of a picture for that. `shortlists` chooses the pairs that are worth a
look, `overlaps` looks. It opens no file and knows no collection. `likeness` is far faster, and sees
a picture as a whole: it loses most copies that are cut by 10 % or more.

A picture is described by 256 spots that stand out, by SIFT (Lowe, "Distinctive image features from
scale-invariant keypoints", IJCV 60, 2004). Each is kept as 384 signs of projections, so that two
are compared by counting bits (Charikar, "Similarity estimation techniques from rounding
algorithms", STOC 2002). The projections are closed under mirroring and inverting: the signs of a
mirrored picture's spots are the same signs in another order. So nothing is described twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import shake_256
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from covidxr.filefacts import NEARLY_BLANK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels: TypeAlias = NDArray[np.uint8]
    Levels: TypeAlias = NDArray[np.float32]
    Numbers: TypeAlias = NDArray[np.int64]

VERSION = 1
"""Grows whenever the same picture gets other features: those that were kept are void then."""

SIDE = 448
"""Pixels of the longer side that spots are looked for in."""

SPOTS = 256
"""Spots that are kept of a picture at most."""

LEAST_SPOTS = 20
"""Spots that must agree for two pictures to match, and that a picture has to have for that.

`overlaps` says how it was chosen.
"""

KEYS = 16
"""Keys that each spot has, see `keys`."""

# Contrast is evened out in fields of an eighth of each side, twofold at most: a dark copy has the
# spots of a bright one. SIFT's own threshold for contrast, 0.04, would leave too few in a chest.
_EVEN_LIMIT, _EVEN_FIELDS, _CONTRAST = 2.0, (8, 8), 0.02
# Spots are taken from every field of a grid in turn, so that a crop has its share of them.
_FIELDS = 8
# SIFT's numbers of a spot: 4 times 4 squares, 8 directions of edges each.
_SQUARES, _DIRECTIONS = 4, 8
_NUMBERS = _SQUARES * _SQUARES * _DIRECTIONS
# Projections, and with those that mirroring and inverting make of them.
_PROJECTIONS = 96
_BITS = 4 * _PROJECTIONS
# A key is three bytes: two spots that are the same mostly have one of 16 in common, others hardly
# ever.
_KEY_BYTES = _BITS // 8 // KEYS
# Any odd step deals each bit once; with this one a projection and its three images part.
_STEP = 101
# Pixels of the thumbnail's longer side.
_THUMBNAIL = 72


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Features:
    """What is kept of a picture to look for it thoroughly: 20 kB at most.

    Parameters
    ----------
    width, height : int
        Of the picture that the spots lie in, `SIDE` at most.
    places : numpy.ndarray
        ``(spots, 2)``, across and down in sixteenths of a pixel.
    codes : numpy.ndarray
        ``(spots, 48)``, what each looks like.
    thumbnail : numpy.ndarray
        The picture, small, levels of grey.
    """

    width: int
    height: int
    places: NDArray[np.int16]
    codes: Pixels
    thumbnail: Pixels


VIEWS = (0, 1, 2, 3)
"""What may be done to the second picture: nothing, mirror, invert, both."""


def _orders() -> tuple[Numbers, ...]:
    """Give, by view, the order that a spot's numbers have then.

    SIFT turns a spot upright by its strongest edge. A mirrored spot's squares are in reverse order
    across that direction, and its edges turn the other way. An inverted spot's strongest edge
    points backwards, so all its squares are in reverse.
    """
    numbers = np.arange(_NUMBERS).reshape(_SQUARES, _SQUARES, _DIRECTIONS)
    mirrored = numbers[::-1, :, -np.arange(_DIRECTIONS) % _DIRECTIONS]
    views = (numbers, mirrored, numbers[::-1, ::-1], mirrored[::-1, ::-1])
    return tuple(view.ravel() for view in views)


def _projections() -> Levels:
    """Give signs without a pattern, the same everywhere, and their images, view by view."""
    drawn = shake_256(b"covidxr features 1").digest(_NUMBERS * _PROJECTIONS // 8)
    signs = np.unpackbits(np.frombuffer(drawn, np.uint8)).reshape(_NUMBERS, _PROJECTIONS)
    plain = signs.astype(np.float32) * 2 - 1
    return np.concatenate([plain[order] for order in _orders()], axis=1)


_DEAL = np.arange(_BITS) * _STEP % _BITS
_PLANES = _projections()[:, _DEAL]


def _bit_orders() -> tuple[Numbers, ...]:
    """Give, by view, the order that a code's bits have then."""
    dealt = np.argsort(_DEAL)
    bits = np.arange(_BITS).reshape(len(VIEWS), _PROJECTIONS)
    # Doing two of the four one after the other gives the one whose number is the two's XOR.
    return tuple(dealt[bits[[view ^ each for each in VIEWS]].ravel()[_DEAL]] for view in VIEWS)


_BIT_ORDERS = _bit_orders()


def describe(pixels: Pixels) -> Features | None:
    """Take a picture's features; it takes some 50 ms.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` or ``(height, width, 3)`` in red, green, blue, eight bits.

    Returns
    -------
    Features or None
        None for a picture with fewer than `LEAST_SPOTS` spots: it could not be found again.
    """
    if not pixels.size:
        return None
    grey = _scaled(pixels, SIDE)
    if grey.ndim == 3:  # noqa: PLR2004 - rows, columns, channels
        grey = np.asarray(cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY), np.uint8)
    if int(grey.max()) - int(grey.min()) < NEARLY_BLANK:
        return None
    even = cv2.createCLAHE(_EVEN_LIMIT, _EVEN_FIELDS).apply(grey)
    sift = cv2.SIFT.create(contrastThreshold=_CONTRAST)
    found = sift.detect(even, None)
    if len(found) < LEAST_SPOTS:
        return None
    at = np.array([spot.pt for spot in found])
    strength = np.array([spot.response for spot in found])
    chosen = _spread_out(at / grey.shape[::-1], strength)
    spots, numbers = sift.compute(even, [found[place] for place in chosen])
    places = np.array([spot.pt for spot in spots]) * 16
    return Features(
        width=grey.shape[1],
        height=grey.shape[0],
        places=np.round(places).astype(np.int16),
        codes=_codes(numbers),
        thumbnail=_scaled(grey, _THUMBNAIL),
    )


def _scaled(pixels: Pixels, side: int) -> Pixels:
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _spread_out(at: NDArray[np.float64], strength: NDArray[np.float64]) -> Numbers:
    """Choose the strongest of every field, then the second strongest of every field, and so on."""
    column, row = (at * _FIELDS).astype(np.int64).clip(0, _FIELDS - 1).T
    field = row * _FIELDS + column
    order = np.lexsort((-strength, field))
    begins = np.searchsorted(field[order], field[order])
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order)) - begins
    return np.lexsort((-strength, rank))[:SPOTS]


def _codes(numbers: Levels) -> Pixels:
    """Take the signs; the roots of shares are compared better than SIFT's numbers themselves.

    Arandjelović & Zisserman, "Three things everyone should know to improve object retrieval",
    CVPR 2012.
    """
    shares = np.sqrt(numbers / np.maximum(numbers.sum(1, keepdims=True), 1))
    return np.packbits((shares - shares.mean(1, keepdims=True)) @ _PLANES > 0, axis=1)


def viewed(codes: Pixels, view: int) -> Pixels:
    """Give the codes that the same spots have after mirroring and inverting.

    Parameters
    ----------
    codes : numpy.ndarray
        As in `Features`.
    view : int
        One of `VIEWS`.

    Returns
    -------
    numpy.ndarray
        Of the same shape.
    """
    if not view:
        return codes
    return np.packbits(np.unpackbits(codes, axis=1)[:, _BIT_ORDERS[view]], axis=1)


def key(codes: Pixels, number: int) -> NDArray[np.int32]:
    """Give one of the `KEYS` numbers by which spots that look the same are found.

    Parameters
    ----------
    codes : numpy.ndarray
        As in `Features`.
    number : int
        Which key, from 0 on.

    Returns
    -------
    numpy.ndarray
        ``(spots,)``, 24 bits of each.
    """
    high, middle, low = codes[:, _KEY_BYTES * number :][:, :_KEY_BYTES].astype(np.int32).T
    return np.asarray(high << 16 | middle << 8 | low)
