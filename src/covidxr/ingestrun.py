"""One run over a contribution: file after file looked at, patient after patient cleaned and kept.

A file that cannot be cleaned is no failure of the run: it is told, listed, and not let through. A
case appears whole or not at all, so that an interrupt keeps what was done.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from covidxr import casefile, ingestcase
from covidxr.imaging.formats import EXTENSIONS, PEEK, describe, recognise
from covidxr.ingestarchives import Refused, archive_kind
from covidxr.ingestcase import Frame
from covidxr.ingestgroups import Item
from covidxr.ingesting import SOURCE, TURNED, Ending, Outcome, Told, UnfitError
from covidxr.ingestknown import KnownError, Seen
from covidxr.ingestpiece import Maker, guarded
from covidxr.ingestsaid import OTHER_MODALITIES
from covidxr.ingestsecret import of_contributor, pseudonym

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from covidxr.candidatestore import Candidates
    from covidxr.imaging.belonging import Look
    from covidxr.ingestarchives import Member
    from covidxr.ingestcase import Made, Piece
    from covidxr.ingestgroups import Group, Unit
    from covidxr.ingesting import Cleaning, Listener, Options
    from covidxr.ingestknown import Known


class _NothingKept(Exception):  # noqa: N818 - no error: it ends the filling of a folder
    """No image came of a patient, whose folder is not to appear."""


@dataclass(slots=True, kw_only=True)
class IngestRun:
    """One run.

    Parameters
    ----------
    options : Options
        What is asked.
    cleaning : Cleaning
        Takes identity out of files.
    listener : Listener
        Is told what happens.
    candidates : Candidates
        Where candidates go.
    known : Known
        What was taken in before.
    secret : bytes
        The collection's.
    retrieved_at : str
        UTC, ISO 8601 with ``Z``.
    is_annotation : callable
        Tells whether a file, given by name and bytes, is of a format of annotations.

    Attributes
    ----------
    annotations : list of (str, bytes, str)
        Annotation files that are new: name, bytes and pseudonym.
    made : dict of str to Seen
        What became of each image, by the contributor's name.
    """

    options: Options
    cleaning: Cleaning
    listener: Listener
    candidates: Candidates
    known: Known
    secret: bytes
    retrieved_at: str
    is_annotation: Callable[[str, bytes], bool]
    outcome: Outcome = field(default_factory=Outcome)
    annotations: list[tuple[str, bytes, str]] = field(default_factory=list)
    made: dict[str, Seen] = field(default_factory=dict)
    _cleaned: int = 0

    def survey(self, files: Iterable[Member | Refused]) -> list[Item]:
        """Look at every file once: what it is, and where it belongs.

        Parameters
        ----------
        files : iterable of Member or Refused
            The contribution's.

        Returns
        -------
        list of Item
            Those that may become images; of all others is told.
        """
        items: list[Item] = []
        seen: dict[str, str] = {}
        for done, member in enumerate(files):
            if isinstance(member, Refused):
                self._end(member.name, Ending.REFUSED, member.reason)
                continue
            self.listener.looks(member.name, done)
            item = self._looked_at(member)
            if item is None:
                continue
            if item.sha256 in seen:
                reason = f"the same bytes as {seen[item.sha256]}"
                self._end(item.name, Ending.KNOWN, reason)
                continue
            seen[item.sha256] = item.name
            if item.source_id in self.known.images:
                self.made[item.name] = self.known.images[item.source_id]
            if where := self.known.source(item.source_id):
                self._end(item.name, Ending.KNOWN, f"it is in {where}", where)
            else:
                items.append(item)
        return items

    def _looked_at(self, member: Member) -> Item | None:
        try:
            data = member.read()
        except UnfitError as refusal:
            self._end(member.name, Ending.REFUSED, str(refusal))
            return None
        head = data[:PEEK]
        kind = recognise(head)
        if self.is_annotation(member.name, data):
            self._annotation(member.name, data)
            return None
        if archive_kind(head):
            self._end(member.name, Ending.REFUSED, "it is an archive within an archive: unpack it")
            return None
        if kind not in EXTENSIONS:
            reason = describe(kind, head) if data else "it is empty"
            self._end(member.name, Ending.LEFT_OUT, reason)
            return None
        look = None
        if kind == "DICOM":
            look = self._look(member.name, data)
            if look is None:
                return None
        sha256 = ingestcase.sha256_of(data)
        return Item(
            name=member.name,
            read=member.read,
            kind=kind,
            sha256=sha256,
            source_id=pseudonym(self.secret, "file", (sha256,)),
            look=look,
        )

    def _annotation(self, name: str, data: bytes) -> None:
        source_id = pseudonym(self.secret, "file", (ingestcase.sha256_of(data),))
        if where := self.known.source(source_id):
            self._end(name, Ending.KNOWN, f"it is in {where}", where)
        elif any(source_id == each for *_, each in self.annotations):
            self._end(name, Ending.KNOWN, "the same bytes as another annotation file")
        else:
            self.annotations.append((name, data, source_id))

    def _look(self, name: str, data: bytes) -> Look | None:
        try:
            look = guarded(self.cleaning.look, data)
        except UnfitError as refusal:
            self._end(name, Ending.QUARANTINED, str(refusal))
            return None
        if look.modality in OTHER_MODALITIES:
            reason = f"its modality is {look.modality}; the collection has X-ray and CT"
            self._end(name, Ending.LEFT_OUT, reason)
            return None
        # The list of a disc's files is no image, and says nothing that its files do not.
        return None if look.directory else look

    def over(self, groups: Sequence[Group]) -> None:
        """Clean and keep one patient after another."""
        total = sum(len(unit.items) for group in groups for unit in group.units)
        for group in groups:
            self._group(group, total)

    def _group(self, group: Group, total: int) -> None:
        id_ = self.known.free_id(group.patient)
        kept: list[tuple[Piece, Unit]] = []
        with contextlib.suppress(_NothingKept), self._filling(id_) as write:
            for unit in group.units:
                maker = self._maker(unit, id_, len(kept) + 1, total)
                pieces = self._pieces(maker)
                for name, data in maker.files if pieces else ():
                    write(name, data)
                self.known.note(id_, pieces)
                kept += [(piece, unit) for piece in pieces]
            if not kept:
                raise _NothingKept
            made = self._made(id_, group, [piece for piece, _ in kept])
            write(casefile.NAME, made.text.encode())
        if kept:
            self._note(id_, group, made, kept)

    def _made(self, id_: str, group: Group, pieces: Sequence[Piece]) -> Made:
        frame = Frame(
            id=id_,
            patient=group.patient,
            terms=self.options.terms,
            retrieved_at=self.retrieved_at,
            days=self.known.days(group.patient),
            warnings=group.warnings,
        )
        return ingestcase.made(frame, pieces)

    def _note(self, id_: str, group: Group, made: Made, kept: Sequence[tuple[Piece, Unit]]) -> None:
        """Tell of a case that stands now, whole."""
        self.outcome.cases += 1
        self.outcome.images += len(kept)
        self.known.add(id_, group.patient, [piece for piece, _ in kept])
        if self.options.dry_run:
            self.listener.drafted(made.case, made.rows)
        else:
            self.listener.stored(made.case, made.images)
        ending = Ending.DRAFTED if self.options.dry_run else Ending.TAKEN
        labels: dict[str, list[str]] = {}
        for piece, unit in kept:
            for item in unit.items:
                labels.setdefault(item.name, []).append(piece.label)
                self.made[item.name] = _seen(piece, f"{SOURCE}/{id_}, image {piece.label}")
        for name, numbers in labels.items():
            self._end(name, ending, f"image {' and '.join(numbers)}", f"{SOURCE}/{id_}")

    @contextlib.contextmanager
    def _filling(self, id_: str) -> Iterator[Callable[[str, bytes], None]]:
        if self.options.dry_run:
            yield lambda _name, _data: None
            return
        with self.candidates.filling(SOURCE, id_) as filling:
            yield filling.write

    def _maker(self, unit: Unit, case: str, number: int, total: int) -> Maker:
        return Maker(
            cleaning=self.cleaning,
            secret=of_contributor(self.secret, self.options.terms.contributor),
            depth=self.options.depth,
            unit=unit,
            case=case,
            number=number,
            begins=lambda item: self._cleans(item, total),
            refuse=self.known.refuse,
        )

    def _pieces(self, maker: Maker) -> list[Piece]:
        """Clean one image, or the volumes of a series; none where its files are told why."""
        try:
            return maker.pieces()
        except KnownError as same:
            ending, reason = Ending.KNOWN, str(same)
        except UnfitError as refusal:
            ending, reason = Ending.QUARANTINED, str(refusal)
        for item in maker.unit.items:
            self._end(item.name, ending, reason)
        return []

    def _cleans(self, item: Item, total: int) -> None:
        self.listener.cleans(item.name, self._cleaned, total)
        self._cleaned += 1

    def _end(self, name: str, ending: Ending, reason: str, case: str = "") -> None:
        self.tell(Told(name=name, ending=ending, reason=reason, case=case))

    def tell(self, told: Told) -> None:
        """Note and tell what became of one file, or of what a file says of one image."""
        self.outcome.told.append(told)
        self.listener.ended(told)


def _seen(piece: Piece, where: str) -> Seen:
    return Seen(
        where=where,
        sha256=piece.facts.sha256,
        width=piece.facts.width or 0,
        height=piece.facts.height or 0,
        turned=any(TURNED in each for each in piece.warnings),
    )
