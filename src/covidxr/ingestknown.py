"""What of a contribution is here already: among the candidates, in the collection, or turned down.

This module owns how a file is known again: by the pseudonym of its original, and by the bytes that
it has once it is cleaned. Nothing is written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from covidxr import proposals, store
from covidxr.ingesting import SOURCE, TURNED
from covidxr.ingestsaid import day_of
from covidxr.provenance import Ledger

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from covidxr.candidatestore import Candidates
    from covidxr.ingestcase import Piece

_DECIDED = {"accept": "accepted", "reject": "rejected", "takedown": "taken down"}


class KnownError(Exception):
    """An image is here already; says where. It ends the work on that image alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An image that was taken in before.

    Parameters
    ----------
    where : str
        Its candidate.
    sha256 : str
        Of its cleaned file.
    width, height : int
        In pixels.
    turned : bool
        Whether it is stored turned or mirrored.
    """

    where: str
    sha256: str
    width: int
    height: int
    turned: bool = False


@dataclass(slots=True, kw_only=True)
class Known:
    """What is here already, growing as a run goes on.

    Parameters
    ----------
    root : Path
        The collection's folder.
    sources : dict of str to str
        Pseudonym of each original, and the candidate that it became.
    hashes : dict of str to str
        SHA-256 of each cleaned file, and what became of it.
    taken_days : dict of str to set of datetime.date
        Shifted days of each patient's images.
    images : dict of str to Seen
        What each original became, by its pseudonym.
    marks : dict of str to str
        SHA-256 of each proposal's record, and what became of it.
    ids : set of str
        Of cases.
    sizes : frozenset of int
        Bytes of the collection's files: only a file of the same size is compared.
    """

    root: Path
    sources: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    taken_days: dict[str, set[dt.date]] = field(default_factory=dict)
    images: dict[str, Seen] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)
    sizes: frozenset[int] = frozenset()

    def source(self, source_id: str) -> str:
        """Give the candidate that an original became; empty where it is new."""
        return self.sources.get(source_id, "")

    def refuse(self, sha256: str, size: int) -> None:
        """Stop at a cleaned file that is here already.

        Raises
        ------
        KnownError
            With where it is, or how it was decided on.
        """
        if where := self.hashes.get(sha256):
            raise KnownError(where)
        if size in self.sizes and (paths := store.copies_of(self.root, sha256, size)):
            raise KnownError(f"{paths[0]} holds the very same bytes")

    def note(self, id_: str, pieces: Sequence[Piece]) -> None:
        """Note images of a case that is being filled, so that none is in it twice."""
        for piece in pieces:
            self.hashes[piece.facts.sha256] = f"its image is in {SOURCE}/{id_}"

    def days(self, patient: str) -> frozenset[dt.date]:
        """Give the shifted days of a patient's images that were taken in before."""
        return frozenset(self.taken_days.get(patient, ()))

    def free_id(self, patient: str) -> str:
        """Give an id for a case: a case that stands is never changed, so that the next is new."""
        number = 1
        while (id_ := patient if number == 1 else f"{patient}-{number}") in self.ids:
            number += 1
        return id_

    def add(self, id_: str, patient: str, pieces: Sequence[Piece]) -> None:
        """Note a case that was kept."""
        self.ids.add(id_)
        days = self.taken_days.setdefault(patient, set())
        for piece in pieces:
            where = f"{SOURCE}/{id_}"
            self.sources |= dict.fromkeys(piece.source_ids, where)
            if piece.day:
                days.add(piece.day)


def known_of(root: Path, candidates: Candidates, sizes: frozenset[int]) -> Known:
    """Read what is here already.

    Parameters
    ----------
    root : Path
        The collection's folder.
    candidates : Candidates
        Where candidates are.
    sizes : frozenset of int
        Bytes of the collection's files.

    Raises
    ------
    CollectionError
        If the ledger cannot be read.
    """
    known = Known(root=root, sizes=sizes)
    ledger = Ledger(store.file_bytes(root, store.PROVENANCE))
    for line in ledger.lines:
        if line.sha256:
            by = f": {line.reason}" if line.reason else ""
            decided = _DECIDED.get(line.decision, line.decision)
            known.hashes[line.sha256] = f"it was {decided} before{by}"
            if line.source == proposals.SOURCE:
                known.marks[line.sha256] = f"it was {decided} before{by}"
    for case in candidates.cases(proposals.SOURCE, damaged=True):
        _read_marks(known, json.loads(candidates.record(case.path)[0]), case.path)
    for case in candidates.cases(SOURCE, damaged=True):
        known.ids.add(case.id)
        _read(known, json.loads(candidates.record(case.path)[0]), case.path)
    return known


def _read(known: Known, record: Any, path: str) -> None:
    """Note what a candidate's record says; a record is anybody's text, what is odd is left out."""
    extra = record.get("extra")
    if not isinstance(extra, dict):
        return
    known.sources |= {str(each): path for each in _listed(extra.get("source_ids"))}
    days = known.taken_days.setdefault(str(extra.get("patient", "")), set())
    days |= {day for each in _listed(extra.get("days")) if (day := day_of(str(each)))}
    for image in _listed(record.get("images")):
        _note_image(known, image, path)
        for file in _listed(image.get("files")) if isinstance(image, dict) else ():
            provenance = file.get("provenance") if isinstance(file, dict) else None
            if isinstance(provenance, dict):
                known.hashes.setdefault(str(provenance.get("sha256")), f"its image is in {path}")


def _note_image(known: Known, image: Any, path: str) -> None:
    """Note by what an image of an earlier run is found again."""
    extra = image.get("extra") if isinstance(image, dict) else None
    files = _listed(image.get("files")) if isinstance(image, dict) else []
    if not isinstance(extra, dict) or not files or not isinstance(files[0], dict):
        return
    width, height = files[0].get("width"), files[0].get("height")
    provenance = files[0].get("provenance")
    if isinstance(provenance, dict) and isinstance(width, int) and isinstance(height, int):
        seen = Seen(
            where=f"{path}, image {image.get('label')}",
            sha256=str(provenance.get("sha256")),
            width=width,
            height=height,
            turned=any(TURNED in str(each) for each in _listed(extra.get("warnings"))),
        )
        known.images |= {str(each): seen for each in _listed(extra.get("source_ids"))}


def _read_marks(known: Known, record: Any, path: str) -> None:
    """Note what a case of proposals says; what is odd is left out."""
    extra = record.get("extra")
    if not isinstance(extra, dict):
        return
    known.sources |= {str(each): path for each in _listed(extra.get("source_ids"))}
    for image in _listed(record.get("images")):
        for file in _listed(image.get("files")) if isinstance(image, dict) else ():
            provenance = file.get("provenance") if isinstance(file, dict) else None
            if isinstance(provenance, dict):
                known.marks.setdefault(str(provenance.get("sha256")), f"it is in {path}")


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
