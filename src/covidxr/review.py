"""Reviewing candidates: what waits, what is shown of each image, and what a decision does.

This workflow joins the candidates with the collection's books. Every decision is one transaction:
the image's file, its row, the line of provenance and the log change together or not at all.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from covidxr import (
    accepting,
    candidatestore,
    disk,
    reviewchoice,
    reviewform,
    reviewqueue,
    reviewstore,
    rowcheck,
    samepatient,
    store,
    transaction,
)
from covidxr.columns import BY_NAME
from covidxr.errors import CollectionError, CovidxrError, UsageError
from covidxr.imaging.formats import EXTENSIONS
from covidxr.passages import passages
from covidxr.reviewbooks import Shelf, Standing
from covidxr.reviewdraft import (
    PAPERS,
    also,
    drafted,
    licence_remarks,
    origin,
    patient_remarks,
    picture,
    place_remarks,
    why_not,
)
from covidxr.reviewsheet import Decision, Done, Entry, Progress, Remark, Sheet, State, Verdict
from covidxr.reviewstore import Draft
from covidxr.validate import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from covidxr.comparing import Material
    from covidxr.model import ImageFacts
    from covidxr.pacing import Clock
    from covidxr.reviewbooks import Books
    from covidxr.reviewqueue import Candidate
    from covidxr.reviewsheet import PossiblePatient
    from covidxr.table import Row, Table

# Records of cases are read again when they are needed; a few are kept for the images of one case.
_RECORDS = 8
# Facts of files, a few hundred bytes each, so that a field that changes costs no second look.
_FACTS = 64


class StaleError(Exception):
    """Somebody else, or another window, decided on the image since it was shown."""


class RefusedDecisionError(CovidxrError):
    """An image cannot be accepted as it is drafted.

    Parameters
    ----------
    remarks : tuple of Remark
        Why.
    """

    def __init__(self, id_: str, remarks: tuple[Remark, ...]) -> None:
        told = "; ".join(
            ": ".join(filter(None, (each.field, each.message)))
            + (f" ({each.suggestion})" if each.suggestion else "")
            for each in remarks
        )
        super().__init__(f"{id_} cannot be accepted yet: {told}")
        self.remarks = remarks


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One image, with all that is known of it."""

    candidate: Candidate
    record: Mapping[str, Any]
    image: Mapping[str, Any]
    books: Books
    draft: Draft
    version: int
    standing: Standing


