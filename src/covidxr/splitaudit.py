"""What is wrong with a split: patients and pictures on both sides, and how its parts differ.

This module compares parts of rows; it opens no file and cares not who made the split. A part whose
name begins with "train" is what models are trained on; where there is none, as with folds, each
part is held against all others.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from covidxr import labels, splitstrata
from covidxr.splitgroups import same_picture
from covidxr.splitread import is_training, kind_of
from covidxr.splitshortcut import shortcut

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from covidxr.dataset import Dataset
    from covidxr.splitread import Listed
    from covidxr.splitshortcut import Shortcut

NONE = -1
"""In place of a part: none."""

KINDS = (*splitstrata.CHOICES[:2], "view")
"""What parts are compared by."""

_ENOUGH = 3
_TELLING = 6


@dataclass(frozen=True, kw_only=True)
class Assigned:
    """Which row is in which part.

    Parameters
    ----------
    names : tuple of str
        Of the parts, in the order in which they are shown.
    of_row : array of int
        Per row of the table the number of its part, or `NONE`.
    strangers : tuple of str
        Names that no row has.
    twice : tuple of (str, tuple of str)
        Names that stand in several parts, and these.
    """

    names: tuple[str, ...]
    of_row: NDArray[np.int64]
    strangers: tuple[str, ...] = ()
    twice: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartFacts:
    """One part.

    Parameters
    ----------
    name : str
        Its name.
    images, patients : int
        Rows and distinct patient ids.
    against : str
        The part, or parts, that it is held against; empty for what is trained on.
    seen_patients : int
        Its images whose patient has images there.
    seen_pictures : int
        Its images of which there is a copy, the same or nearly so, there.
    """

    name: str
    images: int
    patients: int
    against: str = ""
    seen_patients: int = 0
    seen_pictures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Torn:
    """A patient, or a pair of pictures, in several parts.

    Parameters
    ----------
    names : tuple of str
        The patient id, or the two paths.
    where : tuple of (str, int)
        Parts and how many of the images are in each; for two paths, the part of each and 1.
    """

    names: tuple[str, ...]
    where: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """How many images of one stratum each part has.

    Parameters
    ----------
    kind, name : str
        ``"view"`` and ``"PA"``.
    counts : tuple of int
        One a part, in the order of the parts.
    """

    kind: str
    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Audit:
    """All that was found.

    Parameters
    ----------
    parts : tuple of PartFacts
        One a part.
    patients, pictures : tuple of Torn
        What stands on both sides.
    balance : tuple of Balance
        Per kind, the commonest stratum first.
    lacking : tuple of (str, str)
        Labels that three images or more have and that a part has none of, and that part.
    shortcuts : tuple of Shortcut
        What the source alone tells, label by label, part by part.
    missing : tuple of str
        Paths of images that are in no part.
    strangers, twice
        As in `Assigned`.
    compared : bool
        Whether pictures were compared.
    """

    parts: tuple[PartFacts, ...]
    patients: tuple[Torn, ...]
    pictures: tuple[Torn, ...]
    balance: tuple[Balance, ...]
    lacking: tuple[tuple[str, str], ...]
    shortcuts: tuple[Shortcut, ...]
    missing: tuple[str, ...]
    strangers: tuple[str, ...]
    twice: tuple[tuple[str, tuple[str, ...]], ...]
    compared: bool

    @property
    def leaks(self) -> bool:
        """Whether anything stands on both sides."""
        return bool(self.patients or self.pictures or self.twice)


def assigned(dataset: Dataset, listed: Sequence[Listed]) -> Assigned:
    """Bring the names of a split to the rows of a table.

    Parameters
    ----------
    dataset : Dataset
        The collection.
    listed : sequence of Listed
        A blank part is none. Of a name in several parts the first holds.
    """
    names = sorted({each.part for each in listed} - {""}, key=_order)
    numbers = {name: number for number, name in enumerate(names)}
    of_row = np.full(len(dataset.table), NONE, np.int64)
    strangers: dict[str, None] = {}
    parts: dict[int, dict[str, None]] = {}
    for each in listed:
        if not each.rows:
            strangers[each.written] = None
        elif each.part:
            parts.setdefault(each.rows[0], {})[each.part] = None
            for row in each.rows:
                if of_row[row] == NONE:
                    of_row[row] = numbers[each.part]
    twice = [(dataset.row(row).path, tuple(each)) for row, each in parts.items() if len(each) > 1]
    return Assigned(
        names=tuple(names), of_row=of_row, strangers=tuple(strangers), twice=tuple(twice)
    )


def _order(part: str) -> tuple[int, str]:
    """Training first, then what models are chosen by, then what they are tested on."""
    kinds = ("train", "val", "test")
    kind = kind_of(part)
    return (kinds.index(kind) if kind in kinds else len(kinds), part.zfill(9))


def audit(dataset: Dataset, parts: Assigned, *, shortcuts: bool = True) -> Audit:
    """Audit a split.

    Parameters
    ----------
    dataset : Dataset
        The collection; pictures are compared where pairs that are alike are known.
    parts : Assigned
        The split.
    shortcuts : bool
        Whether to ask what the source alone tells.
    """
    patients = _Patients(dataset, parts)
    pictures = _torn_pictures(dataset, parts)
    balance = tuple(_balance(dataset, parts))
    return Audit(
        parts=tuple(_facts(parts, patients, pictures)),
        patients=tuple(patients.torn()),
        pictures=tuple(torn for torn, _ in pictures),
        balance=balance,
        lacking=tuple(_lacking(balance, parts)),
        shortcuts=tuple(_shortcuts(dataset, parts, balance)) if shortcuts else (),
        missing=tuple(_missing(dataset, parts)),
        strangers=parts.strangers,
        twice=parts.twice,
        compared=dataset.depth.name == "FULL",
    )


class _Patients:
    """Which patients have images in which parts; rows without a patient are nobody's."""

    def __init__(self, dataset: Dataset, parts: Assigned) -> None:
        texts = dataset.table.texts("patientid")
        self._known, self._parts = texts.known, parts
        self._codes = texts.codes.astype(np.int64)
        placed = parts.of_row != NONE
        if texts.blank is not None:
            placed &= self._codes != texts.blank
        self._rows = np.flatnonzero(placed)
        self.counts = np.zeros((len(self._known), max(1, len(parts.names))), np.int64)
        where = self._codes[self._rows], parts.of_row[self._rows]
        np.add.at(self.counts, where, 1)

    def torn(self) -> Iterator[Torn]:
        """Patients in several parts, those with most images first."""
        several = np.flatnonzero((self.counts > 0).sum(axis=1) > 1)
        images = self.counts[several].sum(axis=1)
        for patient in several[np.argsort(-images, kind="stable")].tolist():
            counts = self.counts[patient].tolist()
            where = zip(self._parts.names, counts, strict=True)
            yield Torn(
                names=(self._known[patient],),
                where=tuple((name, count) for name, count in where if count),
            )

    def in_part(self, part: int) -> int:
        return int((self.counts[:, part] > 0).sum())

    def seen(self, part: int, against: Sequence[int]) -> int:
        """Images of a part whose patient has images in other parts."""
        there = self.counts[:, list(against)].sum(axis=1) > 0
        return int(self.counts[there, part].sum())


