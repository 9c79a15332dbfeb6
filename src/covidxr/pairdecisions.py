"""Writing down what a curator decides on files that look alike, and forgetting it again.

This workflow owns how names on the command line become pairs, and the one change of
``duplicate-decisions.csv`` that follows. It compares no pictures and prints nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from covidxr import alikefiles, duplicatebook, store, transaction
from covidxr.duplicatebook import ordered
from covidxr.errors import UsageError
from covidxr.filefacts import DECISIONS, PairDecision
from covidxr.filelook import Sum
from covidxr.places import Folder
from covidxr.transaction import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from covidxr.duplicatebook import Book
    from covidxr.pacing import Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a curator says of some files.

    Parameters
    ----------
    decision : str
        A key of :data:`covidxr.filefacts.DECISIONS`.
    reason : str
        Why.
    by : str
        Who; may be empty.
    clock : Clock
        Tells when.
    """

    decision: str
    reason: str
    by: str
    clock: Clock


def decide(root: Path, names: Sequence[str], verdict: Verdict) -> tuple[PairDecision, ...]:
    """Write down what holds for each pair of some files; what was decided before gives way.

    Parameters
    ----------
    root : Path
        The collection's folder.
    names : sequence of str
        Two or more files: paths relative to the root, or names that only one file has.
    verdict : Verdict
        What is said of them.

    Raises
    ------
    UsageError
        If a file is not there, or nothing can be written of them.
    CollectionError
        If the disk refuses; then nothing was changed.
    """
    if verdict.decision not in DECISIONS:
        raise UsageError(duplicatebook.unknown(verdict.decision))
    if not verdict.reason.strip():
        raise UsageError("why? say so with --reason, such as --reason 'two slices, side by side'")
    paths = _paths(store.files_there(root), names)
    if len(paths) < 2:  # noqa: PLR2004 - a pair
        raise UsageError("which files? name two or more: covidxr duplicates decide FILE FILE …")
    at = verdict.clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")
    hashes = _sums(root, paths)
    made = [
        PairDecision(
            first=first,
            second=second,
            first_sha256=hashes[first],
            second_sha256=hashes[second],
            decision=verdict.decision,
            reason=" ".join(verdict.reason.split()),
            decided_by=" ".join(verdict.by.split()),
            decided_at=at,
        )
        for first, second in sorted(ordered(*pair) for pair in combinations(paths, 2))
    ]
    with transaction.holding(root):
        book = alikefiles.book(root)
        _write(root, book, book.with_decisions(made))
    return tuple(made)


def forget(root: Path, names: Sequence[str], *, stale: bool = False) -> tuple[PairDecision, ...]:
    """Remove decisions.

    Parameters
    ----------
    root : Path
        The collection's folder.
    names : sequence of str
        One file: all that was decided on it goes, whether it is still there or not. Several: what
        was decided on pairs of them.
    stale : bool
        Whether decisions on files that are gone go, too.

    Returns
    -------
    tuple of PairDecision
        What was removed.

    Raises
    ------
    UsageError
        If nothing fits.
    CollectionError
        If the disk refuses; then nothing was changed.
    """
    with transaction.holding(root):
        book = alikefiles.book(root)
        removed = _named(book.decisions, names)
        if stale:
            there = store.files_there(root)
            removed |= {each.decision for each in duplicatebook.stale(book.decisions, there)}
        if not removed:
            raise UsageError(
                "nothing was decided on that; `covidxr duplicates --all` shows decisions"
            )
        _write(root, book, book.without(lambda each: each in removed))
    return tuple(each for each in book.decisions if each in removed)


def _named(decisions: Sequence[PairDecision], names: Sequence[str]) -> set[PairDecision]:
    """Give what was decided on one file, or on pairs of several."""
    known = frozenset(path for each in decisions for path in (each.first, each.second))
    wanted = frozenset(_paths(known, names))
    if len(wanted) == 1:
        return {each for each in decisions if {each.first, each.second} & wanted}
    return {each for each in decisions if {each.first, each.second} <= wanted}


def _paths(there: frozenset[str], names: Iterable[str]) -> list[str]:
    """Give the path that each name means, each path once."""
    found: dict[str, None] = {}
    for name in names:
        fits = [name] if name in there else [path for path in there if path.endswith(f"/{name}")]
        if not fits:
            raise UsageError(f"there is no file {name!r}; name it as `covidxr duplicates` does")
        if len(fits) > 1:
            raise UsageError(f"{name!r} can be {' or '.join(sorted(fits))}: name its folder, too")
        found[fits[0]] = None
    return list(found)


def _sums(root: Path, paths: Sequence[str]) -> dict[str, str]:
    """Give SHA-256 by path; a link that leads out of the collection is not followed."""
    sums = Sum(Folder(root))(paths)
    unread = [path for path in paths if path not in sums]
    if unread:
        raise UsageError(f"{', '.join(unread)} cannot be read, so nothing can be decided on it")
    return sums


def _write(root: Path, book: Book, data: bytes) -> None:
    if data != book.data:
        transaction.commit(root, [Change(path=duplicatebook.NAME, data=data, was=book.data)])
