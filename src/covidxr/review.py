"""Reviewing candidates: what waits, what is shown of each image, and what a decision does.

This workflow joins the candidates with the collection's books. Every decision is one transaction:
the image's file, its row, the line of provenance and the log change together or not at all.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from covidxr import (
    accepting,
    annotationaccept,
    candidatestore,
    disk,
    reviewchoice,
    reviewform,
    reviewstore,
    samepatient,
    store,
    transaction,
)
from covidxr.columns import BY_NAME
from covidxr.errors import CollectionError, UsageError
from covidxr.passages import passages
from covidxr.reviewbooks import Shelf, Standing
from covidxr.reviewcases import Cases
from covidxr.reviewdraft import (
    also,
    drafted,
    origin,
    picture,
)
from covidxr.reviewjudge import Asked, Judge, known_fields
from covidxr.reviewmarks import Marks, is_marks
from covidxr.reviewsheet import Decision, Done, Entry, Progress, Sheet, State, Verdict
from covidxr.reviewstore import Draft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from covidxr.comparing import Material
    from covidxr.pacing import Clock
    from covidxr.reviewqueue import Candidate
    from covidxr.table import Table


class StaleError(Exception):
    """Somebody else, or another window, decided on the image since it was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to review, and for whom.

    Parameters
    ----------
    root : Path
        The collection's folder.
    clock : Clock
        Tells when something was decided.
    by : str
        Who decides; may be empty.
    output : Path or None
        Folder of candidates, where it is not the collection's own.
    """

    root: Path
    clock: Clock
    by: str = ""
    output: Path | None = None


class Review:
    """A review of the candidates of one collection; several threads may use it.

    Parameters
    ----------
    options : Options
        What to review, and for whom.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._cases = Cases(candidatestore.candidates_of(options.root, options.output))
        self._judge = Judge(options.root, self._cases, self._today)
        self._marks = Marks(options.root, self._cases)
        self._shelf = Shelf(options.root)
        self._lock = threading.RLock()

    @property
    def collection(self) -> str:
        """What the collection is called: its folder."""
        return disk.folder_name(self.options.root)

    # -- what there is -----------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """Give every candidate image in the order of review, and where it stands.

        Raises
        ------
        CollectionError
            If the collection's books cannot be read.
        """
        with self._lock:
            books = self._shelf.books()
            deferred = books.deferred()
            return tuple(
                _entry(each, books.standing(each, deferred))
                for each in self._cases.images().values()
            )

    def queue(self) -> dict[str, Candidate]:
        """Give every candidate image by id, as its record has it."""
        with self._lock:
            return self._cases.images()

    def _pictures(self) -> dict[str, Candidate]:
        """Give those that are pictures themselves: marks are like no image."""
        return {id_: each for id_, each in self.queue().items() if not is_marks(each)}

    def entry(self, id_: str) -> Entry:
        """Say where one image stands.

        Raises
        ------
        UsageError
            If there is no such candidate.
        """
        with self._lock:
            if id_ not in self._cases.images():
                raise _unknown(id_)
            return self._entry_now(id_)

    def material(self) -> Material:
        """Give what :class:`covidxr.comparing.Comparing` compares."""
        from covidxr.comparing import Material

        return Material(
            root=self.options.root,
            candidates=self._cases.candidates,
            queue=self._pictures,
            table=self._table,
        )

    def damaged(self) -> dict[str, str]:
        """Give the cases whose record cannot be read, and why."""
        with self._lock:
            return self._cases.damaged()

    def progress(self) -> Progress:
        """Count the images by where they stand."""
        return _progress(self.entries())

    def next_waiting(self, after: str | None = None) -> Entry | None:
        """Give the next image that waits, from one on and round; None where none does."""
        entries = self.entries()
        start = next((n for n, each in enumerate(entries, 1) if each.id == after), 0)
        return _waiting_from(entries, start)

    def chosen(self, names: Sequence[str]) -> tuple[str, ...]:
        """Give the ids that names on the command line mean, as `reviewchoice.chosen` does.

        A name of several images means those that are still open.
        """
        with self._lock:
            closed = {
                each.id
                for each in self.entries()
                if each.state not in (State.WAITING, State.DEFERRED)
            }
            meant = reviewchoice.chosen(self._cases.images().values(), names)
            return tuple(id_ for id_ in meant if id_ not in closed or id_ in names)

    def sheet(self, id_: str) -> Sheet:
        """Give all that is shown of one image.

        Raises
        ------
        UsageError
            If there is no such candidate.
        CollectionError
            If its record or the collection's books cannot be read.
        """
        with self._lock:
            asked = self._asked(id_)
            entries = self.entries()
            here = next(n for n, each in enumerate(entries) if each.id == id_)
            if is_marks(asked.candidate):
                return self._marks_sheet(asked, entries, here)
            patients = self._judge.patients(asked)
            cells = self._judge.cells(asked, patients)
            remarks = self._judge.judged(asked, cells, patients, reason=None)[1]
            texts, proposals = passages(asked.record, asked.image)
            return Sheet(
                **_place(entries, here),
                version=asked.version,
                picture=picture(asked.image),
                fields=reviewform.fields(cells, drafted(asked.image), proposals, remarks),
                remarks=tuple(each for each in remarks if each.field not in BY_NAME),
                passages=texts,
                origin=origin(asked.record, asked.image, asked.candidate),
                patients=patients,
                new_patientid=samepatient.next_patientid(asked.books.table),
                also=also(asked.image),
            )

    def _marks_sheet(self, asked: Asked, entries: tuple[Entry, ...], here: int) -> Sheet:
        """Give all that is shown of marks that were contributed."""
        remarks = self._marks.remarks(asked, self._marks.licence(asked))
        return Sheet(
            **_place(entries, here),
            version=asked.version,
            picture=self._marks.picture(asked),
            fields=self._marks.fields(asked, remarks),
            remarks=tuple(each for each in remarks if each.field not in BY_NAME),
            passages=self._marks.passages(asked),
            origin=origin(asked.record, asked.image, asked.candidate),
        )

    def image(self, id_: str) -> bytes:
        """Give the bytes of an image's file, or of a volume's middle slice; of marks a drawing.

        Raises
        ------
        UsageError
            If there is no such candidate.
        CollectionError
            If its file cannot be read.
        """
        with self._lock:
            asked = self._asked(id_)
            if is_marks(asked.candidate):
                return self._marks.drawn(asked)
        return self._cases.file(asked.candidate, asked.image)

    def kept(self, path: str) -> bytes:
        """Give the bytes of one of the collection's files, such as ``images/a.png``.

        Raises
        ------
        UsageError
            If it is none of them: the folders are listed, so no path leads out of them.
        CollectionError
            If it cannot be read.
        """
        data = None
        if path in store.files_there(self.options.root):
            data = store.file_bytes(self.options.root, path)
        if data is None:
            raise UsageError(f"there is no file {path!r} in the collection")
        return data

    # -- what is done ------------------------------------------------------------------

    def edit(self, id_: str, cells: Mapping[str, str], version: int | None = None) -> int:
        """Keep fields as they stand, so that nothing is lost with a window.

        Parameters
        ----------
        id_ : str
            Of the image.
        cells : mapping of str to str
            The fields that changed.
        version : int or None
            What the window showed; None whatever it was.

        Returns
        -------
        int
            The new version.

        Raises
        ------
        StaleError
            If something happened to the image since.
        """
        with self._lock, transaction.holding(self.options.root):
            asked = self._asked(id_, version)
            kept = {**asked.draft.cells, **known_fields(cells)}
            draft = Draft(cells=kept, version=asked.draft.version + 1)
            reviewstore.write_draft(self.options.root, asked.candidate.case, id_, draft)
            return asked.version + 1

    def decide(
        self,
        id_: str,
        verdict: Verdict,
        *,
        cells: Mapping[str, str] | None = None,
        reason: str = "",
        version: int | None = None,
    ) -> Done:
        """Accept, reject or defer an image; it is done, all of it, when this returns.

        Parameters
        ----------
        id_ : str
            Of the image.
        verdict : Verdict
            What the curator says.
        cells : mapping of str to str, optional
            Fields that differ from what is kept.
        reason : str
            Why.
        version : int or None
            As in `edit`.

        Raises
        ------
        RefusedDecisionError
            If it cannot be accepted so.
        UsageError
            If it was decided on before in a way that this cannot follow.
        StaleError
            If something happened to it since it was shown.
        CollectionError
            If the disk refuses; then nothing was changed.
        """
        with self._lock, transaction.holding(self.options.root):
            asked = self._asked(id_, version)
            _refuse_again(asked.standing, id_, verdict)
            decision = Decision(
                verdict=verdict,
                reason=" ".join(reason.split()),
                by=" ".join(self.options.by.split()),
                at=self._now(),
            )
            if verdict is not Verdict.ACCEPT:
                written = accepting.turn_down(asked.books, asked.candidate, decision)
                notes: tuple[str, ...] = ()
            elif is_marks(asked.candidate):
                notes = ()
                accepted = self._marks.accepted(asked, cells or {}, decision.reason)
                written = annotationaccept.accept(
                    asked.books, asked.candidate, decision, accepted, self._read
                )
            else:
                row, notes = self._judge.row(asked, cells or {}, decision.reason)
                data = self._cases.file(asked.candidate, asked.image)
                _refuse_changed(data, asked.candidate)
                written = accepting.accept(asked.books, asked.candidate, decision, row, data)
            transaction.commit(self.options.root, written.changes)
            return Done(
                entry=self._entry_now(id_),
                line=written.line,
                patientid=written.event.patientid,
                notes=(*notes, *written.notes),
            )

    def undo(self) -> Done:
        """Take back the last decision that still holds, with every byte that it changed.

        Raises
        ------
        UsageError
            If there is none, or what it wrote was changed since.
        """
        with self._lock, transaction.holding(self.options.root):
            books = self._shelf.books()
            number = books.last_decision()
            if number is None:
                raise UsageError("there is no decision to undo in this folder")
            event = books.events[number]
            if annotationaccept.is_acceptance(event):
                changes = annotationaccept.take_back(
                    books, number, self.options.by, self._now(), self._read
                )
                transaction.commit(self.options.root, changes)
                return self._undone(event.id)
            file = store.file_bytes(self.options.root, event.path) if event.path else None
            changes = accepting.take_back(books, number, self.options.by, self._now(), file)
            transaction.commit(self.options.root, changes)
            return self._undone(event.id)

    def _undone(self, id_: str) -> Done:
        if id_ in self._cases.images():
            return Done(entry=self._entry_now(id_), undone=True)
        gone = Entry(id=id_, case=id_.rpartition("/")[0], source="", title="", label="")
        return Done(entry=gone, undone=True, notes=("the candidate itself is not here",))

    def _read(self, path: str) -> bytes | None:
        return store.file_bytes(self.options.root, path)

    # -- how ---------------------------------------------------------------------------

    def _table(self) -> Table:
        with self._lock:
            return self._shelf.books().table

    def _now(self) -> str:
        return self.options.clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _today(self) -> dt.date:
        return self.options.clock.utc_now().date()

    def _asked(self, id_: str, version: int | None = None) -> Asked:
        candidate = self._cases.images().get(id_)
        if candidate is None:
            raise _unknown(id_)
        books = self._shelf.books()
        record = self._cases.record(candidate.case)
        draft = reviewstore.read_drafts(self.options.root, candidate.case).get(id_, Draft())
        asked = Asked(
            candidate=candidate,
            record=record,
            image=record["images"][candidate.number],
            books=books,
            draft=draft,
            version=draft.version + books.versions().get(id_, 0),
            standing=books.standing(candidate, books.deferred()),
        )
        if version is not None and version != asked.version:
            raise StaleError(id_)
        return asked

    def _entry_now(self, id_: str) -> Entry:
        books = self._shelf.books()
        candidate = self._cases.images()[id_]
        return _entry(candidate, books.standing(candidate, books.deferred()))


def _unknown(id_: str) -> UsageError:
    return UsageError(f"there is no candidate image {id_!r}; `covidxr review --list`")


def _refuse_again(standing: Standing, id_: str, verdict: Verdict) -> None:
    if standing.state is State.ACCEPTED:
        raise UsageError(
            f"{id_} is in the collection as {standing.filename}; `covidxr undo` takes the last "
            f"decision back, `covidxr takedown {standing.filename}` removes it"
        )
    if standing.state is State.TAKEN_DOWN:
        why = standing.decision.reason if standing.decision else ""
        raise UsageError(f"{id_} was taken down: {why}")
    if standing.state is State.REJECTED and verdict is not Verdict.ACCEPT:
        raise UsageError(f"{id_} is rejected already; `covidxr undo`, or accept it")


def _refuse_changed(data: bytes, candidate: Candidate) -> None:
    import hashlib

    if hashlib.sha256(data).hexdigest() != candidate.provenance.sha256:
        raise CollectionError(
            f"the file of {candidate.id} is not the one that was fetched (its hash differs); "
            "remove the candidate and fetch it again"
        )


def _entry(candidate: Candidate, standing: Standing) -> Entry:
    return Entry(
        id=candidate.id,
        case=candidate.case,
        source=candidate.source,
        title=candidate.title,
        label=candidate.label,
        state=standing.state,
        decision=standing.decision,
        filename=standing.filename,
        sha256=candidate.provenance.sha256,
    )


def _place(entries: tuple[Entry, ...], here: int) -> dict[str, Any]:
    """Give what a sheet says of its place in the queue."""
    return {
        "entry": entries[here],
        "position": here + 1,
        "before": entries[here - 1] if here else None,
        "after": entries[here + 1] if here + 1 < len(entries) else None,
        "waiting": _waiting_from((*entries[:here], *entries[here + 1 :]), here),
        "siblings": tuple(each for each in entries if each.case == entries[here].case),
        "progress": _progress(entries),
    }


def _waiting_from(entries: tuple[Entry, ...], start: int) -> Entry | None:
    turned = (*entries[start:], *entries[:start])
    return next((each for each in turned if each.state is State.WAITING), None)


def _progress(entries: tuple[Entry, ...]) -> Progress:
    counts = Counter(each.state for each in entries)
    return Progress(
        total=len(entries),
        waiting=counts[State.WAITING],
        accepted=counts[State.ACCEPTED],
        rejected=counts[State.REJECTED],
        deferred=counts[State.DEFERRED],
        taken_down=counts[State.TAKEN_DOWN],
    )
