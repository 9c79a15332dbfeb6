"""Where every image of a table goes: what an earlier split says holds, the rest is shared out.

This module joins groups, strata and an earlier split with the arithmetic of
:mod:`covidxr.splitting`. It opens no file and moves nothing that was placed, unless told to mend.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from covidxr import splitstrata, splitting
from covidxr.splitting import FREE, Weighed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from covidxr.dataset import Dataset
    from covidxr.splitfile import Plan, Split
    from covidxr.splitgroups import Groups

_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Images that belong together today and stand in several parts or folds.

    Parameters
    ----------
    group : str
        The group's name.
    kind : str
        ``"part"`` or ``"fold"``.
    where : tuple of (str, int, tuple of str)
        Part or fold, how many images were in it before, and the paths of some.
    patients : tuple of str
        Their patient ids, ascending.
    into : str
        Where new images of the group go, and with mending all of it.
    """

    group: str
    kind: str
    where: tuple[tuple[str, int, tuple[str, ...]], ...]
    patients: tuple[str, ...]
    into: str


@dataclass(frozen=True, kw_only=True)
class Placed:
    """Where images go.

    Parameters
    ----------
    names : tuple of str
        Of the parts.
    numbers : array of int
        Per row of the groups, which of them.
    folds : array of int or None
        Per row its fold; None where there are none.
    conflicts : tuple of Conflict
        Groups that are parted.
    """

    names: tuple[str, ...]
    numbers: NDArray[np.int64]
    folds: NDArray[np.int64] | None
    conflicts: tuple[Conflict, ...]

    @property
    def parts(self) -> list[str]:
        """Per row of the groups."""
        return list(map(self.names.__getitem__, self.numbers.tolist()))


def placed(
    dataset: Dataset, groups: Groups, plan: Plan, earlier: Split | None, *, mend: bool = False
) -> Placed:
    """Place every row.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    groups : Groups
        Its groups.
    plan : Plan
        How it is split.
    earlier : Split or None
        What holds.
    mend : bool
        Whether a group that is parted is brought together, where most of it is.
    """
    work = _Work(dataset, groups, plan)
    names = tuple(name for name, _ in plan.parts)
    shares = [share for _, share in plan.parts]
    numbers = {name: number for number, name in enumerate(names)}
    before = {} if earlier is None else earlier.parts()
    old = {path: numbers[part] for path, part in before.items() if part in numbers}
    part = work.fixed("part", old, names)
    by_group = work.shared(shares, part.of_group, "part")
    rows = part.of_rows(by_group, groups, mend=mend)
    if not plan.folds:
        return Placed(names=names, numbers=rows, folds=None, conflicts=part.conflicts)
    held = {} if earlier is None or earlier.plan.folds != plan.folds else earlier.folds()
    fold = work.fixed("fold", held, list(map(str, range(plan.folds))))
    in_fold = np.asarray(fold.of_group)
    for number in range(len(names)):
        # Within each part, so that folds are alike whether a part is left out or not.
        some = np.flatnonzero(np.asarray(by_group) == number)
        in_fold[some] = work.shared([1.0] * plan.folds, in_fold[some].tolist(), "fold", some)
    numbered = fold.of_rows(in_fold.tolist(), groups, mend=mend)
    both = part.conflicts + fold.conflicts
    return Placed(names=names, numbers=rows, folds=numbered, conflicts=both)


@dataclass(frozen=True, kw_only=True)
class _Fixed:
    """What an earlier split says: per row and per group, or `FREE`."""

    old: NDArray[np.int64]
    of_group: list[int]
    conflicts: tuple[Conflict, ...]

    def of_rows(self, by_group: Sequence[int], groups: Groups, *, mend: bool) -> NDArray[np.int64]:
        chosen = np.asarray(by_group, np.int64)[groups.of]
        return chosen if mend else np.where(self.old == FREE, chosen, self.old)


