"""Comparing candidates with the collection's files and with each other, beside a review.

This workflow reads every image once, in the background, and keeps of each what it takes to compare
it: some 5 kB. It may be asked at any time and answers from what was read so far. It decides
nothing: what is alike is for a curator to look at.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from covidxr import alikes, likenessstore, reviewqueue, store
from covidxr.errors import CollectionError, CovidxrError, UsageError
from covidxr.identifiers import canonical_url, doi_key, read_doi
from covidxr.imaging.likeness import ALIKE, confirm, fingerprint
from covidxr.imaging.pixels import digest, only_grey
from covidxr.imaging.viewing import eight_bits
from covidxr.likenessstore import Seen
from covidxr.places import Folder
from covidxr.reviewdraft import picture
from covidxr.reviewsheet import Alike
from covidxr.samepatient import glance
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.candidatestore import Candidates
    from covidxr.reviewqueue import Candidate
    from covidxr.table import Table

    Pixels: TypeAlias = NDArray[np.uint8]

MOST_SHOWN = 20
"""Pictures that are given of one image at most: more than that nobody compares."""

MOST_BYTES = 1 << 29
"""Size of the largest file that is read; larger volumes are passed over, and counted."""

# Of a hundred thousand images some thousand are near enough for a closer look, of 0.6 ms or more.
_MOST_CONFIRMED = 400
# Images that are in memory at once.
_AT_ONCE = 2
# Images after which what was seen is kept; so many are read again after a loss of power.
_PORTION = 32
# Where candidates stand among names; the collection's files begin with their folder.
_CANDIDATE = "candidates/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What is compared. The functions are called from several threads, under no lock.

    Parameters
    ----------
    root : Path
        The collection's folder.
    candidates : Candidates
        Where candidates' files are.
    queue : callable
        Gives every candidate image by id.
    table : callable
        Gives the collection's table.
    decode : callable
        Turns a file's bytes into a picture, or None where it cannot be shown.
    """

    root: Path
    candidates: Candidates
    queue: Callable[[], Mapping[str, Candidate]]
    table: Callable[[], Table]
    decode: Callable[[bytes], Pixels | None] = eight_bits


