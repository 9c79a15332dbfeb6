"""Which part each group goes to: balanced, seeded, whatever the order of the rows.

This module is arithmetic on groups; it knows no table and opens no file.

Groups are shared out as in iterative stratification (Sechidis, Tsoumakas and Vlahavas, "On the
stratification of multi-label data", ECML PKDD 2011): the rarest stratum first, each of its groups
to the part that lacks most of it. Here a group counts with all its rows, larger groups come first,
and no part that is full takes another group, so that no part is too large by more than one group.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FREE = -1
"""In place of a part: none yet."""

_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Groups and what is in them.

    Parameters
    ----------
    names : sequence of str
        Unlike each other.
    sizes : sequence of int
        Rows of each.
    profiles : sequence of sequence of (int, int)
        Per group, strata by number and how many of its rows they hold.
    strata : int
        How many strata there are.
    """

    names: Sequence[str]
    sizes: Sequence[int]
    profiles: Sequence[Sequence[tuple[int, int]]]
    strata: int


def fewest(shares: Sequence[float]) -> int:
    """Give how many groups a stratum needs so that more than one part should have one.

    A part should have one where its share of the groups is half a group or more.

    >>> fewest([0.7, 0.1, 0.2]), fewest([0.5, 0.5])
    (3, 1)
    """
    return math.ceil(0.5 / sorted(shares)[-2]) if len(shares) > 1 else 1


def by_hash(names: Sequence[str], shares: Sequence[float], salt: str) -> list[int]:
    """Choose parts by names alone: a group's part never depends on any other group.

    Parameters
    ----------
    names : sequence of str
        Of the groups.
    shares : sequence of float
        Of each part, above 0; their ratios count.
    salt : str
        Another one gives another split.
    """
    whole, bounds, reached = sum(shares), [], 0.0
    for share in shares:
        reached += share / whole
        bounds.append(reached)
    bounds[-1] = 1.0
    found = []
    for name in names:
        drawn = int.from_bytes(_hash(name, salt), "big") / 2 ** (8 * _BYTES)
        # The largest numbers are rounded to 1.
        at = next((at for at, bound in enumerate(bounds) if drawn < bound), len(bounds) - 1)
        found.append(at)
    return found


def balanced(
    weighed: Weighed, shares: Sequence[float], fixed: Sequence[int], salt: str
) -> list[int]:
    """Share groups out so that every part looks like the whole.

    Parameters
    ----------
    weighed : Weighed
        The groups.
    shares : sequence of float
        As for `by_hash`.
    fixed : sequence of int
        Per group the part that it stays in, or `FREE`.
    salt : str
        Another one gives another split where several are as good.

    Returns
    -------
    list of int
        Part of each group; the same whatever order the groups are given in.
    """
    return _Sharing(weighed, shares, list(fixed), salt).done()


def _hash(name: str, salt: str) -> bytes:
    text = f"{salt}\0{name}".encode("utf-8", "surrogateescape")
    return blake2b(text, digest_size=_BYTES).digest()


@dataclass(slots=True)
class _Sharing:
    """What every part still lacks, while groups are shared out."""

    weighed: Weighed
    shares: Sequence[float]
    part: list[int]
    salt: str
    lacks: list[list[float]] = field(default_factory=list)
    room: list[float] = field(default_factory=list)
    left: list[int] = field(default_factory=list)

    def done(self) -> list[int]:
        self._begin()
        free = [group for group, part in enumerate(self.part) if part == FREE]
        key = {group: (-self.weighed.sizes[group], self._drawn(group), group) for group in free}
        free.sort(key=key.__getitem__)
        for stratum in self._rarest_first(free):
            for group in stratum[1]:
                if self.part[group] == FREE:
                    self._place(group, stratum[0])
        for group in free:
            if self.part[group] == FREE:
                self._place(group, None)
        return self.part

    def _drawn(self, group: int) -> bytes:
        return _hash(self.weighed.names[group], self.salt)

    def _begin(self) -> None:
        totals = [0] * self.weighed.strata
        self.left = [0] * self.weighed.strata
        for group, profile in enumerate(self.weighed.profiles):
            for stratum, count in profile:
                totals[stratum] += count
                if self.part[group] == FREE:
                    self.left[stratum] += count
        whole = sum(self.shares)
        shares = [share / whole for share in self.shares]
        self.lacks = [[share * total for share in shares] for total in totals]
        self.room = [share * sum(self.weighed.sizes) for share in shares]
        for group, part in enumerate(self.part):
            if part != FREE:
                self._take(group, part)

    def _take(self, group: int, part: int) -> None:
        self.room[part] -= self.weighed.sizes[group]
        for stratum, count in self.weighed.profiles[group]:
            self.lacks[stratum][part] -= count

    def _rarest_first(self, free: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
        """Yield strata with their groups; what is rarest changes as groups are placed."""
        members: list[list[int]] = [[] for _ in self.left]
        for group in free:
            for stratum, _ in self.weighed.profiles[group]:
                members[stratum].append(group)
        waiting = {stratum for stratum, groups in enumerate(members) if groups}
        while waiting:
            rarest = min(waiting, key=lambda stratum: (self.left[stratum], stratum))
            waiting.remove(rarest)
            if self.left[rarest]:
                yield rarest, members[rarest]

    def _place(self, group: int, stratum: int | None) -> None:
        room = self.room
        lacks = room if stratum is None else self.lacks[stratum]
        best, most = FREE, (-math.inf, -math.inf)
        for part, free in enumerate(room):
            if free > 0 and (lacks[part], free) > most:
                best, most = part, (lacks[part], free)
        if best == FREE:
            # Only where shares do not add up to a last bit.
            best = max(range(len(room)), key=room.__getitem__)
        self.part[group] = best
        self._take(group, best)
        for each, count in self.weighed.profiles[group]:
            self.left[each] -= count
