"""What stands for and against the row that a candidate image would become.

This module owns how a draft is filled in, whose image it may be, and all that is said of it: by the
columns, by the rules, by its licence and by the files that are there. It writes nothing.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from covidxr import accepting, reviewform, rowcheck, samepatient, store
from covidxr.columns import BY_NAME
from covidxr.errors import CovidxrError, UsageError
from covidxr.imaging.formats import EXTENSIONS
from covidxr.reviewdraft import (
    PAPERS,
    drafted,
    licence_remarks,
    patient_remarks,
    place_remarks,
    why_not,
)
from covidxr.reviewsheet import Remark, State
from covidxr.validate import rules

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from covidxr.model import ImageFacts
    from covidxr.reviewbooks import Books, Standing
    from covidxr.reviewcases import Cases
    from covidxr.reviewqueue import Candidate
    from covidxr.reviewsheet import PossiblePatient
    from covidxr.reviewstore import Draft
    from covidxr.table import Row

# Facts of files, a few hundred bytes each, so that a field that changes costs no second look.
_FACTS = 64


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
class Asked:
    """One image, with all that is known of it.

    Parameters
    ----------
    candidate : Candidate
        Which.
    record, image : mapping
        The record of its case, and its part of it.
    books : Books
        The collection's.
    draft : Draft
        What the curator filled in so far.
    version : int
        Grows with everything that happens to it.
    standing : Standing
        Where it stands.
    """

    candidate: Candidate
    record: Mapping[str, Any]
    image: Mapping[str, Any]
    books: Books
    draft: Draft
    version: int
    standing: Standing


class Judge:
    """Judges drafts; its caller sees to it that one thread at a time asks.

    Parameters
    ----------
    root : Path
        The collection's folder.
    cases : Cases
        Where candidates' files are read.
    today : callable
        Gives the day: no image is taken later.
    """

    def __init__(self, root: Path, cases: Cases, today: Callable[[], dt.date]) -> None:
        self._root, self._cases, self._today = root, cases, today
        self._rules = tuple(rules().values())
        self._facts: OrderedDict[str, ImageFacts] = OrderedDict()

    def cells(self, asked: Asked, patients: tuple[PossiblePatient, ...]) -> dict[str, str]:
        """What the form holds: what the source filled in, whose it is, and the curator's edits."""
        cells = {"patientid": self._patient(asked, patients), **drafted(asked.image)}
        return {**cells, **asked.draft.cells}

    def _patient(self, asked: Asked, patients: tuple[PossiblePatient, ...]) -> str:
        """Say whose image it is where that is plain; blank where the curator has to choose."""
        earlier = self._earlier(asked)
        if asked.candidate.source != PAPERS and len(earlier) == 1:
            # One case of a site is one patient.
            return earlier[0]
        return "" if earlier or patients else reviewform.NEW

    def _earlier(self, asked: Asked) -> tuple[str, ...]:
        """Patients to whom images of the same page were given before."""
        origin = asked.candidate.provenance
        lines = asked.books.ledger.accepted_from(origin.page_url, origin.source)
        return tuple(dict.fromkeys(filter(None, map(asked.books.patient_of, lines))))

    def patients(self, asked: Asked) -> tuple[PossiblePatient, ...]:
        """Give the patients of the collection who may be the one on the image."""
        reason = "an image of the same page was accepted as theirs"
        already = dict.fromkeys(self._earlier(asked), reason)
        return samepatient.possible(asked.books.table, _clues(asked, already))

    def _next_id(self, books: Books) -> str:
        return samepatient.next_patientid(books.table, ())

    def judged(
        self,
        asked: Asked,
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

    def _by_rules(self, asked: Asked, cells: Mapping[str, str]) -> tuple[Remark, ...]:
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

    def _copies(self, asked: Asked) -> tuple[Remark, ...]:
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
            for path in store.copies_of(self._root, origin.sha256, origin.bytes)
        )

    def _facts_of(self, asked: Asked) -> ImageFacts:
        from covidxr.imaging.examine import examine
        from covidxr.levels import ImageDepth

        key = asked.candidate.provenance.sha256
        if key not in self._facts:
            data = self._cases.file(asked.candidate, asked.image)
            self._facts[key] = examine("", data, ImageDepth.STRUCTURE)
            while len(self._facts) > _FACTS:
                self._facts.popitem(last=False)
        return self._facts[key]

    def row(
        self, asked: Asked, cells: Mapping[str, str], reason: str
    ) -> tuple[dict[str, str], tuple[str, ...]]:
        """Give the row to write, with its patient and its free file name."""
        patients = self.patients(asked)
        held = {**self.cells(asked, patients), **known_fields(cells)}
        reading, remarks = self.judged(asked, held, patients, reason)
        blocking = tuple(each for each in remarks if each.blocking)
        if blocking:
            raise RefusedDecisionError(asked.candidate.id, blocking)
        row = dict(reading.cells)
        if row["patientid"] == reviewform.NEW:
            row["patientid"] = self._next_id(asked.books)
        taken = [path.rpartition("/")[2] for path in store.files_there(self._root)]
        taken += asked.books.table.texts("filename").known
        name = accepting.free_name(row["filename"], self._facts_of(asked).format, taken)
        notes = [each.message for each in remarks if not each.blocking and each.code]
        if name != row["filename"]:
            notes.append(f"its file is called {name}: {row['filename']} is taken or no safe name")
        row["filename"] = name
        return row, tuple(notes)


def _clues(asked: Asked, already: Mapping[str, str]) -> samepatient.Clues:
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
