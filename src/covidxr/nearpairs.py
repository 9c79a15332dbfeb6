"""Finding all pairs of near hashes among many, without comparing each with each.

This module owns the search for pairs; `alikes` has the search for one. It opens no file and looks
at no picture. The hashes' 256 bits are dealt into bands. Two hashes that differ in few bits differ
in very few of some band, so only hashes whose bands are as near as that are compared. Every pair is
found for certain: nothing is left to chance but the time it takes.

Why a pair is never missed: let two hashes differ in `most` bits at most, dealt into `m` bands that
stand in a ring. Take the band after which the differences counted so far exceed their share of
``most / m`` a band by the most: from there on, the first band, the first two, the first three and
so on hold no more than their share. That is the pigeonhole principle made sharper (the "strong
form" of Qin & Xiao, "Pigeonring", PVLDB 12(1), 2018). So the first band differs in ``most // m``
bits at most, and the first four in ``4 * most // m``: one look at 64 bits tells nearly all others
apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from covidxr.imaging.likeness import BITS, NEAR_BITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    Words: TypeAlias = NDArray[np.uint64]
    Places: TypeAlias = NDArray[np.int64]

PAIR_BITS = 50
"""Bits in which two hashes of a pair differ at most, where nothing else is asked for.

Of 250 real files nine pairs were looked at and are the same radiograph: seven differ in 14 bits at
most, two, with text drawn on one of them, in 44 and 46. 14 pairs are within 50 bits, and a closer
look at the thumbnails (`likeness.confirm`) leaves the nine. Of a million random hashes all pairs
within 50 are found in 18 to 46 s by two processes with 1 GB; 51 to 53 need an 18th band and half as
much time again.

It is what a million can be searched with. `bits_for` says what fewer can: at 50 bits most copies
that are cut by 5 % are lost.
"""

# Pairs of different radiographs within so many bits, of 31,125 pairs: 53 within 80 (0.2 %), 977
# within 96 (3 %). A closer look takes a millisecond, and all of them some ten seconds.
_WIDER = ((1_000, NEAR_BITS), (4_000, 80))

_WORD = 64
_WORDS = BITS // _WORD
# Bands are 16 bits at most: a table of where each begins has 65,536 entries, and fits the cache.
_LEAST_BANDS, _MOST_BANDS = 16, 64
# What a bucket costs before anything is compared, in comparisons.
_BUCKET_COSTS = 15_000
# Bits of a band and its neighbours' that are compared first.
_CHAIN = 4
# A step of 97 is 6 rows and one column of the hash's 16 times 16 waves, and 97 is odd, so that
# every bit is dealt once and each band gets low waves and high: the low ones go together in chests.
_STEP = 97
# Comparisons at once: 8 bytes each, so that they stay in a core's own cache, or nearly so.
_AT_ONCE = 1 << 17
# Hashes whose words are fetched at once, and buckets whose neighbours are.
_FETCHED, _BUCKETS = 1 << 18, 64
# numpy counts bits itself from version 2 on only; two bytes at a time it is slower, not wrong.
_COUNTS = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)


class Pairs(NamedTuple):
    """Pairs of near hashes, ordered by the first and then the second of them.

    Parameters
    ----------
    first, second : numpy.ndarray
        ``(pairs,)``, places in what was searched; ``first < second``.
    distance : numpy.ndarray
        ``(pairs,)``, bits in which the two differ.
    """

    first: Places
    second: Places
    distance: NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the bits are dealt: where each band begins, and what may differ within."""

    starts: tuple[int, ...]
    widths: tuple[int, ...]
    most: int

    @property
    def flips(self) -> int:
        return self.most // len(self.starts)

    @property
    def chain(self) -> int:
        return _CHAIN * self.most // len(self.starts)

    def cost(self, count: int) -> float:
        """Guess the time for `count` random hashes, where a comparison takes 1."""
        return sum(
            min(count, 1 << width) * _BUCKET_COSTS
            + count
            * count
            * sum(comb(width, bits) for bits in range(self.flips + 1))
            / (2 << width)
            for width in self.widths
        )


