"""Whether two pictures show the same, at least in part: the thorough look.

This module owns the proof. It opens no file and knows no collection. Two pictures match where many
spots agree on one way to move, turn and scale the one onto the other (RANSAC: Fischler & Bolles,
CACM 24(6), 1981), are spread over what they share, and its details correlate.

How the figures were chosen: on 250 real files of a public collection, 31,125 pairs. In ten, which
are the same radiograph, 35 spots or more agree; in the others 10 at most, those of one patient on
two days among them. (A quarter of the pairs were looked at mirrored and inverted as well.) Of
copies that were cut by 40 % of their height and width about 95 in 100 have 30 or more. Neighbouring
slices of one CT are told apart where they are as far from each other as in published figures;
slices a millimetre apart were not looked at.

Drawn chests are not parted well, since they share one drawing of ribs: of 276 pairs of phantoms
four had 20 agreeing spots or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from covidxr.imaging.features import LEAST_SPOTS, VIEWS, viewed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from covidxr.imaging.features import Features

    Pixels: TypeAlias = NDArray[np.uint8]
    Levels: TypeAlias = NDArray[np.float32]
    Numbers: TypeAlias = NDArray[np.int64]

LEAST_CORRELATION = 0.45
"""Correlation of the shared part's details from which on two pictures match.

Of the ten real pairs all have 0.74 or more; of 819 copies of real files, described at 512 pixels,
95 in 100 had 0.68. Two slices of one CT with the same letters drawn on them have 0.41.
"""

LEAST_SPREAD = 0.3
"""Share of the fields of a grid on the shared part that agreeing spots lie in, at least.

The ten real pairs have 0.5 or more; two CT slices with the same letters 0.25, rulers and letters
alone 0.19.
"""

# Bits that a spot's nearest differs by at most, and its share of the second nearest's: Lowe's 0.8.
_FAR_BITS, _RATIO = 110, 0.8
# Pixels of `SIDE` that an agreeing spot may be away.
_NEAR_PIXELS = 2.0
_ROUNDS, _SURE = 1_000, 0.99
# Sizes of one picture in the other; beyond there are too few pixels to compare.
_LEAST_SCALE, _MOST_SCALE = 0.2, 5.0
# Pixels of the thumbnails that two must share.
_LEAST_SHARED = 100
# As in `likeness`: the size of the shapes that are compared, and levels that count half.
_DETAIL, _FAINT = 2.0, 4.0
# Blur in pixels from which on it does anything.
_LEAST_BLUR = 0.1
# Fields along a side that `LEAST_SPREAD` is counted in.
_GRID = 4
_INVERTED_FROM = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How two pictures overlap.

    Parameters
    ----------
    scale : float
        Size of the first in the second, where both are scaled to `SIDE` at most as they are for
        `describe`: what is cut out of a large picture is twice as large where it is a half of it.
    turned : float
        Degrees by which the first is turned clockwise in the second, -180 to 180.
    mirrored, inverted : bool
        Whether the second is mirrored, left to right, and has bright for dark.
    share : float
        Share of the smaller picture that both show, 0 to 1.
    spots : int
        That agree.
    spread : float
        Share of the shared part's fields that they lie in.
    correlation : float
        Of the shared part's details, up to 1.
    """

    scale: float
    turned: float
    mirrored: bool
    inverted: bool
    share: float
    spots: int
    spread: float
    correlation: float


def overlap(first: Features, second: Features, views: Iterable[int] = VIEWS) -> Match | None:
    """Tell whether two pictures show the same, at least in part.

    Parameters
    ----------
    first, second : Features
        Of the two.
    views : iterable of int
        What of `VIEWS` is tried; `shortlist` names one.

    Returns
    -------
    Match or None
        That with the most spots; None where none is sure. A view takes 2 ms.
    """
    found = (match for view in views for match in _matches(first, second, view))
    return max(found, key=lambda match: match.spots, default=None)


def _matches(first: Features, second: Features, view: int) -> Iterator[Match]:
    """Give the match in one view, if there is one."""
    one, other = _alike(first.codes, viewed(second.codes, view))
    if len(one) < LEAST_SPOTS:
        return
    mirrored, inverted = bool(view % _INVERTED_FROM), view >= _INVERTED_FROM
    source = first.places[one].astype(np.float32) / 16
    target = second.places[other].astype(np.float32) / 16
    if mirrored:
        target[:, 0] = second.width - 1 - target[:, 0]
    move, agree = cv2.estimateAffinePartial2D(
        source, target, ransacReprojThreshold=_NEAR_PIXELS, maxIters=_ROUNDS, confidence=_SURE
    )
    if move is None or np.count_nonzero(agree) < LEAST_SPOTS:
        return
    scale = float(np.hypot(move[0, 0], move[1, 0]))
    if not _LEAST_SCALE < scale < _MOST_SCALE:
        return
    picture = second.thumbnail[:, ::-1] if mirrored else second.thumbnail
    if inverted:
        picture = 255 - picture
    overlay = _overlay(first, second, np.ascontiguousarray(picture), move)
    if overlay is None:
        return
    match = Match(
        scale=scale,
        turned=float(np.degrees(np.arctan2(move[1, 0], move[0, 0]))),
        mirrored=mirrored,
        inverted=inverted,
        share=overlay.share,
        spots=int(np.count_nonzero(agree)),
        spread=overlay.spread(source[agree.ravel() > 0]),
        correlation=overlay.correlation(),
    )
    if match.correlation >= LEAST_CORRELATION and match.spread >= LEAST_SPREAD:
        yield match


