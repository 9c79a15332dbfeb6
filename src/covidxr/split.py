"""Making a split of a collection, and keeping the one that is there.

This workflow joins the table, the files' likeness and an earlier split, and writes a new one.
Images that were in a part stay in it: where what is known today joins images of two parts, that is
told, and nothing moves unless it is asked for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from itertools import repeat
from typing import TYPE_CHECKING

from covidxr import disk, splitaudit, splitfile, splitgroups, splitplaces, splitstrata, store
from covidxr.errors import UsageError
from covidxr.levels import ImageDepth
from covidxr.likenessstore import Remembered
from covidxr.splitaudit import Assigned
from covidxr.splitfile import Line, Plan, Split

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from covidxr.dataset import Dataset
    from covidxr.places import Place
    from covidxr.splitaudit import Audit
    from covidxr.splitgroups import Groups
    from covidxr.splitplaces import Conflict, Placed

WHOLE = (("all", 1.0),)
"""The one part of a split into folds alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Where a collection is, and how its files are looked at.

    Parameters
    ----------
    root : Path
        The collection's folder.
    place : Place or None
        Where its files lie, if not there.
    near : bool or None
        Whether images that show the same are looked for; None does so where there are images.
    workers : Executor or None
        Looks at files side by side.
    progress : callable or None
        Told how many files are done and how many there are.
    """

    root: Path
    place: Place | None = None
    near: bool | None = None
    workers: Executor | None = None
    progress: Callable[[int, int], None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for; None is as in the earlier split, or as usual where there is none.

    Parameters
    ----------
    seed, parts, folds, stratify, by_hash, pages
        As in :class:`covidxr.splitfile.Plan`.
    """

    seed: int | None = None
    parts: tuple[tuple[str, float], ...] | None = None
    folds: int | None = None
    stratify: tuple[str, ...] | None = None
    by_hash: bool | None = None
    pages: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to split, and how.

    Parameters
    ----------
    looking : Looking
        The collection.
    wanted : Wanted
        What was asked for.
    out : Path or None
        Where the split is written; None writes nothing.
    keep : Path or None
        An earlier split that holds; by default `out`, if it is there.
    afresh : bool
        Whether no earlier split holds.
    mend : bool
        Whether images of one group that stand in several parts are moved into one.
    """

    looking: Looking
    wanted: Wanted = field(default_factory=Wanted)
    out: Path | None = None
    keep: Path | None = None
    afresh: bool = False
    mend: bool = False


@dataclass(frozen=True, kw_only=True)
class Made:
    """A split and how it came about.

    Parameters
    ----------
    split : Split
        As it is written.
    audit : Audit
        How its parts are made up; what the source alone tells is not asked.
    groups : int
        How many groups there are.
    kept, new, gone : int
        Images that were in the earlier split, that are new, and that are no longer in the table.
    conflicts : tuple of Conflict
        Groups whose images stand in several parts or folds; empty where `mended`.
    moved : tuple of Conflict
        Groups that were brought into one part because that was asked for.
    earlier : str
        Path of the earlier split; empty where there was none.
    edits : tuple of str
        Where the earlier split had been changed by hand.
    unnamed : int
        Rows that name no file and so are in no part.
    searched : bool
        Whether images that show the same were looked for.
    """

    split: Split
    audit: Audit
    groups: int
    kept: int = 0
    new: int = 0
    gone: int = 0
    conflicts: tuple[Conflict, ...] = ()
    moved: tuple[Conflict, ...] = ()
    earlier: str = ""
    edits: tuple[str, ...] = ()
    unnamed: int = 0
    searched: bool = False


def make(options: Options) -> Made:
    """Split a collection.

    Raises
    ------
    CollectionError
        If the collection or the earlier split cannot be read, or the new one not written.
    UsageError
        If what is asked for makes no sense, or contradicts the earlier split.
    """
    earlier, where = _earlier(options)
    plan = _plan(options.wanted, earlier, where)
    dataset = looked_at(options.looking)
    searched = dataset.depth is ImageDepth.FULL
    plan = replace(plan, duplicates=searched)
    groups = splitgroups.groups(dataset, pages=plan.pages)
    placed = splitplaces.placed(dataset, groups, plan, earlier, mend=options.mend)
    split = Split(
        plan=plan,
        lines=_lines(dataset, groups, placed),
        table_sha256=hashlib.sha256(dataset.table.text.data).hexdigest(),
    )
    data, split = splitfile.finished(split)
    if options.out is not None:
        disk.write_bytes(options.out, data)
    here = {line.path for line in split.lines}
    before = earlier.parts() if earlier else {}
    return Made(
        split=split,
        audit=splitaudit.audit(dataset, _assigned(dataset, groups, placed), shortcuts=False),
        groups=len(groups.names),
        kept=len(here & before.keys()),
        new=len(here - before.keys()),
        gone=len(before.keys() - here),
        conflicts=() if options.mend else placed.conflicts,
        moved=placed.conflicts if options.mend else (),
        earlier=where if earlier else "",
        edits=earlier.edits if earlier else (),
        unnamed=len(dataset.table) - len(groups.rows),
        searched=searched,
    )


def looked_at(looking: Looking) -> Dataset:
    """Read a collection and, where that is wanted and can be done, find images that are alike.

    Raises
    ------
    UsageError
        If images are to be compared and there are none.
    CollectionError
        If it cannot be read.
    """
    root, place = looking.root, looking.place
    if looking.near is False:
        return store.read_collection(root)
    bare = store.read_collection(root)
    if not bare.folders & {"images", "volumes"} and place is None:
        if looking.near:
            raise UsageError(f"{root} has no images to compare; leave out --near")
        return bare
    from covidxr import alikefiles

    contents = store.Contents(
        depth=ImageDepth.FULL,
        workers=looking.workers,
        progress=looking.progress,
        place=place,
        memory=Remembered(root),
    )
    dataset = replace(
        store.read_collection(root, contents), decisions=alikefiles.book(root).decisions
    )
    return replace(dataset, alike=alikefiles.alike(root, dataset, place))


def _earlier(options: Options) -> tuple[Split | None, str]:
    path = options.keep or options.out
    if path is None or options.afresh:
        return None, ""
    text = disk.read_text_if_there(path)
    if text is None:
        if options.keep is not None:
            raise UsageError(f"{path} is not there, so nothing can be kept of it")
        return None, ""
    return splitfile.read(text.encode("utf-8", "surrogateescape"), str(path)), str(path)


def _plan(wanted: Wanted, earlier: Split | None, where: str) -> Plan:
    """Join what was asked for with what holds; an earlier split is never remade unasked."""
    splitstrata.check(wanted.stratify or ())
    if earlier is None:
        # Whoever asks for folds alone cross-validates; parts besides them would be in the way.
        alone = wanted.folds and wanted.parts is None
        return _over(Plan(parts=WHOLE) if alone else Plan(), wanted)
    old = earlier.plan
    if wanted.seed not in {None, old.seed}:
        raise UsageError(_other(where, "seed", old.seed))
    if wanted.by_hash not in {None, old.by_hash}:
        raise UsageError(_other(where, "parts", "by hash" if old.by_hash else "balanced"))
    if old.folds and wanted.folds not in {None, old.folds}:
        raise UsageError(_other(where, "folds", old.folds))
    if {name for name, _ in old.parts} - {name for name, _ in wanted.parts or old.parts}:
        raise UsageError(_other(where, "parts", splitfile.written_parts(old.parts)))
    return _over(old, wanted)


def _over(plan: Plan, wanted: Wanted) -> Plan:
    """Give a plan with what was asked for in place of what it has."""
    return Plan(
        seed=plan.seed if wanted.seed is None else wanted.seed,
        parts=wanted.parts or plan.parts,
        folds=wanted.folds or plan.folds,
        stratify=plan.stratify if wanted.stratify is None else wanted.stratify,
        by_hash=plan.by_hash if wanted.by_hash is None else wanted.by_hash,
        pages=plan.pages if wanted.pages is None else wanted.pages,
    )


def _other(where: str, what: str, old: object) -> str:
    return (
        f"{where} was made with {what} {old}, and its images stay where they are; "
        "--afresh makes another split of all, or name another file with --out"
    )


def _lines(dataset: Dataset, groups: Groups, placed: Placed) -> tuple[Line, ...]:
    names = [_column(dataset, name, groups) for name in ("filename", "folder", "patientid")]
    called = map(groups.names.__getitem__, groups.of.tolist())
    folds = repeat(None) if placed.folds is None else placed.folds.tolist()
    return tuple(map(Line, *names, called, placed.parts, folds))


def _assigned(dataset: Dataset, groups: Groups, placed: Placed) -> Assigned:
    """Give the parts, or the folds where there is one part alone, row by row."""
    import numpy as np

    of_row = np.full(len(dataset.table), splitaudit.NONE, np.int64)
    if len(placed.names) > 1 or placed.folds is None:
        of_row[groups.rows] = placed.numbers
        return Assigned(names=placed.names, of_row=of_row)
    of_row[groups.rows] = placed.folds
    folds = int(placed.folds.max(initial=0)) + 1
    return Assigned(names=tuple(map(splitfile.fold_name, range(folds))), of_row=of_row)


def _column(dataset: Dataset, name: str, groups: Groups) -> Sequence[str]:
    texts = dataset.table.texts(name)
    return list(map(texts.known.__getitem__, texts.codes[groups.rows].tolist()))
