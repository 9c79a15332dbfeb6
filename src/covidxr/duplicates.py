"""Finding images that are in a collection twice, or wait beside it a second time.

This workflow brings together what is alike, whose rows name it, and what was decided before. It
prints nothing and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from covidxr import alikefiles, candidatestore, duplicatebook, store
from covidxr.alikefiles import CANDIDATES, Pictures, Waiting
from covidxr.errors import CollectionError
from covidxr.filefacts import DECISIONS, PairDecision
from covidxr.levels import ImageDepth
from covidxr.likenessstore import Remembered
from covidxr.reviewbooks import Shelf
from covidxr.reviewcases import Cases
from covidxr.reviewdraft import picture
from covidxr.reviewsheet import State
from covidxr.samepatient import glance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.dataset import Dataset
    from covidxr.duplicatebook import Book, Stale
    from covidxr.filefacts import AlikePair
    from covidxr.imaging.sidebyside import Drawing
    from covidxr.likepairs import Near, Thorough
    from covidxr.places import Place
    from covidxr.reviewqueue import Candidate
    from covidxr.reviewsheet import RowGlance

MOST_DRAWN = 120
"""Pairs on one sheet at most: a taller picture than theirs few programs show."""

_OFFSETS = ("offset", "date")


class Sort(StrEnum):
    """What a pair is, the worst first."""

    PATIENTS = "different patients"
    TWICE = "same patient"
    UNKNOWN = "patient not known"
    COLLECTION = "candidate against collection"
    CANDIDATES = "candidate against candidate"
    UNLISTED = "file in no row"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Where to search, and how.

    Parameters
    ----------
    root : Path
        The collection's folder.
    place : Place or None
        Where the files lie, if not there.
    candidates : bool
        Whether candidates that wait for review are compared, too.
    everything : bool
        Whether pairs that are settled are given as well.
    workers : Executor or None
        Looks at files side by side; None looks at them one after the other.
    progress : callable or None
        Told how many files are done and how many there are, then the same of candidates.
    near : Near
        Finds near hashes.
    thorough : callable or None
        Given the pictures, makes what looks for parts and marked copies; None where that is not
        wanted.
    """

    root: Path
    place: Place | None = None
    candidates: bool = True
    everything: bool = False
    workers: Executor | None = None
    progress: Callable[[int, int], None] | None = None
    near: Near = alikefiles.near
    thorough: Callable[[Pictures], Thorough] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One picture of a cluster.

    Parameters
    ----------
    key : str
        As pairs name it.
    path : str
        Relative to the collection's root; empty for a candidate.
    id : str
        Of a candidate; empty for a file.
    rows : tuple of RowGlance
        The rows that name the file.
    """

    key: str
    path: str
    id: str
    rows: tuple[RowGlance, ...]

    @property
    def name(self) -> str:
        """What it is called, in messages and commands."""
        return self.id or self.path

    @property
    def patients(self) -> frozenset[str]:
        """The patients whose rows name it; blank ids are left out."""
        return frozenset(row.cells.get("patientid", "") for row in self.rows) - {""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A pair, what it is, and what was decided on it.

    Parameters
    ----------
    pair : AlikePair
        The pair.
    sort : Sort
        What it is.
    two_times : bool
        Whether the rows of one patient tell two offsets or dates.
    decision : PairDecision or None
        What was decided, whether that still holds or not.
    void : str
        Why the decision does not settle the pair; empty where it does, or there is none.
    """

    pair: AlikePair
    sort: Sort
    two_times: bool = False
    decision: PairDecision | None = None
    void: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.decision is not None and not self.void

    @property
    def must_be_seen(self) -> bool:
        """Whether a curator must look; a file in no row harms nobody."""
        return not self.settled and self.sort is not Sort.UNLISTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Pictures that hang together by pairs.

    Parameters
    ----------
    sides : tuple of Side
        Files before candidates, each by name.
    pairs : tuple of Judged
        The worst first.
    """

    sides: tuple[Side, ...]
    pairs: tuple[Judged, ...]

    @property
    def sort(self) -> Sort:
        """The worst that one of its pairs is, among those that are not settled if there are any."""
        return min(self.pairs, key=lambda each: each.settled).sort


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search found.

    Parameters
    ----------
    clusters : tuple of Cluster
        The worst first.
    stale : tuple of Stale
        Decisions whose files are gone, or that nobody understands.
    pictures : Pictures
        Where they can be read again.
    searched : int
        Pictures that were compared.
    unread : tuple of str
        Files and candidates that could not be: damaged, or no pictures.
    settled : int
        Pairs that are settled, whether they are given or not.
    """

    clusters: tuple[Cluster, ...]
    stale: tuple[Stale, ...]
    pictures: Pictures
    searched: int
    unread: tuple[str, ...]
    settled: int

    @property
    def must_be_seen(self) -> bool:
        """Whether a curator must look at something."""
        return any(each.must_be_seen for cluster in self.clusters for each in cluster.pairs)


