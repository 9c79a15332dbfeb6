"""Which pictures are the same, out of many: pairs, and the clusters that pairs make.

This module owns how exact copies, equal pixels, near hashes and the closer look come together. It
opens no file; how near hashes are found, and where thumbnails come from, is given to it. Nothing
here compares all with all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from covidxr.filefacts import AlikePair
from covidxr.imaging.likeness import ALIKE, BITS, confirm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, TypeAlias

    from numpy.typing import NDArray

    from covidxr.imaging.likeness import Fingerprint

    Numbers: TypeAlias = Sequence[int] | NDArray[np.integer[Any]]

MOST_PAIRED = 12
"""Files that are the same of which each is paired with each; of more, each with the first alone."""

_MOST_CROSSED = MOST_PAIRED * MOST_PAIRED


class Near(Protocol):
    """Finds all pairs of hashes that are near each other."""

    def __call__(self, hashes: NDArray[np.uint8], /) -> tuple[Numbers, Numbers, Numbers]:
        """Find them.

        Parameters
        ----------
        hashes : numpy.ndarray
            ``(pictures, BITS / 8)``.

        Returns
        -------
        tuple of three sequences or arrays of int
            Positions of the first and the second of each pair, and the bits in which they differ.
        """


class Thorough(Protocol):
    """Finds pairs that no hash of the whole picture does: parts, mirrored and marked copies."""

    def __call__(self, names: Sequence[str], /) -> Iterable[tuple[int, int, float]]:
        """Find them.

        Parameters
        ----------
        names : sequence of str
            Pictures, one of each that are the same.

        Returns
        -------
        iterable of (int, int, float)
            Positions among `names` and the likeness of what both show, 0 to 1.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """What is known of one picture.

    Parameters
    ----------
    name : str
        As in :class:`covidxr.filefacts.AlikePair`.
    sha256 : str
        Of the bytes; empty where they could not be read.
    pixels : str
        Digest of the pixels; empty where it cannot be shown.
    hash : bytes
        Of `BITS` bits; empty where it has none, as a picture of one tone.
    """

    name: str
    sha256: str
    pixels: str = ""
    hash: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """How pictures are searched.

    Parameters
    ----------
    near : Near
        Finds near hashes.
    thumbnail : callable
        Gives a picture's fingerprint by its name, or None where it has none any more.
    thorough : Thorough or None
        Looks for more; None where that is not wanted.
    """

    near: Near
    thumbnail: Callable[[str], Fingerprint | None]
    thorough: Thorough | None = None


def pairs(prints: Sequence[Print], search: Search) -> tuple[AlikePair, ...]:
    """Find the pictures that are the same.

    Parameters
    ----------
    prints : sequence of Print
        Each picture once. Of more than `MOST_PAIRED` that are the same the first one is paired
        with every other, so those that tell most should come first.
    search : Search
        How near ones are found.

    Returns
    -------
    tuple of AlikePair
        By name.
    """
    groups = _groups(prints)
    found = [pair for group in groups for pair in _within(prints, group)]
    seen = [group for group in groups if prints[group[0]].hash]
    known: set[tuple[int, int]] = set()
    for first, second, distance in _near(prints, seen, search):
        likeness = _likeness(prints, seen[first][0], seen[second][0], search)
        if likeness >= ALIKE:
            known.add((first, second))
            how = ("near", distance, likeness)
            found += _across(prints, seen[first], seen[second], how)
    for first, second, likeness in _thorough(prints, seen, search):
        if (first, second) not in known:
            found += _across(prints, seen[first], seen[second], ("part", BITS, likeness))
    return tuple(sorted(found, key=lambda each: (each.first, each.second)))


def clusters(edges: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Bring together what hangs together.

    Parameters
    ----------
    edges : sequence of (str, str)
        Pairs of names.

    Returns
    -------
    list of list of int
        Positions of the edges of each cluster, ascending; clusters by their first edge.
    """
    parents: dict[str, str] = {}
    for first, second in edges:
        one, other = _root(parents, first), _root(parents, second)
        parents[max(one, other)] = min(one, other)
    found: dict[str, list[int]] = {}
    for number, (first, _) in enumerate(edges):
        found.setdefault(_root(parents, first), []).append(number)
    return list(found.values())


def _root(parents: dict[str, str], name: str) -> str:
    """Find the name that stands for a cluster, and shorten the way to it."""
    while (above := parents.setdefault(name, name)) != name:
        parents[name] = name = parents[above]
    return name


def _groups(prints: Sequence[Print]) -> list[list[int]]:
    """Bring together pictures of the same bytes, or of the same pixels where there is some tone."""
    groups: dict[str, list[int]] = {}
    for number, each in enumerate(prints):
        key = each.pixels if each.hash else each.sha256
        groups.setdefault(key or f"\0{number}", []).append(number)
    return list(groups.values())


def _within(prints: Sequence[Print], group: Sequence[int]) -> Iterator[AlikePair]:
    centres = group if len(group) <= MOST_PAIRED else group[:1]
    for place, one in enumerate(centres):
        for other in group[place + 1 :]:
            same = prints[one].sha256 == prints[other].sha256 != ""
            yield _pair(prints, one, other, ("bytes" if same else "pixels", 0, 1.0))


def _across(
    prints: Sequence[Print],
    ones: Sequence[int],
    others: Sequence[int],
    how: tuple[str, int, float],
) -> Iterator[AlikePair]:
    """Pair the copies of two pictures; of very many each with the other picture's first."""
    whole = len(ones) * len(others) <= _MOST_CROSSED
    for place, one in enumerate(ones):
        for other in others if whole or not place else others[:1]:
            yield _pair(prints, one, other, how)


def _pair(prints: Sequence[Print], one: int, other: int, how: tuple[str, int, float]) -> AlikePair:
    first, second = sorted((prints[one].name, prints[other].name))
    kind, distance, likeness = how
    return AlikePair(first=first, second=second, kind=kind, distance=distance, likeness=likeness)


def _near(
    prints: Sequence[Print], seen: Sequence[Sequence[int]], search: Search
) -> Iterator[tuple[int, int, int]]:
    """Give near pairs of pictures that are not the same, those with one picture together."""
    if len(seen) < 2:  # noqa: PLR2004 - a pair
        return
    joined = b"".join(prints[group[0]].hash for group in seen)
    hashes = np.frombuffer(joined, np.uint8).reshape(len(seen), BITS // 8)
    firsts, seconds, distances = map(np.asarray, search.near(hashes))
    low, high = np.minimum(firsts, seconds), np.maximum(firsts, seconds)
    for place in np.lexsort((high, low)).tolist():
        if low[place] != high[place]:
            yield int(low[place]), int(high[place]), int(distances[place])


def _likeness(prints: Sequence[Print], one: int, other: int, search: Search) -> float:
    first, second = search.thumbnail(prints[one].name), search.thumbnail(prints[other].name)
    return 0.0 if first is None or second is None else confirm(first, second)


def _thorough(
    prints: Sequence[Print], seen: Sequence[Sequence[int]], search: Search
) -> Iterator[tuple[int, int, float]]:
    if search.thorough is None:
        return
    for one, other, likeness in search.thorough([prints[group[0]].name for group in seen]):
        yield min(one, other), max(one, other), float(likeness)
