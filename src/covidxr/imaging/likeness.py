"""Whether two pictures show the same image: a hash of 256 bits, and a closer look.

This module owns what is compared of a picture, and the figures from which on two are called alike.
It opens no file and knows no collection. Two pictures are alike where one was made from the other:
scaled, coded again, framed, marked or cut a little. Two images of one patient are not.

How the figures were found: on 250 real files of a public collection (31,125 pairs, ten of them the
same radiograph, as a look at them says) and on 18 changes made to each, at 1024 pixels at most. The
hash alone does not part them: 46 of the 56 pairs within 80 bits show different images. The closer
look does: what is the same has 0.854 or more, the most alike of the others 0.65. These are the
files that the figures were chosen on. Of 75 panels of papers, which were not, no two are alike
(0.754 at most, two slices that can hardly be told apart).

Drawn chests are not parted well: they share one drawing of ribs and vessels. `ALIKE` says how many.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import cv2
import numpy as np

from covidxr.filefacts import NEARLY_BLANK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Pixels: TypeAlias = NDArray[np.uint8]
    Levels: TypeAlias = NDArray[np.float32]

VERSION = 2
"""Grows whenever the same picture gets another fingerprint: those that were kept are void then."""

BITS = 256
"""Length of the hash."""

SIDE = 64
"""Pixels of the thumbnail's sides."""

NEAR_BITS = 96
"""Bits in which two hashes differ at most for a closer look to be worth its while.

All but 1 % of the pictures that were cut by 3 % on each side are within (84 % are within 64 bits),
and 3 % of the pairs of different images.
"""

ALIKE = 0.80
"""Likeness from which on two pictures are taken for the same.

Within it and `NEAR_BITS`, of 250 real files all were found again at half the size and at JPEG
quality 40, 249 in a black frame of 20 pixels, 98 % cut by 3 % on each side, 97 % with letters and a
line drawn on them, 79 % cut by 5 %, 3 % cut by 8 %. Of the pairs of different images none has more
than 0.66.

Of drawn chests of different patients 82 of 4,950 pairs are within both (100 that nothing was
chosen on, up to 0.916), and of the demonstration's cruder ones 5 to 18 of a hundred. Of this
repository's 47 only follow-ups of one patient are, but `_DETAIL` was chosen with them in view.
"""