def _against(parts: Assigned, part: int) -> list[int]:
    training = [number for number, name in enumerate(parts.names) if is_training(name)]
    others = training or range(len(parts.names))
    return [] if part in training else [number for number in others if number != part]


def _torn_pictures(dataset: Dataset, parts: Assigned) -> list[tuple[Torn, tuple[int, int]]]:
    """Pairs in two parts, and a row of each."""
    found = []
    for first, second in same_picture(dataset):
        one, other = dataset.table.rows_of(first), dataset.table.rows_of(second)
        if not one or not other:
            continue
        ends = one[0], other[0]
        where = [int(parts.of_row[end]) for end in ends]
        if NONE not in where and where[0] != where[1]:
            told = tuple((parts.names[each], 1) for each in where)
            found.append((Torn(names=(first, second), where=told), ends))
    return found


def _facts(
    parts: Assigned, patients: _Patients, pictures: Sequence[tuple[Torn, tuple[int, int]]]
) -> Iterator[PartFacts]:
    for part, name in enumerate(parts.names):
        against = _against(parts, part)
        copied = {
            end
            for _, ends in pictures
            for end, other in (ends, ends[::-1])
            if parts.of_row[end] == part and parts.of_row[other] in against
        }
        yield PartFacts(
            name=name,
            images=int((parts.of_row == part).sum()),
            patients=patients.in_part(part),
            against=" and ".join(parts.names[each] for each in against[:2])
            if len(against) < _ENOUGH
            else "all others",
            seen_patients=patients.seen(part, against) if against else 0,
            seen_pictures=len(copied),
        )


