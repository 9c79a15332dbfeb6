"""The cases of a review: every candidate image in order, and the record that it is from.

This module owns what is read again and what is kept. It decides nothing, and its caller sees to it
that one thread at a time asks.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr import reviewqueue
from covidxr.errors import CollectionError
from covidxr.proposals import SOURCE as MARKS
from covidxr.reviewdraft import picture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from covidxr.candidatestore import Candidates
    from covidxr.reviewqueue import Candidate

# Records are read again when they are needed; a few are kept for the images of one case.
_RECORDS = 8

_Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A case as it was read; `damage` says why it could not be."""

    stamp: _Stamp
    images: tuple[Candidate, ...] = ()
    damage: str = ""


class Cases:
    """The candidates' cases; what did not change is not read again.

    Parameters
    ----------
    candidates : Candidates
        Where they are kept.
    """

    def __init__(self, candidates: Candidates) -> None:
        self.candidates = candidates
        self._cases: dict[str, _Read] = {}
        self._records: OrderedDict[str, tuple[_Stamp, dict[str, Any]]] = OrderedDict()

    def images(self) -> dict[str, Candidate]:
        """Give every candidate image by id, in the order of review.

        Raises
        ------
        CollectionError
            If the folders cannot be listed.
        """
        self._renew()
        found = [each for case in self._cases.values() for each in case.images]
        # Marks come after the images that they are of.
        found.sort(key=lambda each: each.source == MARKS)
        return {each.id: each for each in found}

    def damaged(self) -> dict[str, str]:
        """Give the cases whose record cannot be read, and why; errors are those of `images`."""
        self._renew()
        return {path: case.damage for path, case in self._cases.items() if case.damage}

    def record(self, case: str) -> dict[str, Any]:
        """Give the record of a case that `images` knows.

        Raises
        ------
        CollectionError, ValueError
            If it cannot be read any more.
        """
        stamp = self._cases[case].stamp
        kept = self._records.get(case)
        if kept is None or kept[0] != stamp:
            kept = (stamp, reviewqueue.read_record(self.candidates.record(case)[0]))
        self._records[case] = kept
        self._records.move_to_end(case)
        while len(self._records) > _RECORDS:
            self._records.popitem(last=False)
        return kept[1]

    def file(self, candidate: Candidate, image: Mapping[str, Any]) -> bytes:
        """Give the bytes of an image's file, or of a volume's middle slice.

        Raises
        ------
        CollectionError
            If it cannot be read.
        """
        return self.candidates.file(candidate.case, picture(image).name)

    def _renew(self) -> None:
        stamps = self.candidates.stamps()
        if {path: case.stamp for path, case in self._cases.items()} != stamps:
            self._cases = {path: self._case(path, stamp) for path, stamp in stamps.items()}

    def _case(self, path: str, stamp: _Stamp) -> _Read:
        before = self._cases.get(path)
        if before is not None and before.stamp == stamp:
            return before
        try:
            record = reviewqueue.read_record(self.candidates.record(path)[0])
            return _Read(stamp=stamp, images=reviewqueue.candidates(record, path))
        except (ValueError, CollectionError) as error:
            return _Read(stamp=stamp, damage=str(error))