def bits_for(count: int) -> int:
    """Say how far the pairs among so many pictures may differ for all to be looked at closely.

    Parameters
    ----------
    count : int
        Pictures.

    Returns
    -------
    int
        `likeness.NEAR_BITS` up to 1,000 pictures, 80 up to 4,000, `PAIR_BITS` for more. A
        collection that grows beyond a step loses pairs that only a closer look can find; the
        thorough look finds them.
    """
    return next((bits for most, bits in _WIDER if count <= most), PAIR_BITS)


def pairs(
    hashes: Sequence[bytes] | NDArray[np.uint8],
    most_bits: int = PAIR_BITS,
    executor: Executor | None = None,
) -> Pairs:
    """Find all pairs of hashes that differ in few bits.

    Parameters
    ----------
    hashes : sequence of bytes or numpy.ndarray
        Of `BITS` bits each; an array has the shape ``(hashes, BITS / 8)``.
    most_bits : int
        Bits that may differ. The more, the slower; of 20,000 hashes, from about 50 on, it
        compares each with each.
    executor : concurrent.futures.Executor, optional
        Searches the bands. Processes nearly halve the time; threads do not: the steps are short,
        and each waits for the interpreter.

    Returns
    -------
    Pairs
        Empty where none is near. Of hashes that are equal, each is paired with the first of them
        alone, at distance 0, and that one stands for all of them in the pairs with others: 10,000
        equal ones are 9,999 pairs and not 50 million. What hangs together is the same either way.
    """
    rows = _rows(hashes)
    kinds, kind = _distinct(rows)
    copies = np.flatnonzero(kinds[kind] != np.arange(len(rows)))
    first, second, distance = _near(rows[kinds], most_bits, executor)
    one = np.concatenate([kinds[kind[copies]], kinds[first]])
    other = np.concatenate([copies, kinds[second]])
    apart = np.concatenate([np.zeros(len(copies), np.uint16), distance])
    lower, upper = np.minimum(one, other), np.maximum(one, other)
    order = np.lexsort((upper, lower))
    return Pairs(lower[order], upper[order], apart[order])


def _rows(hashes: Sequence[bytes] | NDArray[np.uint8]) -> Words:
    """Take the hashes as four numbers each, the first bit first."""
    raw = hashes.tobytes() if isinstance(hashes, np.ndarray) else b"".join(hashes)
    return np.frombuffer(raw, ">u8").astype(np.uint64).reshape(-1, _WORDS)


def _distinct(rows: Words) -> tuple[Places, Places]:
    """Give the place of the first of each kind, in order, and of every row the kind's number."""
    if not len(rows):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.lexsort(rows.T)
    ordered = rows[order]
    new = np.concatenate([[True], (ordered[1:] != ordered[:-1]).any(1)])
    # lexsort is stable: the first of each run is the first of its kind.
    firsts = order[new]
    by_place = np.argsort(firsts)
    number = np.empty(len(firsts), np.int64)
    number[by_place] = np.arange(len(firsts))
    kind = np.empty(len(rows), np.int64)
    kind[order] = number[np.cumsum(new) - 1]
    return firsts[by_place].astype(np.int64), kind


def _near(
    rows: Words, most: int, executor: Executor | None
) -> tuple[Places, Places, NDArray[np.uint16]]:
    plans = [_plan(bands, most) for bands in range(_LEAST_BANDS, _MOST_BANDS + 1)]
    plan = min(plans, key=lambda each: each.cost(len(rows)))
    if plan.cost(len(rows)) >= _WORDS * len(rows) ** 2 / 2:
        found: Iterable[tuple[Places, Places]] = [_each_with_each(rows, most)]
    else:
        run = map if executor is None else executor.map
        found = run(partial(_in_band, _dealt(rows), plan), range(len(plan.starts)))
    keys = np.zeros(0, np.int64)
    for first, second in found:
        # A pair may be near in several bands; they are merged one by one, to keep few in memory.
        keys = np.union1d(keys, np.minimum(first, second) << 32 | np.maximum(first, second))
    one, other = keys >> 32, keys & 0xFFFFFFFF
    return one, other, _distances(rows, one, other)


