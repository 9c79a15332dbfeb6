"""Which of many pictures are worth a thorough look together.

This module owns the choice of pairs, by the spots that few pictures have. It looks at no picture:
`overlaps` does. Spots that look the same have keys in common; the pictures that share many rare
keys are chosen. No picture is compared with all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from covidxr.imaging.features import KEYS, VIEWS, key, viewed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from covidxr.imaging.features import Features

    Pixels: TypeAlias = NDArray[np.uint8]
    Numbers: TypeAlias = NDArray[np.int64]

# A key that more spots share says nothing: it is an edge as there are many.
_CROWD = 12
# Pictures that each is compared with at most.
_SHORT = 12


class Look(NamedTuple):
    """A pair that is worth a look.

    Parameters
    ----------
    first, second : int
        Places in what was searched; ``first < second``.
    view : int
        What is to be done to the second, as `overlap` takes it.
    """

    first: int
    second: int
    view: int


def shortlist(features: Sequence[Features], most: int = _SHORT) -> list[Look]:
    """Choose pairs that are worth a look, by the spots that few pictures have.

    Parameters
    ----------
    features : sequence of Features
        Of all pictures.
    most : int
        Pairs that each picture brings in at most.

    Returns
    -------
    list of Look
        In order; one pair may be there in several views. Time and memory grow with the number of
        pictures, not with that of pairs.
    """
    if not features:
        return []
    owners = np.repeat(np.arange(len(features)), [len(each.codes) for each in features])
    codes = np.concatenate([each.codes for each in features])
    looks, scores = [], []
    for view in VIEWS:
        pairs, weights = _votes(codes, viewed(codes, view), owners)
        looks.append(pairs * len(VIEWS) + view)
        scores.append(weights)
    return _best(np.concatenate(looks), np.concatenate(scores), len(features), most)


def _votes(codes: Pixels, viewed: Pixels, owners: Numbers) -> tuple[Numbers, NDArray[np.float64]]:
    """Count the keys that two pictures share, a rare one for more; pairs as one number each."""
    count = int(owners[-1]) + 1
    tables = [
        _shared(key(codes, number), key(viewed, number), owners, count) for number in range(KEYS)
    ]
    return _summed([pairs for pairs, _ in tables], [weights for _, weights in tables])


def _shared(
    keys: NDArray[np.int32], others: NDArray[np.int32], owners: Numbers, count: int
) -> tuple[Numbers, NDArray[np.float64]]:
    order = np.argsort(others, kind="stable")
    begins = np.searchsorted(others[order], keys, "left")
    sizes = np.searchsorted(others[order], keys, "right") - begins
    sizes[sizes > _CROWD] = 0
    spots = np.repeat(np.arange(len(keys)), sizes)
    within = np.arange(len(spots)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    one, other = owners[spots], owners[order[begins[spots] + within]]
    pairs = np.minimum(one, other) * count + np.maximum(one, other)
    apart = one != other
    return _summed([pairs[apart]], [1.0 / sizes[spots][apart]])


def _summed(
    pairs: Sequence[Numbers], weights: Sequence[NDArray[np.float64]]
) -> tuple[Numbers, NDArray[np.float64]]:
    distinct, which = np.unique(np.concatenate(pairs), return_inverse=True)
    sums = np.bincount(which, np.concatenate(weights), len(distinct))
    return distinct, np.asarray(sums, np.float64)


def _best(looks: Numbers, scores: NDArray[np.float64], count: int, most: int) -> list[Look]:
    pairs, view = np.divmod(looks, len(VIEWS))
    first, second = np.divmod(pairs, count)
    chosen = np.zeros(len(looks), bool)
    place = np.tile(np.arange(len(looks)), 2)
    picture = np.concatenate([first, second])
    order = np.lexsort((-scores[place], picture))
    begins = np.searchsorted(picture[order], picture[order])
    chosen[place[order[np.arange(len(order)) - begins < most]]] = True
    rows = zip(first[chosen], second[chosen], view[chosen], strict=True)
    return sorted(Look(int(one), int(other), int(how)) for one, other, how in rows)
