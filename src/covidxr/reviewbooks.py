"""The books of a review: the table, the ledger of provenance and the log of decisions.

This module owns what they say together of a candidate image. Files are read again when they
changed; nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import csvread, provenance, reviewstore, store
from covidxr.columns import HEADER
from covidxr.provenance import Ledger
from covidxr.reviewsheet import Decision, State, Verdict
from covidxr.table import Row, Table

if TYPE_CHECKING:
    from pathlib import Path

    from covidxr.provenance import Line
    from covidxr.reviewqueue import Candidate
    from covidxr.reviewstore import Event

_STATES = {
    "accept": State.ACCEPTED,
    "reject": State.REJECTED,
    provenance.TAKEDOWN: State.TAKEN_DOWN,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a candidate image stands.

    Parameters
    ----------
    state : State
        Accepted and rejected as the collection's ledger says, deferred as this folder's log says.
    decision : Decision or None
        What put it there.
    filename : str
        Of an accepted image.
    """

    state: State = State.WAITING
    decision: Decision | None = None
    filename: str = ""


@dataclass(frozen=True, kw_only=True)
class Books:
    """What the files said when they were read.

    Parameters
    ----------
    table : Table
        The collection's; one without rows where there is none yet.
    table_data : bytes or None
        Its bytes; None where there is none yet.
    ledger : Ledger
        ``provenance.csv``.
    log_text : str
        The log, without a line that was cut off.
    log_data : bytes or None
        The log as it is on the disk.
    events : tuple of Event
        The log's.
    """

    table: Table
    table_data: bytes | None
    ledger: Ledger
    log_text: str
    log_data: bytes | None
    events: tuple[Event, ...]

    @property
    def undone(self) -> frozenset[int]:
        """Positions in the log of decisions that were taken back."""
        return frozenset(event.of for event in self.events if event.verdict == reviewstore.UNDO)

    def last_decision(self) -> int | None:
        """Position of the last decision that still holds; None where there is none."""
        undone = self.undone
        return next(
            (
                number
                for number in range(len(self.events) - 1, -1, -1)
                if number not in undone and self.events[number].verdict != reviewstore.UNDO
            ),
            None,
        )

    def versions(self) -> dict[str, int]:
        """How often something was decided on each image, by id."""
        counts: dict[str, int] = {}
        for event in self.events:
            counts[event.id] = counts.get(event.id, 0) + 1
        return counts

    def deferred(self) -> dict[str, Event]:
        """The images whose last decision that holds is to defer, by id."""
        undone = self.undone
        last = {
            event.id: event
            for number, event in enumerate(self.events)
            if number not in undone and event.verdict != reviewstore.UNDO
        }
        return {id_: event for id_, event in last.items() if event.verdict == Verdict.DEFER}

    def standing(self, candidate: Candidate, deferred: dict[str, Event]) -> Standing:
        """Say where an image stands."""
        line = self.ledger.on(candidate.provenance)
        event = deferred.get(candidate.id)
        if event is not None and line is None:
            decision = Decision(
                verdict=Verdict.DEFER, reason=event.reason, by=event.by, at=event.at
            )
            return Standing(state=State.DEFERRED, decision=decision)
        if line is None or line.decision not in _STATES:
            return Standing()
        return _standing(line)

    def patient_of(self, line: Line) -> str:
        """Give the patientid of the row that an accepted file has; empty where there is none."""
        for row in self.table.rows_of(f"images/{line.filename}") or self.table.rows_of(
            f"volumes/{line.filename}"
        ):
            return Row(self.table, row)["patientid"]
        return ""


def _standing(line: Line) -> Standing:
    verdict = Verdict.ACCEPT if line.decision == Verdict.ACCEPT else Verdict.REJECT
    decision = Decision(verdict=verdict, reason=line.reason, by=line.decided_by, at=line.decided_at)
    state = _STATES[line.decision]
    return Standing(
        state=state,
        decision=decision,
        filename=line.filename if state is State.ACCEPTED else "",
    )


class Shelf:
    """Where the books of one collection stand; reads again what changed.

    Parameters
    ----------
    root : Path
        The collection's folder.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._stamps: tuple[object, ...] = ()
        self._books: Books | None = None

    def books(self) -> Books:
        """Give the books as they stand.

        Raises
        ------
        CollectionError
            If one is there and cannot be read.
        """
        names = (store.TABLE, provenance.NAME, reviewstore.LOG)
        stamps = tuple(store.stamp(self.root, name) for name in names)
        if self._books is None or stamps != self._stamps:
            self._books, self._stamps = self._read(), stamps
        return self._books

    def _read(self) -> Books:
        table = store.read_table(self.root)
        ledger = store.file_bytes(self.root, provenance.NAME)
        log = store.file_bytes(self.root, reviewstore.LOG)
        text, events = reviewstore.read_log(log or b"", str(self.root / reviewstore.LOG))
        return Books(
            table=table or Table(csvread.parse((",".join(HEADER) + "\n").encode())),
            table_data=None if table is None else bytes(table.text.data),
            ledger=Ledger(ledger, where=str(self.root / provenance.NAME)),
            log_text=text,
            log_data=log,
            events=events,
        )