def _plan(bands: int, most: int) -> _Plan:
    ends = [BITS * (band + 1) // bands for band in range(bands)]
    starts = [0, *ends[:-1]]
    widths = tuple(end - start for start, end in zip(starts, ends, strict=True))
    return _Plan(tuple(starts), widths, most)


def _dealt(rows: Words) -> Words:
    """Deal the bits, part by part: a byte a bit, all at once would be eight times the memory."""
    order = np.arange(BITS) * _STEP % BITS
    dealt = np.empty_like(rows)
    for start in range(0, len(rows), _FETCHED):
        part = rows[start : start + _FETCHED].astype(">u8").view(np.uint8)
        bits = np.take(np.unpackbits(part.reshape(-1, BITS // 8), axis=1), order, axis=1)
        dealt[start : start + _FETCHED] = np.packbits(bits, axis=1).view(">u8")
    return dealt


def _in_band(dealt: Words, plan: _Plan, band: int) -> tuple[Places, Places]:
    """Find the pairs that a band gives away."""
    width = plan.widths[band]
    chain = sum(plan.widths[(band + step) % len(plan.widths)] for step in range(_CHAIN))
    window = _window(dealt, plan.starts[band]) >> np.uint64(_WORD - chain)
    keys = (window >> np.uint64(chain - width)).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    bounds = np.searchsorted(keys[order], np.arange((1 << width) + 1))
    near = _near_words(window[order], _neighbours(bounds, _flips(width, plan.flips)), plan.chain)
    kept = [
        (first[close], second[close])
        for first, second in ((order[one], order[other]) for one, other in _together(near))
        for close in [_distances(dealt, first, second) <= plan.most]
    ]
    return _joined(one for one, _ in kept), _joined(other for _, other in kept)


def _joined(parts: Iterable[Places]) -> Places:
    return np.concatenate([np.zeros(0, np.int64), *parts])


def _window(dealt: Words, start: int) -> Words:
    """Take 64 bits from `start` on; after the last comes the first."""
    word, shift = divmod(start, _WORD)
    if not shift:
        return dealt[:, word]
    after = dealt[:, (word + 1) % _WORDS]
    return np.asarray((dealt[:, word] << np.uint64(shift)) | (after >> np.uint64(_WORD - shift)))


def _flips(width: int, most: int) -> Places:
    """Give all changes of `most` bits at most; the first changes none."""
    return np.array(
        [
            sum(1 << bit for bit in bits)
            for count in range(most + 1)
            for bits in combinations(range(width), count)
        ],
        np.int64,
    )


def _neighbours(bounds: Places, flips: Places) -> Iterator[tuple[int, int, Places]]:
    """Give of every bucket where it begins and ends, and the places to compare it with.

    These are its own and those of the buckets behind it that are few bits away: those before it
    were compared with it in their turn.
    """
    filled = np.flatnonzero(np.diff(bounds))
    for start in range(0, len(filled), _BUCKETS):
        buckets = filled[start : start + _BUCKETS]
        others = buckets[:, None] ^ flips
        begins = bounds[others]
        lengths = (bounds[others + 1] - begins) * (others >= buckets[:, None])
        totals = lengths.sum(1)
        # As many buckets at once as are small: one may hold nearly everything.
        groups = np.flatnonzero(np.diff(np.cumsum(totals) // _FETCHED)) + 1
        for group in np.split(np.arange(len(buckets)), groups):
            places = _ranges(begins[group].ravel(), lengths[group].ravel())
            ends = np.cumsum(totals[group])
            for bucket, end, total in zip(buckets[group], ends, totals[group], strict=True):
                yield int(bounds[bucket]), int(bounds[bucket + 1]), places[end - total : end]


def _ranges(begins: Places, lengths: Places) -> Places:
    """Count up from each beginning, one after the other; there is one that is not empty."""
    begins, lengths = begins[lengths > 0], lengths[lengths > 0]
    steps = np.ones(lengths.sum(), np.int64)
    steps[0] = begins[0]
    steps[np.cumsum(lengths)[:-1]] = begins[1:] - begins[:-1] - lengths[:-1] + 1
    return np.cumsum(steps)


def _near_words(
    window: Words, neighbours: Iterable[tuple[int, int, Places]], most: int
) -> Iterator[tuple[Places, Places]]:
    """Give places whose words differ in few bits, the first before the second."""
    apart, counts = np.empty(_AT_ONCE, np.uint64), np.empty(_AT_ONCE, np.uint8)
    for begin, end, others in neighbours:
        words = window[others]
        for column in range(0, len(others), _AT_ONCE):
            part = words[column : column + _AT_ONCE]
            rows = _AT_ONCE // len(part)
            for row in range(begin, end, rows):
                own = window[row : min(row + rows, end), None]
                size = len(own) * len(part)
                differ = apart[:size].reshape(len(own), len(part))
                np.bitwise_xor(own, part, out=differ)
                close = _counted(apart[:size], counts[:size]) <= most
                # The first counts of a bucket are its own hashes', each with itself among them.
                places = np.flatnonzero(close)
                one, other = row + places // len(part), others[column + places % len(part)]
                yield one[one < other], other[one < other]


def _together(
    parts: Iterable[tuple[Places, Places]],
) -> Iterator[tuple[Places, Places]]:
    """Join parts until a look at them is worth its while."""
    waiting: list[tuple[Places, Places]] = []
    count = 0
    for part in parts:
        if len(part[0]):
            waiting.append(part)
            count += len(part[0])
        if count >= _FETCHED:
            yield _joined(one for one, _ in waiting), _joined(other for _, other in waiting)
            waiting, count = [], 0
    yield _joined(one for one, _ in waiting), _joined(other for _, other in waiting)


def _each_with_each(rows: Words, most: int) -> tuple[Places, Places]:
    """Compare all with all behind them, some rows at a time."""
    found = []
    step = max(1, _AT_ONCE // max(1, len(rows)))
    for start in range(0, len(rows), step):
        own, others = rows[start : start + step], rows[start:]
        apart = np.zeros((len(own), len(others)), np.uint16)
        for word in range(_WORDS):
            apart += _counted(own[:, word, None] ^ others[:, word])
        one, other = np.nonzero(apart <= most)
        found.append((start + one[one < other], start + other[one < other]))
    return _joined(one for one, _ in found), _joined(other for _, other in found)


def _distances(rows: Words, one: Places, other: Places) -> NDArray[np.uint16]:
    apart = np.zeros(len(one), np.uint16)
    for start in range(0, len(one), _FETCHED):
        part = slice(start, start + _FETCHED)
        counts = _counted(rows[one[part]] ^ rows[other[part]])
        apart[part] = counts.sum(1, dtype=np.uint16)
    return apart


def _counted(words: Words, out: NDArray[np.uint8] | None = None) -> NDArray[np.uint8]:
    """Count the bits of each word, into `out` where there is one."""
    if hasattr(np, "bitwise_count"):
        return np.asarray(np.bitwise_count(words, out=out))
    halves = _COUNTS[np.ascontiguousarray(words).view(np.uint16)]
    return np.asarray(halves.reshape(*words.shape, _WORD // 16).sum(-1, out=out, dtype=np.uint8))