def search(options: Options) -> Found:
    """Search a collection, and the candidates beside it, for images that are there twice.

    Raises
    ------
    CollectionError
        If the collection cannot be read.
    """
    from covidxr import likepairs

    contents = store.Contents(
        depth=ImageDepth.FULL,
        workers=options.workers,
        progress=options.progress,
        place=options.place,
        memory=Remembered(options.root),
    )
    dataset = store.read_collection(options.root, contents)
    pictures = Pictures(root=options.root, place=options.place)
    if options.candidates:
        pictures = _with_candidates(pictures)
    # A cluster's workers may not see what only this machine has.
    near_by = options.workers if options.place is None else None
    prints = (
        *alikefiles.of_files(dataset),
        *alikefiles.of_candidates(pictures, near_by, options.progress),
    )
    thumbnail = pictures.thumbnails(prints)
    more = options.thorough(pictures) if options.thorough else None
    how = likepairs.Search(near=options.near, thumbnail=thumbnail, thorough=more)
    book = alikefiles.book(options.root)
    judge = _Judge(dataset, book, {each.name: each.sha256 for each in prints})
    judged = [judge(pair) for pair in likepairs.pairs(prints, how)]
    shown = [each for each in judged if options.everything or not each.settled]
    return Found(
        clusters=_clusters(shown, judge),
        stale=duplicatebook.stale(book.decisions, dataset.files),
        pictures=pictures,
        searched=sum(bool(each.pixels) for each in prints),
        unread=tuple(each.name for each in prints if not each.pixels),
        settled=sum(each.settled for each in judged),
    )


def sheet(found: Found, most: int = MOST_DRAWN) -> bytes:
    """Draw pairs side by side, so that a curator can look.

    Parameters
    ----------
    found : Found
        What was found.
    most : int
        Pairs that are drawn at most, the worst first.

    Returns
    -------
    bytes
        A PNG file.
    """
    from covidxr.imaging.sidebyside import drawn

    return drawn(islice(_drawings(found), most))


def _drawings(found: Found) -> Iterator[Drawing]:
    from covidxr.imaging.sidebyside import Drawing

    for number, cluster in enumerate(found.clusters, start=1):
        sides = {each.key: each for each in cluster.sides}
        for each in cluster.pairs:
            names = each.pair.first, each.pair.second
            left, right = map(found.pictures.pixels, names)
            how = f"{each.pair.kind}, {each.pair.distance} bits, {each.pair.likeness:.2f}"
            words = (f"{number}. {each.sort}: {how}", *(_caption(sides[name]) for name in names))
            yield Drawing(left=left, right=right, words=words)


def _caption(side: Side) -> str:
    patients = ", ".join(sorted(side.patients))
    return f"{f'[{patients}] ' if patients else ''}{side.name}"


def _with_candidates(pictures: Pictures) -> Pictures:
    """Add the candidates that nobody has decided on.

    What was accepted is in the collection, and what was rejected is not wanted anyway.
    """
    kept = candidatestore.candidates_of(pictures.root, None)
    cases, books = Cases(kept), Shelf(pictures.root).books()
    deferred = books.deferred()
    found = {}
    for id_, each in cases.images().items():
        if books.standing(each, deferred).state in {State.WAITING, State.DEFERRED}:
            file = _file_of(each, cases)
            if file:
                name = f"{CANDIDATES}{id_}"
                stamp = f"{each.provenance.sha256}:{each.slices}"
                found[name] = Waiting(name=name, stamp=stamp, case=each.case, file=file)
    return replace(pictures, kept=kept, waiting=found)


