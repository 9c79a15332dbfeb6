"""Which files of a collection, and which candidates beside it, show the same picture.

This module owns what is compared: of files what the store saw of them, of candidates what is read
here, once. Both is remembered in ``.covidxr/likeness/``, which the review page shares. It decides
nothing about what it finds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from covidxr import duplicatebook, likenessstore, store
from covidxr.duplicatebook import Book
from covidxr.errors import CollectionError
from covidxr.likenessstore import Seen
from covidxr.places import Folder, UnopenedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.candidatestore import Candidates
    from covidxr.dataset import Dataset
    from covidxr.filefacts import AlikePair
    from covidxr.imaging.likeness import Fingerprint
    from covidxr.likepairs import Print
    from covidxr.model import ImageFacts
    from covidxr.places import Place

    Near: TypeAlias = tuple[Sequence[int], Sequence[int], Sequence[int]]

CANDIDATES = "candidates/"
"""What stands before the id of a candidate where a file's path would; files stand in a folder."""

# Candidates are handed to workers in portions, and what was seen of one is kept together.
_PORTION = 8
# Names that are asked for at once, and thumbnails at hand while pairs are looked at: 4 kB each.
_AT_HAND = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A candidate's image.

    Parameters
    ----------
    name : str
        `CANDIDATES` and its id.
    stamp : str
        What changes with its file.
    case, file : str
        ``source/case``, and the file's name in that folder.
    """

    name: str
    stamp: str
    case: str
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Where the bytes of everything that is compared are; it can be sent to processes.

    Parameters
    ----------
    root : Path
        The collection's folder.
    kept : Candidates or None
        Where candidates' files are; None where none is compared.
    waiting : mapping of str to Waiting
        Candidates by name.
    place : Place or None
        Where the files lie, if not in the collection's folder.
    """

    root: Path
    kept: Candidates | None = None
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    place: Place | None = None

    def portions(self, names: Sequence[str], size: int) -> list[tuple[Pictures, Sequence[str]]]:
        """Cut names into portions, each with what it takes to read them, and no more."""
        stretches = (names[start : start + size] for start in range(0, len(names), size))
        return [
            (
                replace(
                    self,
                    waiting={name: self.waiting[name] for name in some if name in self.waiting},
                ),
                some,
            )
            for some in stretches
        ]

    def data(self, name: str) -> bytes | None:
        """Read a file or a candidate; None where that cannot be done."""
        try:
            if name not in self.waiting:
                with (self.place or Folder(self.root)).opened(name) as (data, _):
                    return bytes(data)
            if self.kept is not None:
                return self.kept.file(self.waiting[name].case, self.waiting[name].file)
        except (UnopenedError, CollectionError):
            return None
        return None

    def pixels(self, name: str) -> NDArray[np.uint8] | None:
        """Decode a picture, to show it; None where that cannot be done."""
        from covidxr.imaging.viewing import eight_bits

        data = self.data(name)
        return eight_bits(data) if data else None

    def thumbnails(self, prints: Iterable[Print]) -> Callable[[str], Fingerprint | None]:
        """Give what finds a picture's fingerprint by its name."""
        sums = {each.name: each.sha256 for each in prints if each.hash}

        @lru_cache(_AT_HAND)
        def thumbnail(name: str) -> Fingerprint | None:
            seen = likenessstore.recall_bytes(self.root, sums[name]) if name in sums else None
            if seen is not None:
                return seen.fingerprint
            # Nothing can be kept on this disk, or somebody threw it away meanwhile.
            from covidxr.imaging.examine import look

            data = self.data(name)
            return look(name, data)[1] if data else None

        return thumbnail


def book(root: Path) -> Book:
    """Read what was decided on pairs of files.

    Raises
    ------
    CollectionError
        If the file is there and cannot be read.
    """
    name = duplicatebook.NAME
    return Book(store.file_bytes(root, name), where=str(root / name))


