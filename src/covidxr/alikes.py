"""Finding what is near a picture among many, by the bits of their fingerprints.

This module owns the search. It compares one hash with all of them, in one sweep: 100,000 hashes are
3.2 MB and take 6 ms on one slow core, a million 100 ms. No cleverer index repays that: for two
hashes 96 bits apart to share a band of bits for certain, there would have to be 97 bands. Finding
all `pairs` among many is another matter; `nearpairs` does it. This opens no file, and looks at no
thumbnail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from covidxr.imaging.likeness import BITS, NEAR_BITS
from covidxr.nearpairs import PAIR_BITS, pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from covidxr.imaging.likeness import Fingerprint

__all__ = ("PAIR_BITS", "Index", "Likeness", "index", "near", "pairs")

# numpy counts bits itself from version 2 on only; two bytes at a time it is as fast.
_COUNTS = np.array([number.bit_count() for number in range(1 << 16)], np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """A picture that is near another.

    Parameters
    ----------
    name : str
        As it was given to `index`.
    distance : int
        Bits in which their hashes differ.
    """

    name: str
    distance: int


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Fingerprints that are searched; `index` makes it.

    Parameters
    ----------
    names : tuple of str
        Of the pictures.
    words : numpy.ndarray
        Their hashes, ``(pictures, BITS / 16)``, 16 bits each.
    """

    names: tuple[str, ...]
    words: NDArray[np.uint16]


def index(fingerprints: Mapping[str, Fingerprint]) -> Index:
    """Make an index of fingerprints, by name."""
    hashes = b"".join(each.bits for each in fingerprints.values())
    words = np.frombuffer(hashes, np.uint16).reshape(len(fingerprints), BITS // 16)
    return Index(tuple(fingerprints), words)


def near(among: Index, to: Fingerprint, most_bits: int = NEAR_BITS) -> tuple[Likeness, ...]:
    """Give the pictures whose hash is near, nearest first.

    Parameters
    ----------
    among : Index
        What is searched.
    to : Fingerprint
        What is looked for.
    most_bits : int
        Bits that may differ.

    Returns
    -------
    tuple of Likeness
        Those that are equally near in the index's order; itself among them where it is in the
        index.
    """
    distances = _COUNTS[among.words ^ np.frombuffer(to.bits, np.uint16)].sum(1, dtype=np.uint16)
    close = np.flatnonzero(distances <= most_bits)
    ordered = close[np.argsort(distances[close], kind="stable")]
    return tuple(
        Likeness(name=among.names[place], distance=int(distances[place])) for place in ordered
    )