def _file_of(candidate: Candidate, cases: Cases) -> str:
    """Name the file that stands for an image: the only one, or the middle slice of a volume."""
    if candidate.slices == 1:
        return candidate.id.removeprefix(f"{candidate.case}/")
    try:
        return picture(cases.record(candidate.case)["images"][candidate.number]).name
    except (CollectionError, ValueError, TypeError, LookupError, AttributeError):
        # `covidxr review` names cases whose record is damaged.
        return ""


class _Judge:
    """Says what pairs are, and remembers the rows of their files."""

    def __init__(
        self,
        dataset: Dataset,
        book: Book,
        hashes: Mapping[str, str],
    ) -> None:
        self._dataset = dataset
        self._decisions = {(each.first, each.second): each for each in book.decisions}
        self._hashes = hashes
        self._sides: dict[str, Side] = {}

    def side(self, name: str) -> Side:
        if name not in self._sides:
            is_candidate = name.startswith(CANDIDATES)
            rows = () if is_candidate else self._dataset.table.rows_of(name)
            self._sides[name] = Side(
                key=name,
                path="" if is_candidate else name,
                id=name.removeprefix(CANDIDATES) if is_candidate else "",
                rows=tuple(glance(self._dataset.row(row)) for row in rows),
            )
        return self._sides[name]

    def __call__(self, pair: AlikePair) -> Judged:
        sides = self.side(pair.first), self.side(pair.second)
        sort = _sort(*sides)
        decision = self._decisions.get((pair.first, pair.second))
        return Judged(
            pair=pair,
            sort=sort,
            two_times=sort is Sort.TWICE and _two_times(*sides),
            decision=decision,
            void=self._void(decision, sort),
        )

    def _void(self, decision: PairDecision | None, sort: Sort) -> str:
        if decision is None:
            return ""
        now = self._hashes.get(decision.first, ""), self._hashes.get(decision.second, "")
        if not decision.is_of(*now):
            changed = [
                name
                for name, was, is_now in zip(
                    (decision.first, decision.second),
                    (decision.first_sha256, decision.second_sha256),
                    now,
                    strict=True,
                )
                if was != is_now
            ]
            return f"since then {' and '.join(changed)} changed"
        if decision.decision not in DECISIONS:
            return duplicatebook.unknown(decision.decision)
        if not decision.settles(one_patient=sort is not Sort.PATIENTS):
            return "their rows still have two patient ids"
        return ""


def _sort(first: Side, second: Side) -> Sort:
    if first.id and second.id:
        return Sort.CANDIDATES
    if first.id or second.id:
        return Sort.COLLECTION
    if not first.rows or not second.rows:
        return Sort.UNLISTED
    if not first.patients or not second.patients:
        return Sort.UNKNOWN
    one = len(first.patients | second.patients) == 1
    return Sort.TWICE if one else Sort.PATIENTS


def _two_times(first: Side, second: Side) -> bool:
    """Tell whether the rows of two files say that they were taken at two times."""
    for name in _OFFSETS:
        ours, theirs = (
            {row.cells[name] for row in side.rows if name in row.cells} for side in (first, second)
        )
        if ours and theirs and ours.isdisjoint(theirs):
            return True
    return False


def _clusters(shown: Sequence[Judged], judge: _Judge) -> tuple[Cluster, ...]:
    from covidxr import likepairs

    order = list(Sort)
    made = []
    for members in likepairs.clusters([(each.pair.first, each.pair.second) for each in shown]):
        pairs = [shown[number] for number in members]
        names = {name for each in pairs for name in (each.pair.first, each.pair.second)}
        made.append(
            Cluster(
                sides=tuple(
                    map(judge.side, sorted(names, key=lambda name: (_is_candidate(name), name)))
                ),
                pairs=tuple(sorted(pairs, key=lambda each: order.index(each.sort))),
            )
        )
    return tuple(sorted(made, key=lambda each: order.index(each.sort)))


def _is_candidate(name: str) -> bool:
    return name.startswith(CANDIDATES)