class Comparing:
    """Reads in the background and says what is alike; several threads may ask.

    Parameters
    ----------
    material : Material
        What is compared.
    workers : Executor
        Threads that read; they share memory with those who ask.
    progress : callable or None
        Told, from those threads, how many images are read and how many there are.
    """

    def __init__(
        self,
        material: Material,
        workers: Executor,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self._material = material
        self._workers = workers
        self._progress = progress
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._queue: Mapping[str, Candidate] = {}
        self._stamps: dict[str, str] = {}
        self._seen: dict[str, Seen] = {}
        self._index: alikes.Index | None = None
        self._waiting: deque[str] = deque()
        self._unkept: dict[str, tuple[str, Seen]] = {}
        self._lanes = 0
        self._bug: BaseException | None = None

    def start(self) -> None:
        """Begin to read; this returns at once."""
        self._submit(self._begin)

    def stop(self) -> None:
        """End soon: no further image is begun, and what was read is kept."""
        self._stopped.set()
        self._keep()

    def searched(self) -> tuple[int, int]:
        """Give how many images are read, and how many there are."""
        with self._lock:
            return len(self._seen), len(self._stamps)

    def skipped(self) -> int:
        """Count the images that were read and cannot be shown, so that nothing is like them."""
        with self._lock:
            return sum(not each.pixels for each in self._seen.values())

    def alike(self, id_: str) -> tuple[Alike, ...]:
        """Give what is like a candidate, among all that was read so far.

        Parameters
        ----------
        id_ : str
            Of the candidate; its own image is read at once where it was not yet.

        Returns
        -------
        tuple of Alike
            At most `MOST_SHOWN`, the likest first, files of the collection before candidates. A
            candidate whose very bytes are in the collection is not named beside that file.

        Raises
        ------
        UsageError
            If there is no such candidate.
        CollectionError
            If the collection's files cannot be listed.
        """
        if self._bug is not None:
            raise self._bug
        queue = self._material.queue()
        asked = queue.get(id_)
        if asked is None:
            raise UsageError(f"there is no candidate image {id_!r}; `covidxr review --list`")
        self._take(queue)
        own = self._read(f"{_CANDIDATE}{id_}") or Seen(sha256=asked.provenance.sha256)
        with self._lock:
            seen = dict(self._seen)
            index = self._index = self._index or _index(seen)
        found = _found(f"{_CANDIDATE}{id_}", own, seen, index)
        kept = {seen[each.name].sha256 for each in found if not _is_candidate(each.name)}
        shown = [
            each
            for each in found
            if not _is_candidate(each.name) or seen[each.name].sha256 not in kept
        ]
        table = self._material.table()
        return tuple(_alike(each, asked, queue, table) for each in shown[:MOST_SHOWN])

    # -- what there is -----------------------------------------------------------------

    def _listed(self, queue: Mapping[str, Candidate]) -> dict[str, str]:
        """Give every image's name, and what changes with it."""
        stamps = {}
        folder = Folder(self._material.root)
        paths = sorted(folder.paths())
        known = folder.stamps(paths)
        for path in paths:
            # What cannot be asked is counted all the same.
            stamps[path] = known.get(path, "0:0:0:0")
        for id_, each in queue.items():
            stamps[f"{_CANDIDATE}{id_}"] = f"{each.provenance.sha256}:{each.slices}"
        return stamps

    def _take(self, queue: Mapping[str, Candidate]) -> None:
        """Remember what there is now, and see to it that what is new is read."""
        stamps = self._listed(queue)
        with self._lock:
            changed = {
                name: stamp for name, stamp in stamps.items() if self._stamps.get(name) != stamp
            }
            gone = self._stamps.keys() - stamps.keys()
            self._queue, self._stamps = queue, stamps
            for name in (*gone, *changed):
                self._seen.pop(name, None)
                self._index = None
        if changed:
            known = likenessstore.recall(self._material.root, changed)
            self._add({name: (changed[name], seen) for name, seen in known.items()})
            with self._lock:
                self._waiting.extend(name for name in changed if name not in known)
        self._open_lanes()

    def _add(self, found: Mapping[str, tuple[str, Seen]]) -> None:
        with self._lock:
            for name, (stamp, seen) in found.items():
                # It may have changed, or gone, while it was read.
                if self._stamps.get(name) == stamp:
                    self._seen[name] = seen
                    self._index = None
            read, total = len(self._seen), len(self._stamps)
        if self._progress is not None and found:
            self._progress(read, total)

    # -- reading -----------------------------------------------------------------------

    def _begin(self) -> None:
        try:
            self._take(self._material.queue())
            self._end()
        except CovidxrError:
            # Whoever asks is told, since the list is made anew then.
            return
        except BaseException as error:
            self._bug = error
            raise

    def _open_lanes(self) -> None:
        with self._lock:
            opened = min(_AT_ONCE - self._lanes, len(self._waiting))
            self._lanes += max(opened, 0)
        for _ in range(opened):
            self._submit(self._step)

    def _submit(self, work: Callable[[], None]) -> None:
        try:
            self._workers.submit(work)
        except RuntimeError:
            # They were sent home before this was told to stop.
            self.stop()

    def _step(self) -> None:
        """Read one image and ask for the next, so that others have a turn between."""
        with self._lock:
            name = self._waiting.popleft() if self._waiting else None
            if name is None or self._stopped.is_set():
                self._lanes -= 1
        if self._stopped.is_set() or name is None:
            self._end()
            return
        try:
            self._read(name)
        except BaseException as error:
            self._bug = error
            raise
        self._submit(self._step)

    def _end(self) -> None:
        """Keep what was read; where nothing is left to read, forget what is there no more."""
        self._keep()
        with self._lock:
            whole = not self._stopped.is_set() and len(self._seen) == len(self._stamps)
            names = set(self._stamps)
        if whole:
            likenessstore.forget_others(self._material.root, names)

    def _read(self, name: str) -> Seen | None:
        with self._lock:
            stamp, seen = self._stamps.get(name), self._seen.get(name)
        if stamp is None or seen is not None:
            return seen
        seen = self._look(name, stamp)
        self._add({name: (stamp, seen)})
        with self._lock:
            self._unkept[name] = (stamp, seen)
            full = len(self._unkept) >= _PORTION
        if full:
            self._keep()
        return seen

    def _look(self, name: str, stamp: str) -> Seen:
        try:
            data = self._bytes(name, stamp)
        except (CollectionError, ValueError, TypeError, LookupError, AttributeError):
            # Nobody may read it, or its record is damaged; the queue says so of candidates.
            data = None
        if not data:
            return Seen(sha256="")
        sha256 = hashlib.sha256(data).hexdigest()
        known = likenessstore.recall_bytes(self._material.root, sha256)
        return known or _seen(sha256, self._material.decode(data))

    def _bytes(self, name: str, stamp: str) -> bytes | None:
        if _is_candidate(name):
            candidate = self._queue[name.removeprefix(_CANDIDATE)]
            file = _file_of(candidate, self._material.candidates)
            return self._material.candidates.file(candidate.case, file)
        size = int(stamp.split(":")[1])
        # A pipe has no bytes, and no end.
        return store.file_bytes(self._material.root, name) if 0 < size <= MOST_BYTES else None

    def _keep(self) -> None:
        with self._lock:
            unkept, self._unkept = self._unkept, {}
        likenessstore.keep(self._material.root, unkept)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A name that is like the one asked for."""

    name: str
    distance: int = 0
    likeness: float = 1.0
    same_bytes: bool = False
    same_pixels: bool = False


def _is_candidate(name: str) -> bool:
    return name.startswith(_CANDIDATE)


def _index(seen: Mapping[str, Seen]) -> alikes.Index:
    return alikes.index(
        {name: each.fingerprint for name, each in seen.items() if each.fingerprint is not None}
    )


def _seen(sha256: str, pixels: Pixels | None) -> Seen:
    if pixels is None:
        return Seen(sha256=sha256)
    # A grey picture that is stored in colour counts as grey.
    grey = only_grey(pixels)
    counted = pixels if grey is None else grey
    return Seen(sha256=sha256, pixels=digest(counted), fingerprint=fingerprint(counted))


def _file_of(candidate: Candidate, candidates: Candidates) -> str:
    """Name the file that stands for an image: the only one, or the middle slice of a volume."""
    if candidate.slices == 1:
        return candidate.id.removeprefix(f"{candidate.case}/")
    record = reviewqueue.read_record(candidates.record(candidate.case)[0])
    return picture(record["images"][candidate.number]).name


def _found(own_name: str, own: Seen, seen: Mapping[str, Seen], index: alikes.Index) -> list[_Match]:
    """Find what is the same or alike, likest first, files before candidates."""
    found = _same(own, seen)
    if own.fingerprint is not None:
        near = [each for each in alikes.near(index, own.fingerprint) if each.name not in found]
        for each in near[:_MOST_CONFIRMED]:
            other = seen[each.name].fingerprint
            value = 0.0 if other is None else confirm(own.fingerprint, other)
            if value >= ALIKE:
                found[each.name] = _Match(name=each.name, distance=each.distance, likeness=value)
    found.pop(own_name, None)
    return sorted(
        found.values(),
        key=lambda each: (-each.likeness, each.distance, _is_candidate(each.name), each.name),
    )


def _same(own: Seen, seen: Mapping[str, Seen]) -> dict[str, _Match]:
    """Find the same bytes, and the same pixels where they are not all of one tone."""
    found = {}
    for name, each in seen.items():
        same_bytes = bool(own.sha256) and each.sha256 == own.sha256
        same_pixels = bool(own.pixels) and each.pixels == own.pixels
        if same_bytes or (same_pixels and own.fingerprint is not None):
            found[name] = _Match(name=name, same_bytes=same_bytes, same_pixels=same_pixels)
    return found


def _alike(match: _Match, asked: Candidate, queue: Mapping[str, Candidate], table: Table) -> Alike:
    id_ = match.name.removeprefix(_CANDIDATE) if _is_candidate(match.name) else ""
    rows = () if id_ else tuple(Row(table, row) for row in table.rows_of(match.name))
    if id_:
        same_case = id_ in queue and queue[id_].case == asked.case
    else:
        same_case = any(_is_of_case(row, asked) for row in rows)
    return Alike(
        path="" if id_ else match.name,
        id=id_,
        distance=match.distance,
        likeness=match.likeness,
        same_bytes=match.same_bytes,
        same_pixels=match.same_pixels,
        rows=tuple(map(glance, rows)),
        same_case=same_case,
    )


def _is_of_case(row: Row, asked: Candidate) -> bool:
    """Tell whether a row names the page or the paper that a candidate is from."""
    pages = {canonical_url(each) for each in (*asked.addresses, asked.provenance.page_url)} - {""}
    ours, theirs = read_doi(asked.provenance.doi).doi, read_doi(row["doi"]).doi
    same_paper = ours and theirs and doi_key(ours) == doi_key(theirs)
    return bool(same_paper) or canonical_url(row["url"]) in pages
