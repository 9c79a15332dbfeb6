"""Looking at all files of a collection, side by side, and only at those that changed.

This module owns the order of the work: what is remembered, what has to be read, in which portions.
The work is done by the executor that is passed in: threads, processes and a cluster's workers give
the same facts. It opens no file itself; a :class:`covidxr.places.Place` does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from covidxr.levels import ImageDepth
from covidxr.places import UnopenedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor

    from covidxr.imaging.likeness import Fingerprint
    from covidxr.model import ImageFacts
    from covidxr.places import Place

Result = TypeVar("Result")

# Every format that is known here can be told by, and has its size in, its first 64 KiB.
_HEAD = 65_536

# Files are handed to workers in portions: one small file is done sooner than it is handed over.
# Decoding takes longer, and the last portion should not keep one worker alone.
_PORTION, _DECODED_PORTION = 32, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at one file gave.

    Parameters
    ----------
    facts : ImageFacts
        What it says of itself.
    fingerprint : Fingerprint or None
        What its picture is compared by; None below depth ``full``, and where there is none.
    """

    facts: ImageFacts
    fingerprint: Fingerprint | None = None


class Memory(Protocol):
    """What was seen at depth ``full`` before; whatever it cannot do merely takes longer."""

    def recall(self, stamps: Mapping[str, str]) -> dict[str, ImageFacts]:
        """Give facts of files that did not change, by path."""
        ...

    def recall_bytes(self, sums: Mapping[str, str]) -> dict[str, ImageFacts]:
        """Give facts of files whose bytes were seen, by path; `sums` are their SHA-256."""
        ...

    def keep(self, found: Mapping[str, tuple[str, Looked]]) -> None:
        """Remember stamp and facts of files, by path."""
        ...

    def is_empty(self) -> bool:
        """Tell whether nothing is remembered."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How the work is done.

    Parameters
    ----------
    depth : ImageDepth
        How closely files are looked at.
    workers : Executor or None
        Looks at files side by side; None looks at them one after the other.
    progress : callable or None
        Told how many files are done and how many there are.
    memory : Memory or None
        What was seen before, at depth ``full``; at other depths it is not asked.
    """

    depth: ImageDepth
    workers: Executor | None = None
    progress: Callable[[int, int], None] | None = None
    memory: Memory | None = None


def look_at_files(place: Place, work: Work) -> dict[str, ImageFacts]:
    """Look at all files of a place.

    Returns
    -------
    dict of str to ImageFacts
        By path, in the order of the paths, whoever did the work.
    """
    paths = list(place.paths())
    memory = work.memory if work.depth is ImageDepth.FULL else None
    facts = _remembered(place, paths, memory, work) if memory else {}
    left = [path for path in paths if path not in facts]
    stamps = place.stamps(left) if memory else {}
    if facts and work.progress is not None:
        work.progress(len(facts), len(paths))
    portion = _DECODED_PORTION if work.depth is ImageDepth.FULL else _PORTION
    for looked in _mapped(Look(place, work.depth), left, portion, work.workers):
        facts.update((each.facts.path, each.facts) for each in looked)
        if memory:
            memory.keep(_to_keep(looked, stamps, place))
        if work.progress is not None:
            work.progress(len(facts), len(paths))
    return {path: facts[path] for path in paths}


@dataclass(frozen=True, slots=True)
class Look:
    """Looks at some files; an object, so that processes can be sent it.

    Parameters
    ----------
    place : Place
        Where they lie.
    depth : ImageDepth
        How closely.
    """

    place: Place
    depth: ImageDepth

    def __call__(self, paths: Sequence[str]) -> list[Looked]:
        """Look at files one after the other."""
        return [self._look(path) for path in paths]

    def _look(self, path: str) -> Looked:
        from covidxr.imaging.examine import examine, examine_header, look
        from covidxr.model import FileProblem, ImageFacts

        try:
            most = _HEAD if self.depth is ImageDepth.HEADER else None
            with self.place.opened(path, most) as (data, size):
                if self.depth is ImageDepth.HEADER:
                    return Looked(facts=examine_header(path, bytes(data), size))
                if self.depth is ImageDepth.FULL:
                    facts, fingerprint = look(path, data)
                    return Looked(facts=facts, fingerprint=fingerprint)
                return Looked(facts=examine(path, data, self.depth))
        except UnopenedError as error:
            problem = FileProblem(kind="unreadable", message=str(error))
            return Looked(facts=ImageFacts(path=path, bytes=0, problems=(problem,)))


@dataclass(frozen=True, slots=True)
class Sum:
    """Hashes the bytes of some files.

    Parameters
    ----------
    place : Place
        Where they lie.
    """

    place: Place

    def __call__(self, paths: Sequence[str]) -> dict[str, str]:
        """Give SHA-256 by path; what cannot be opened is left out."""
        found = {}
        for path in paths:
            try:
                with self.place.opened(path) as (data, _):
                    found[path] = hashlib.sha256(data).hexdigest()
            except UnopenedError:
                continue
        return found


def _remembered(
    place: Place, paths: Sequence[str], memory: Memory, work: Work
) -> dict[str, ImageFacts]:
    """Give what is known of files: by stamp, or by their bytes where only the stamp is new."""
    if memory.is_empty():
        return {}
    stamps = place.stamps(paths)
    facts = memory.recall(stamps)
    # git gives every file of a fresh checkout another time.
    moved = [path for path in stamps if path not in facts]
    sums: dict[str, str] = {}
    for some in _mapped(Sum(place), moved, _PORTION, work.workers):
        sums |= some
    again = memory.recall_bytes(sums)
    memory.keep({path: (stamps[path], Looked(facts=each)) for path, each in again.items()})
    return facts | again


def _to_keep(
    looked: Iterable[Looked], stamps: Mapping[str, str], place: Place
) -> dict[str, tuple[str, Looked]]:
    """Give what may be remembered: what was readable, and did not change while it was read."""
    kept = {
        each.facts.path: (stamps[each.facts.path], each)
        for each in looked
        if each.facts.path in stamps and each.facts.sha256
    }
    now = place.stamps(kept)
    return {path: given for path, given in kept.items() if now.get(path) == given[0]}


def _mapped(
    do: Callable[[Sequence[str]], Result],
    paths: Sequence[str],
    portion: int,
    workers: Executor | None,
) -> Iterator[Result]:
    portions = [paths[start : start + portion] for start in range(0, len(paths), portion)]
    return workers.map(do, portions) if workers is not None and portions else map(do, portions)