class _Work:
    """What placing parts and placing folds have in common."""

    def __init__(self, dataset: Dataset, groups: Groups, plan: Plan) -> None:
        self._groups = groups
        self._plan = plan
        self._people = dataset.table.texts("patientid")
        folders, names = dataset.table.texts("folder"), dataset.table.texts("filename")
        pairs = zip(
            folders.codes[groups.rows].tolist(), names.codes[groups.rows].tolist(), strict=True
        )
        self._paths = [f"{folders.known[at] or 'images'}/{names.known[of]}" for at, of in pairs]
        strata = (
            {}
            if plan.by_hash
            else {name: splitstrata.coded(dataset, name) for name in plan.stratify}
        )
        self._strata = strata

    def fixed(self, kind: str, old: Mapping[str, int], names: Sequence[str]) -> _Fixed:
        """Find where each group was."""
        groups = self._groups
        of_group = np.full(len(groups.names), FREE, np.int64)
        rows = np.fromiter(
            (old.get(path, FREE) for path in self._paths) if old else (),
            np.int64,
            len(self._paths) if old else 0,
        )
        if not old:
            free = np.full(len(self._paths), FREE, np.int64)
            return _Fixed(old=free, of_group=of_group.tolist(), conflicts=())
        was = np.flatnonzero(rows != FREE)
        keys, counts = np.unique(groups.of[was] * len(names) + rows[was], return_counts=True)
        owner, place = np.divmod(keys, len(names))
        # The last that is written stays: of each group the place of most rows, then the first one.
        order = np.lexsort((-place, counts))
        of_group[owner[order]] = place[order]
        parted = np.unique(owner[1:][owner[1:] == owner[:-1]])
        conflicts = [self._conflict(kind, int(group), rows, of_group, names) for group in parted]
        return _Fixed(old=rows, of_group=of_group.tolist(), conflicts=tuple(conflicts))

    def _conflict(
        self,
        kind: str,
        group: int,
        old: NDArray[np.int64],
        of_group: NDArray[np.int64],
        names: Sequence[str],
    ) -> Conflict:
        rows = np.flatnonzero(self._groups.of == group)
        where = []
        for place in sorted(set(old[rows].tolist()) - {FREE}):
            there = rows[old[rows] == place].tolist()
            paths = sorted(self._paths[row] for row in there)
            where.append((names[place], len(there), tuple(paths[:_NAMED])))
        codes = self._people.codes[self._groups.rows[rows]].tolist()
        return Conflict(
            group=self._groups.names[group],
            kind=kind,
            where=tuple(where),
            patients=tuple(sorted({self._people.known[code] for code in codes} - {""})),
            into=names[int(of_group[group])],
        )

    def shared(
        self,
        shares: Sequence[float],
        fixed: Sequence[int],
        purpose: str,
        some: NDArray[np.intp] | None = None,
    ) -> list[int]:
        """Share groups out; those of `some` alone, where that is given."""
        salt = f"{self._plan.seed}\0{purpose}"
        groups = self._groups if some is None else _only(self._groups, some)
        if self._plan.by_hash:
            drawn = splitting.by_hash(groups.names, shares, salt)
            pairs = zip(fixed, drawn, strict=True)
            return [now if was == FREE else was for was, now in pairs]
        profiles = splitstrata.Profiles(groups)
        for name, (codes, strata) in self._strata.items():
            profiles.add(name, codes, strata, splitting.fewest(shares))
        weighed = Weighed(
            names=groups.names,
            sizes=profiles.sizes,
            profiles=profiles.of,
            strata=len(profiles.names),
        )
        return splitting.balanced(weighed, shares, fixed, salt)


def _only(groups: Groups, some: NDArray[np.intp]) -> Groups:
    """Give some groups, numbered anew."""
    from covidxr.splitgroups import Groups

    numbers = np.full(len(groups.names), FREE, np.int64)
    numbers[some] = np.arange(len(some))
    of = numbers[groups.of]
    inside = of != FREE
    return Groups(
        rows=groups.rows[inside],
        of=of[inside],
        names=[groups.names[group] for group in some.tolist()],
    )