def of_files(dataset: Dataset) -> tuple[Print, ...]:
    """Give what is compared of a collection's files.

    Parameters
    ----------
    dataset : Dataset
        Whose files were looked at, at depth ``full``.

    Returns
    -------
    tuple of Print
        Files that rows name first: they tell whose picture it is.
    """
    rows_of = dataset.table.rows_of
    ordered = sorted(dataset.files.values(), key=lambda facts: not rows_of(facts.path))
    return tuple(map(_of_facts, ordered))


def of_candidates(
    pictures: Pictures,
    workers: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Print, ...]:
    """Give what is compared of candidates; those that were not seen before are read.

    Parameters
    ----------
    pictures : Pictures
        The candidates.
    workers : Executor or None
        Reads them side by side; None reads one after the other.
    progress : callable or None
        Told how many are done and how many there are.
    """
    wanted = list(pictures.waiting)
    found: dict[str, Print] = {}
    for start in range(0, len(wanted), _AT_HAND):
        # Stretch by stretch, since all thumbnails together could be too many.
        some = {name: pictures.waiting[name].stamp for name in wanted[start : start + _AT_HAND]}
        for name, seen in likenessstore.recall(pictures.root, some).items():
            found[name] = _of_seen(name, seen)
    left = [name for name in wanted if name not in found]
    portions = pictures.portions(left, _PORTION)
    for portion in workers.map(_see, portions) if workers else map(_see, portions):
        found |= {name: _of_seen(name, seen) for name, seen in portion}
        kept = {name: (pictures.waiting[name].stamp, seen) for name, seen in portion}
        likenessstore.keep(pictures.root, kept)
        if progress is not None:
            progress(len(found), len(wanted))
    return tuple(found[name] for name in wanted)


def alike(root: Path, dataset: Dataset, place: Place | None = None) -> tuple[AlikePair, ...]:
    """Find the files of a collection that show the same picture.

    Parameters
    ----------
    root : Path
        The collection's folder.
    dataset : Dataset
        As for `of_files`.
    place : Place or None
        Where the files lie, if not there.
    """
    from covidxr.likepairs import Search, pairs

    prints = of_files(dataset)
    thumbnail = Pictures(root=root, place=place).thumbnails(prints)
    return pairs(prints, Search(near=near, thumbnail=thumbnail))


def near(hashes: NDArray[np.uint8]) -> Near:
    """Find all pairs of near hashes; how near depends on how many there are."""
    from covidxr.nearpairs import bits_for, pairs

    found = pairs(hashes, bits_for(len(hashes)))
    return found.first.tolist(), found.second.tolist(), found.distance.tolist()


def _of_facts(facts: ImageFacts) -> Print:
    from covidxr.likepairs import Print

    if facts.pixels is None:
        return Print(name=facts.path, sha256=facts.sha256)
    return Print(
        name=facts.path,
        sha256=facts.sha256,
        pixels=facts.pixels.digest,
        hash=bytes.fromhex(facts.pixels.hash),
    )


def _of_seen(name: str, seen: Seen) -> Print:
    from covidxr.likepairs import Print

    bits = b"" if seen.fingerprint is None else seen.fingerprint.bits
    return Print(name=name, sha256=seen.sha256, pixels=seen.pixels, hash=bits)


def _see(portion: tuple[Pictures, Sequence[str]]) -> list[tuple[str, Seen]]:
    """Look at some candidates; it can be sent to another process with them."""
    from covidxr.imaging.examine import look

    pictures, names = portion
    found = []
    for name in names:
        data = pictures.data(name)
        facts, fingerprint = look(name, data) if data else (None, None)
        found.append((name, _seen(data, facts, fingerprint)))
    return found


def _seen(data: bytes | None, facts: ImageFacts | None, fingerprint: Fingerprint | None) -> Seen:
    if not data or facts is None:
        return Seen(sha256="")
    digest = "" if facts.pixels is None else facts.pixels.digest
    return Seen(sha256=facts.sha256, pixels=digest, fingerprint=fingerprint)