# Pixels of the longer side that borders are looked for in: enough to see them, and fast.
_LOOKED_AT = 256
# The brightest and the darkest hundredth do not count: letters would hide a dark picture.
_CUT_PERCENT = 1
# Levels that a border's lines vary by at most, after coding as JPEG, and the share at each end
# of a line that may stray: letters, and the corner where another border ends.
_EVEN, _STRAY_PERCENT = 12, 4
# Lines that are looked at in one step.
_AT_ONCE = 8
# A second time: the lines of a border within a border are seen when the outer one is gone.
_ROUNDS = 2
# Pixels of a picture that are left at least within its borders.
_LEAST_LEFT = 16
# Waves along a side that the hash looks at, from none upwards, each a half more.
_WAVES = 16
# The closer look compares shapes of about this many pixels of the thumbnail, wherever the picture
# is bright or dark: all chests are bright in the middle, and ribs lie differently in each.
_DETAIL = 2.0
# Levels of detail that count half: less is coding.
_FAINT = 4.0
# Sizes that one picture is looked for within the other, and pixels of the part that is looked for.
_SCALES = (0.88, 0.94, 1.0, 1.06, 1.12)
_PART = 46
# Share of the usual detail that a part is taken to have at least: where there is none, chance
# alone would make it alike.
_LEAST_DETAIL = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What is kept of a picture to compare it: 4.1 kB.

    Parameters
    ----------
    bits : bytes
        The hash, `BITS` long.
    thumbnail : bytes
        The picture without its borders, `SIDE` times `SIDE` levels of grey, row by row.
    """

    bits: bytes
    thumbnail: bytes


def fingerprint(pixels: Pixels) -> Fingerprint | None:
    """Take a picture's fingerprint.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` or ``(height, width, 3)`` in red, green, blue, eight bits.

    Returns
    -------
    Fingerprint or None
        None for a picture of one tone, or nearly so: it would be like every other such.
    """
    return fingerprint_of(shrunk(pixels)) if pixels.size else None


def shrunk(pixels: Pixels) -> Pixels:
    """Shrink a picture to what its fingerprint is taken from: grey, 256 pixels at the longer side.

    It shrinks first: grey of the whole would be another 100 million numbers.
    """
    small = pixels
    # Halves are taken ten times as fast as any other part.
    while max(small.shape[:2]) >= 2 * _LOOKED_AT:
        height, width = (max(2, side - side % 2) for side in small.shape[:2])
        small = _resized(small[:height, :width], (width // 2, height // 2), cv2.INTER_AREA)
    height, width = small.shape[:2]
    scale = min(1.0, _LOOKED_AT / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = _resized(small, size, cv2.INTER_LINEAR)
    if small.ndim == 3:  # noqa: PLR2004 - rows, columns, channels
        small = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    return small


def _resized(pixels: Pixels, size: tuple[int, int], how: int) -> Pixels:
    return np.asarray(cv2.resize(pixels, size, interpolation=how), dtype=np.uint8)


def span(grey: Pixels) -> tuple[int, int]:
    """Give the darkest and the brightest level, less the hundredth at each end."""
    counts = np.cumsum(cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel().astype(np.int64))
    cut = counts[-1] * _CUT_PERCENT / 100
    low = int(np.searchsorted(counts, cut, side="right"))
    return low, int(np.searchsorted(counts, counts[-1] - cut, side="left"))


def fingerprint_of(small: Pixels) -> Fingerprint | None:
    """Take the fingerprint of a picture that `shrunk` gave; None where it is of one tone."""
    seen = _stretched(small)
    inner = None if seen is None else _within_borders(seen)
    if inner is None:
        return None
    thumbnail = cv2.resize(inner, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    waves = cv2.dct(thumbnail.astype(np.float32))[:_WAVES, :_WAVES].ravel()
    ordered = np.sort(waves)
    middle = (ordered[BITS // 2 - 1] + ordered[BITS // 2]) / 2
    bits = np.packbits(waves > middle)
    return Fingerprint(bits=bits.tobytes(), thumbnail=thumbnail.tobytes())


def distance(first: Fingerprint, second: Fingerprint) -> int:
    """Count the bits in which two hashes differ, 0 to `BITS`; of any two pictures about half do."""
    return (int.from_bytes(first.bits, "big") ^ int.from_bytes(second.bits, "big")).bit_count()


def confirm(first: Fingerprint, second: Fingerprint) -> float:
    """Look closer: correlate the details of two thumbnails, moved and scaled to fit best.

    Returns
    -------
    float
        0 to 1, the same either way round; from `ALIKE` on they are taken for the same. It takes
        less than a millisecond.
    """
    one, other = _details(first), _details(second)
    found = max(*_fits(one, other), *_fits(other, one))
    return min(max(found, 0.0), 1.0)


def _stretched(grey: Pixels) -> Pixels | None:
    """Use all levels, so that a dark copy is like a bright one; None where there is one tone."""
    low, high = span(grey)
    if high - low < NEARLY_BLANK:
        return None
    levels = np.clip((np.arange(256, dtype=np.float32) - low) * (255.0 / (high - low)), 0, 255)
    return np.asarray(cv2.LUT(grey, np.round(levels).astype(np.uint8)), dtype=np.uint8)


def _within_borders(grey: Pixels) -> Pixels | None:
    """Cut off lines of one tone at the edges; None where too little is left."""
    for _ in range(_ROUNDS):
        top, bottom = _first_uneven(grey), _first_uneven(grey[::-1])
        left, right = _first_uneven(grey.T), _first_uneven(grey.T[::-1])
        if top + bottom >= len(grey) or left + right >= grey.shape[1]:
            return None
        if not (top or bottom or left or right):
            break
        grey = grey[top : len(grey) - bottom, left : grey.shape[1] - right]
    return np.ascontiguousarray(grey) if min(grey.shape) >= _LEAST_LEFT else None


def _first_uneven(grey: Pixels) -> int:
    """Count the rows before the first that is not of one tone; few are looked at, mostly."""
    stray = grey.shape[1] * _STRAY_PERCENT // 100
    last = grey.shape[1] - 1 - stray
    for begin in range(0, len(grey), _AT_ONCE):
        lines = np.partition(grey[begin : begin + _AT_ONCE], (stray, last), axis=1)
        uneven = np.flatnonzero(lines[:, last].astype(np.int16) - lines[:, stray] > _EVEN)
        if uneven.size:
            return begin + int(uneven[0])
    return len(grey)


def _details(of: Fingerprint) -> Levels:
    """Take away what is bright and dark at large; what is left is of one strength everywhere."""
    grey = np.frombuffer(of.thumbnail, np.uint8).reshape(SIDE, SIDE).astype(np.float32)
    detail = grey - cv2.GaussianBlur(grey, (0, 0), _DETAIL)
    strength = np.sqrt(cv2.GaussianBlur(detail * detail, (0, 0), 2 * _DETAIL))
    return np.asarray(detail / (strength + _FAINT), dtype=np.float32)


def _fits(one: Levels, other: Levels) -> Iterator[float]:
    """Correlate the middle of one, at several sizes, with every place of the other."""
    for scale in _SCALES:
        side = round(SIDE * scale)
        scaled = cv2.resize(one, (side, side), interpolation=cv2.INTER_LINEAR)
        start = (side - _PART) // 2
        part = np.ascontiguousarray(scaled[start : start + _PART, start : start + _PART])
        yield _best_place(part, other)


def _best_place(part: Levels, within: Levels) -> float:
    count = part.size
    least = _LEAST_DETAIL * count
    common = cv2.matchTemplate(within, part, cv2.TM_CCOEFF)
    own = max(float(((part - part.mean()) ** 2).sum()), least)
    sums, squares = cv2.integral2(within)
    there = _sums_of(squares) - _sums_of(sums) ** 2 / count
    return float((common / np.sqrt(own * np.maximum(there, least))).max())


def _sums_of(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum every square of `_PART` pixels, from a table of sums of everything above and left."""
    return np.asarray(
        table[_PART:, _PART:]
        - table[:-_PART, _PART:]
        - table[_PART:, :-_PART]
        + table[:-_PART, :-_PART]
    )