def _balance(dataset: Dataset, parts: Assigned) -> Iterator[Balance]:
    rows = np.flatnonzero(parts.of_row != NONE)
    width = len(parts.names)
    for kind in KINDS:
        codes, strata = splitstrata.coded(dataset, kind)
        both = codes[rows].astype(np.int64) * width + parts.of_row[rows]
        counted = np.bincount(both, minlength=len(strata) * width).reshape(-1, width)
        sums: dict[str, NDArray[np.int64]] = {}
        for code, names in enumerate(strata):
            for name in names:
                sums[name] = sums.get(name, 0) + counted[code]
        for name, counts in sorted(sums.items(), key=lambda item: (-item[1].sum(), item[0])):
            if counts.any():
                yield Balance(kind=kind, name=name, counts=tuple(counts.tolist()))


def _lacking(balance: Sequence[Balance], parts: Assigned) -> Iterator[tuple[str, str]]:
    """Labels that the table has and a part has not."""
    for each in balance:
        if each.kind == "finding" and sum(each.counts) >= _ENOUGH:
            for name, count in zip(parts.names, each.counts, strict=True):
                if not count:
                    yield each.name, name


def _missing(dataset: Dataset, parts: Assigned) -> Iterator[str]:
    for row in np.flatnonzero(parts.of_row == NONE).tolist():
        found = dataset.row(row)
        if found["filename"]:
            yield found.path


def _shortcuts(dataset: Dataset, parts: Assigned, balance: Sequence[Balance]) -> Iterator[Shortcut]:
    codes, sources = splitstrata.coded(dataset, "source")
    findings, strata = splitstrata.coded(dataset, "finding")
    combined = Counter(zip(parts.of_row.tolist(), codes.tolist(), findings.tolist(), strict=True))
    read = list(map(_is_read, strata))
    for label in _telling(balance):
        answers: dict[int, list[tuple[str, bool]]] = {}
        for (part, source, finding), count in combined.items():
            if part != NONE and read[finding]:
                answer = (sources[source][0], label in strata[finding])
                answers.setdefault(part, []).extend([answer] * count)
        for part, name in enumerate(parts.names):
            training = [each for other in _against(parts, part) for each in answers.get(other, ())]
            found = shortcut(label, name, training, answers.get(part, ()))
            if found is not None:
                yield found


def _telling(balance: Sequence[Balance]) -> list[str]:
    """Choose labels that some images have and some have not, the commonest ones.

    A label that stands for exactly the images of the one above it says nothing new.
    """
    images = {
        each.name: sum(each.counts)
        for each in balance
        if each.kind == "finding" and _is_read((each.name,))
    }
    whole = sum(count for name, count in images.items() if not labels.HIERARCHY[name].parent)
    chosen = [
        name
        for name, count in images.items()
        if count < whole and images.get(labels.HIERARCHY[name].parent) != count
    ]
    return sorted(chosen[:_TELLING])


def _is_read(names: Sequence[str]) -> bool:
    """Tell whether a finding says something of the patient."""
    return any(name in labels.HIERARCHY and labels.HIERARCHY[name].is_finding for name in names)