class Review:
    """A review of the candidates of one collection; several threads may use it.

    Parameters
    ----------
    options : Options
        What to review, and for whom.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._candidates = candidatestore.candidates_of(options.root, options.output)
        self._shelf = Shelf(options.root)
        self._rules = tuple(rules().values())
        self._lock = threading.RLock()
        self._queue: dict[str, tuple[tuple[int, int], tuple[Candidate, ...]]] = {}
        self._damaged: dict[str, str] = {}
        self._records: OrderedDict[str, tuple[tuple[int, int], dict[str, Any]]] = OrderedDict()
        self._facts: OrderedDict[str, ImageFacts] = OrderedDict()

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
                _entry(each, books.standing(each, deferred)) for each in self._all().values()
            )

    def queue(self) -> dict[str, Candidate]:
        """Give every candidate image by id, as its record has it."""
        with self._lock:
            return self._all()

    def entry(self, id_: str) -> Entry:
        """Say where one image stands.

        Raises
        ------
        UsageError
            If there is no such candidate.
        """
        with self._lock:
            if id_ not in self._all():
                raise _unknown(id_)
            return self._entry_now(id_)

    def material(self) -> Material:
        """Give what :class:`covidxr.comparing.Comparing` compares."""
        from covidxr.comparing import Material

        return Material(
            root=self.options.root,
            candidates=self._candidates,
            queue=self.queue,
            table=self._table,
        )

    def damaged(self) -> dict[str, str]:
        """Give the cases whose record cannot be read, and why."""
        with self._lock:
            self._all()
            return dict(self._damaged)

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
            meant = reviewchoice.chosen(self._all().values(), names)
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
            patients = self._patients(asked)
            cells = self._cells(asked, patients)
            remarks = self._judged(asked, cells, patients, reason=None)[1]
            texts, proposals = passages(asked.record, asked.image)
            return Sheet(
                entry=entries[here],
                position=here + 1,
                before=entries[here - 1] if here else None,
                after=entries[here + 1] if here + 1 < len(entries) else None,
                waiting=_waiting_from((*entries[:here], *entries[here + 1 :]), here),
                siblings=tuple(each for each in entries if each.case == entries[here].case),
                progress=_progress(entries),
                version=asked.version,
                picture=picture(asked.image),
                fields=reviewform.fields(cells, drafted(asked.image), proposals, remarks),
                remarks=tuple(each for each in remarks if each.field not in BY_NAME),
                passages=texts,
                origin=origin(asked.record, asked.image, asked.candidate),
                patients=patients,
                new_patientid=self._next_id(asked.books),
                also=also(asked.image),
            )

    def image(self, id_: str) -> bytes:
        """Give the bytes of an image's file, or of a volume's middle slice.

        Raises
        ------
        UsageError
            If there is no such candidate.
        CollectionError
            If its file cannot be read.
        """
        with self._lock:
            asked = self._asked(id_)
        return self._candidates.file(asked.candidate.case, picture(asked.image).name)

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
            else:
                row, notes = self._row(asked, cells or {}, decision.reason)
                data = self._candidates.file(asked.candidate.case, picture(asked.image).name)
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
            file = store.file_bytes(self.options.root, event.path) if event.path else None
            changes = accepting.take_back(books, number, self.options.by, self._now(), file)
            transaction.commit(self.options.root, changes)
            if event.id in self._all():
                return Done(entry=self._entry_now(event.id), undone=True)
            gone = Entry(
                id=event.id, case=event.id.rpartition("/")[0], source="", title="", label=""
            )
            return Done(entry=gone, undone=True, notes=("the candidate itself is not here",))

    # -- how ---------------------------------------------------------------------------

    def _table(self) -> Table:
        with self._lock:
            return self._shelf.books().table

    def _now(self) -> str:
        return self.options.clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ")

    def _today(self) -> dt.date:
        return self.options.clock.utc_now().date()

    def _all(self) -> dict[str, Candidate]:
        """Every candidate image by id; cases whose record changed are read again."""
        stamps = self._candidates.stamps()
        if {path: stamp for path, (stamp, _) in self._queue.items()} != stamps:
            self._damaged = {}
            self._queue = {path: (stamp, self._read(path, stamp)) for path, stamp in stamps.items()}
        return {each.id: each for _, found in self._queue.values() for each in found}

    def _read(self, path: str, stamp: tuple[int, int]) -> tuple[Candidate, ...]:
        before = self._queue.get(path)
        if before is not None and before[0] == stamp:
            return before[1]
        try:
            record = reviewqueue.read_record(self._candidates.record(path)[0])
            return reviewqueue.candidates(record, path)
        except (ValueError, CollectionError) as error:
            self._damaged[path] = str(error)
            return ()

    def _record(self, case: str) -> dict[str, Any]:
        stamp = self._queue[case][0]
        kept = self._records.get(case)
        if kept is None or kept[0] != stamp:
            kept = (stamp, reviewqueue.read_record(self._candidates.record(case)[0]))
        self._records[case] = kept
        self._records.move_to_end(case)
        while len(self._records) > _RECORDS:
            self._records.popitem(last=False)
        return kept[1]

    def _asked(self, id_: str, version: int | None = None) -> _Asked:
        candidate = self._all().get(id_)
        if candidate is None:
            raise _unknown(id_)
        books = self._shelf.books()
        record = self._record(candidate.case)
        draft = reviewstore.read_drafts(self.options.root, candidate.case).get(id_, Draft())
        asked = _Asked(
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
        candidate = self._all()[id_]
        return _entry(candidate, books.standing(candidate, books.deferred()))

    def _cells(self, asked: _Asked, patients: tuple[PossiblePatient, ...]) -> dict[str, str]:
        """What the form holds: what the source filled in, whose it is, and the curator's edits."""
        cells = {"patientid": self._patient(asked, patients), **drafted(asked.image)}
        return {**cells, **asked.draft.cells}

    def _patient(self, asked: _Asked, patients: tuple[PossiblePatient, ...]) -> str:
        """Say whose image it is where that is plain; blank where the curator has to choose."""
        earlier = self._earlier(asked)
        if asked.candidate.source != PAPERS and len(earlier) == 1:
            # One case of a site is one patient.
            return earlier[0]
        return "" if earlier or patients else reviewform.NEW

    def _earlier(self, asked: _Asked) -> tuple[str, ...]:
        """Patients to whom images of the same page were given before."""
        origin = asked.candidate.provenance
        lines = asked.books.ledger.accepted_from(origin.page_url, origin.source)
        return tuple(dict.fromkeys(filter(None, map(asked.books.patient_of, lines))))

    def _patients(self, asked: _Asked) -> tuple[PossiblePatient, ...]:
        reason = "an image of the same page was accepted as theirs"
        already = dict.fromkeys(self._earlier(asked), reason)
        return samepatient.possible(asked.books.table, _clues(asked, already))

    def _next_id(self, books: Books) -> str:
        return samepatient.next_patientid(books.table, ())

    def _judged(
        self,
        asked: _Asked,
        cells: Mapping[str, str],
        patients: tuple[PossiblePatient, ...],
        reason: str | None,
    ) -> tuple[reviewform.Reading, tuple[Remark, ...]]:
        """Read a form, and say all that stands against it."""
        reading = reviewform.read_form(cells)
        own = [*reading.remarks, *why_not(asked.record, asked.image, asked.candidate)]
        if reason is not None:
            own += licence_remarks(asked.candidate, reading.cells, reason)
        own += place_remarks(asked.image, reading.cells)
        if not reading.cells.get("patientid"):
            own = [each for each in own if each.field != "patientid"]
            own += patient_remarks(reading.cells, [each.patientid for each in patients])
        own += self._copies(asked)
        blocked = {each.field for each in own if each.blocking}
        by_rules = [
            each for each in self._by_rules(asked, reading.cells) if each.field not in blocked
        ]
        return reading, (*own, *by_rules)

    def _by_rules(self, asked: _Asked, cells: Mapping[str, str]) -> tuple[Remark, ...]:
        row = dict(cells)
        others: tuple[Row, ...] = ()
        if row.get("patientid") in (None, "", reviewform.NEW):
            row["patientid"] = self._next_id(asked.books)
        else:
            others = samepatient.rows_of(asked.books.table, row["patientid"])
        facts = self._facts_of(asked)
        if facts.format not in EXTENSIONS:
            # That alone keeps it out, and no name can be given to it.
            return ()
        row.setdefault("folder", "images")
        # A name that is taken is no mistake of the curator's: the next free one is given.
        taken = asked.books.table.texts("filename").known
        row["filename"] = accepting.free_name(row.get("filename", ""), facts.format, taken)
        facts = replace(facts, path=f"{row['folder']}/{row['filename']}")
        return rowcheck.remarks(self._rules, row, others, facts, self._today())

    def _copies(self, asked: _Asked) -> tuple[Remark, ...]:
        """An image that is here already is never accepted again: it would be in two rows."""
        origin = asked.candidate.provenance
        if asked.standing.state is State.ACCEPTED:
            return ()
        return tuple(
            Remark(
                field="",
                message=f"{path} holds the very same bytes",
                suggestion="reject it as a duplicate",
            )
            for path in store.copies_of(self.options.root, origin.sha256, origin.bytes)
        )

    def _facts_of(self, asked: _Asked) -> ImageFacts:
        from covidxr.imaging.examine import examine
        from covidxr.levels import ImageDepth

        key = asked.candidate.provenance.sha256
        if key not in self._facts:
            data = self._candidates.file(asked.candidate.case, picture(asked.image).name)
            self._facts[key] = examine("", data, ImageDepth.STRUCTURE)
            while len(self._facts) > _FACTS:
                self._facts.popitem(last=False)
        return self._facts[key]

    def _row(
        self, asked: _Asked, cells: Mapping[str, str], reason: str
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        """Give the row to write, with its patient and its free file name."""
        patients = self._patients(asked)
        held = {**self._cells(asked, patients), **known_fields(cells)}
        reading, remarks = self._judged(asked, held, patients, reason)
        blocking = tuple(each for each in remarks if each.blocking)
        if blocking:
            raise RefusedDecisionError(asked.candidate.id, blocking)
        row = dict(reading.cells)
        if row["patientid"] == reviewform.NEW:
            row["patientid"] = self._next_id(asked.books)
        taken = [path.rpartition("/")[2] for path in store.files_there(self.options.root)]
        taken += asked.books.table.texts("filename").known
        name = accepting.free_name(row["filename"], self._facts_of(asked).format, taken)
        notes = [each.message for each in remarks if not each.blocking and each.code]
        if name != row["filename"]:
            notes.append(f"its file is called {name}: {row['filename']} is taken or no safe name")
        row["filename"] = name
        return row, tuple(notes)


def _clues(asked: _Asked, already: Mapping[str, str]) -> samepatient.Clues:
    cells = {**drafted(asked.image), **asked.draft.cells}
    return samepatient.Clues(
        addresses=(*asked.candidate.addresses, asked.candidate.provenance.page_url),
        doi=cells.get("doi", ""),
        sex=cells.get("sex", ""),
        age=cells.get("age", ""),
        location=cells.get("location", ""),
        credit=cells.get("other_notes", ""),
        already=already,
    )


def known_fields(cells: Mapping[str, str]) -> dict[str, str]:
    """Give fields back, or refuse those that are none.

    Raises
    ------
    UsageError
        If a name is not a column's.
    """
    for name in cells:
        if name not in BY_NAME:
            close = reviewform.close_names(name)
            hint = f"; did you mean {' or '.join(close)}?" if close else ""
            raise UsageError(f"there is no column {name!r}{hint}")
    return dict(cells)


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