def _alike(codes: Pixels, others: Pixels) -> tuple[Numbers, Numbers]:
    """Find for each spot its likeness among the others, where one is by far the nearest."""
    found = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(codes, others, k=2)
    near = [
        (best.queryIdx, best.trainIdx)
        for best, next_best in found
        if best.distance < min(_RATIO * next_best.distance, _FAR_BITS)
    ]
    one, other = np.array(near, np.int64).reshape(-1, 2).T
    return one, other


@dataclass(frozen=True, slots=True, eq=False)
class _Overlay:
    """Two thumbnails, one laid on the other, cut to what both show.

    Parameters
    ----------
    one, other : numpy.ndarray
        Levels of grey, of one shape.
    shared : numpy.ndarray
        Which pixels both show.
    move : numpy.ndarray
        ``(2, 3)``, from the first's picture to `one`.
    share : float
        As in `Match`.
    """

    one: Levels
    other: Levels
    shared: NDArray[np.bool_]
    move: NDArray[np.float64]
    share: float

    def correlation(self) -> float:
        """Correlate the details of what is shared."""
        first, second = (_details(each)[self.shared] for each in (self.one, self.other))
        first, second = first - first.mean(), second - second.mean()
        strength = float(np.sqrt((first @ first) * (second @ second)))
        return float(first @ second) / strength if strength else 0.0

    def spread(self, places: Levels) -> float:
        """Give the share of the grid's fields that places of the first's picture lie in."""
        at = places @ self.move[:, :2].T + self.move[:, 2]
        height, width = self.shared.shape
        fields = (at / (width, height) * _GRID).astype(np.int64).clip(0, _GRID - 1)
        return len(np.unique(fields @ (_GRID, 1))) / _GRID**2


def _overlay(
    first: Features, second: Features, picture: Pixels, move: NDArray[np.float64]
) -> _Overlay | None:
    """Lay the finer of two thumbnails on the coarser; None where they share next to nothing."""
    to_one = _resized(first.thumbnail.shape[1] / first.width)
    to_other = _resized(picture.shape[1] / second.width)
    between = to_other @ np.vstack([move, (0, 0, 1)]) @ np.linalg.inv(to_one)
    scale = float(np.hypot(between[0, 0], between[1, 0]))
    if scale > 1:
        under, over, laid = first.thumbnail, picture, np.linalg.inv(between)
        own = to_one
    else:
        under, over, laid = picture, first.thumbnail, between
        own = to_other @ np.vstack([move, (0, 0, 1)])
    factor = min(scale, 1 / scale)
    size = under.shape[::-1]
    moved = cv2.warpAffine(_smoothed(over, factor), laid[:2], size, flags=cv2.INTER_LINEAR)
    shown = cv2.warpAffine(np.ones_like(over), laid[:2], size, flags=cv2.INTER_NEAREST) > 0
    count = int(np.count_nonzero(shown))
    if count < _LEAST_SHARED:
        return None
    rows, columns = np.flatnonzero(shown.any(1)), np.flatnonzero(shown.any(0))
    box = (slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1))
    own[:2, 2] -= (columns[0], rows[0])
    return _Overlay(
        one=under[box].astype(np.float32),
        other=moved[box].astype(np.float32),
        shared=shown[box],
        move=own[:2],
        share=min(1.0, count / min(under.size, over.size * factor**2)),
    )


def _resized(factor: float) -> NDArray[np.float64]:
    """Move places when a picture is scaled: a pixel's middle stays its middle."""
    offset = (factor - 1) / 2
    return np.array([[factor, 0, offset], [0, factor, offset], [0, 0, 1]])


def _smoothed(picture: Pixels, factor: float) -> Pixels:
    """Take away what would not be seen at a smaller size."""
    spread = 0.4 * (1 / factor - 1)
    return picture if spread < _LEAST_BLUR else cv2.GaussianBlur(picture, (0, 0), spread)


def _details(levels: Levels) -> Levels:
    """Take away what is bright and dark at large; what is left is of one strength everywhere."""
    detail = levels - cv2.GaussianBlur(levels, (0, 0), _DETAIL)
    strength = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), 2 * _DETAIL))
    return np.asarray(detail / (strength + _FAINT), dtype=np.float32)
