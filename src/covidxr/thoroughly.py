"""The thorough search: pictures that share a part, found by what they look like spot by spot.

This module owns the order of the work: describe each picture, choose pairs that are worth a look,
look. How a picture is described and compared is given to it, and so is who does the work. It
decides nothing about what it finds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Executor

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.alikefiles import Pictures
    from covidxr.imaging.features import Features
    from covidxr.likepairs import Thorough

Kind = TypeVar("Kind")

# Pictures are handed to workers in portions; describing one takes some 50 ms, a look at two 2 ms.
_DESCRIBED, _LOOKS = 4, 64


class Overlap(Protocol):
    """What two pictures share."""

    @property
    def correlation(self) -> float:
        """Of the shared part, up to 1."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking(Generic[Kind]):
    """How pictures are described and compared; functions that can be sent to processes.

    Parameters
    ----------
    describe : callable
        Takes a picture of eight bits and gives its features; None where it has none.
    shortlist : callable
        Takes all features and gives pairs that are worth a look: the places of the two, and a view.
        A pair may be there in several views.
    overlap : callable
        Takes two features and the views to try; gives what they share, or None.
    """

    describe: Callable[[NDArray[np.uint8]], Kind | None]
    shortlist: Callable[[Sequence[Kind]], Iterable[tuple[int, int, int]]]
    overlap: Callable[[Kind, Kind, Sequence[int]], Overlap | None]


def looking() -> Looking[Features]:
    """Give the real way: spots that stand out, the rarer of them first, laid over each other."""
    from covidxr.imaging.features import describe
    from covidxr.imaging.overlaps import overlap
    from covidxr.imaging.shortlists import shortlist

    return Looking(describe=describe, shortlist=shortlist, overlap=overlap)


def thorough(
    pictures: Pictures,
    looking: Looking[Kind],
    workers: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Thorough:
    """Give the search that :class:`covidxr.likepairs.Search` asks for.

    Parameters
    ----------
    pictures : Pictures
        Where their bytes are; each is decoded again.
    looking : Looking
        How they are compared.
    workers : Executor or None
        Does the work side by side; None does one after the other.
    progress : callable or None
        Told how many pictures are described and how many there are.
    """

    def search(names: Sequence[str], /) -> Iterator[tuple[int, int, float]]:
        described: list[Kind] = []
        places: list[int] = []
        done = 0
        describe = _Describe(looking.describe)
        jobs = pictures.portions(names, _DESCRIBED)
        for portion in workers.map(describe, jobs) if workers else map(describe, jobs):
            for each in portion:
                if each is not None:
                    described.append(each)
                    places.append(done)
                done += 1
            if progress is not None:
                progress(done, len(names))
        views: dict[tuple[int, int], list[int]] = {}
        for first, second, view in looking.shortlist(described):
            views.setdefault((first, second), []).append(view)
        pairs = list(views)
        looks = [(described[one], described[two], views[one, two]) for one, two in pairs]
        compare = _Compare(looking.overlap)
        some = [looks[start : start + _LOOKS] for start in range(0, len(looks), _LOOKS)]
        compared = workers.map(compare, some) if workers else map(compare, some)
        found = (each for portion in compared for each in portion)
        for (one, two), correlation in zip(pairs, found, strict=True):
            if correlation is not None:
                yield places[one], places[two], min(max(correlation, 0.0), 1.0)

    return search


@dataclass(frozen=True, slots=True)
class _Describe(Generic[Kind]):
    """Describes some pictures; an object, so that processes can be sent it."""

    describe: Callable[[NDArray[np.uint8]], Kind | None]

    def __call__(self, portion: tuple[Pictures, Sequence[str]]) -> list[Kind | None]:
        pictures, names = portion
        shown = map(pictures.pixels, names)
        return [None if pixels is None else self.describe(pixels) for pixels in shown]


@dataclass(frozen=True, slots=True)
class _Compare(Generic[Kind]):
    """Looks at some pairs; an object, so that processes can be sent it."""

    overlap: Callable[[Kind, Kind, Sequence[int]], Overlap | None]

    def __call__(self, pairs: Sequence[tuple[Kind, Kind, Sequence[int]]]) -> list[float | None]:
        found = (self.overlap(one, other, views) for one, other, views in pairs)
        return [None if each is None else each.correlation for each in found]
