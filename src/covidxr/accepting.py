"""What a decision writes: the row, the line of provenance, the entry of the log, as new files.

This module owns the content of the change and no part of making it: that is one transaction, so
that the table, the file and its provenance agree whatever happens meanwhile. It touches no disk.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from covidxr import csvread, csvtext, provenance, reviewstore
from covidxr.columns import HEADER
from covidxr.errors import CollectionError, UsageError
from covidxr.filenames import safe_name
from covidxr.imaging.formats import EXTENSIONS
from covidxr.provenance import Ledger, Line
from covidxr.reviewsheet import Verdict
from covidxr.transaction import Change

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from covidxr.reviewbooks import Books
    from covidxr.reviewqueue import Candidate
    from covidxr.reviewsheet import Decision
    from covidxr.reviewstore import Event
    from covidxr.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A decision as the files will hold it.

    Parameters
    ----------
    changes : tuple of Change
        All of them, or none.
    event : Event
        For the log; it is among the changes already.
    line : int or None
        Line of the file on which the new row begins.
    notes : tuple of str
        What a curator should know.
    """

    changes: tuple[Change, ...]
    event: Event
    line: int | None = None
    notes: tuple[str, ...] = ()


def free_name(wanted: str, form: str, taken: Collection[str]) -> str:
    """Give the next free safe name for a file.

    Parameters
    ----------
    wanted : str
        A name with any extension; the one that belongs to `form` is put in its place.
    form : str
        The file's format by content.
    taken : collection of str
        Names that are not free.
    """
    extensions = EXTENSIONS[form]
    ending = next(
        (each for each in extensions if wanted.lower().endswith(f".{each}")), extensions[0]
    )
    stem = wanted
    for known in sorted({each for group in EXTENSIONS.values() for each in group}, key=len)[::-1]:
        if wanted.lower().endswith(f".{known}"):
            stem = wanted[: -len(known) - 1]
            break
    return safe_name((stem,), ending, taken)


def accept(
    books: Books,
    candidate: Candidate,
    decision: Decision,
    cells: Mapping[str, str],
    data: bytes,
) -> Written:
    """Write down that an image is accepted.

    Parameters
    ----------
    books : Books
        As they stand.
    candidate : Candidate
        Which image.
    decision : Decision
        Who, when and why.
    cells : mapping of str to str
        The row, in the schema's own spelling, with its patientid and its free file name.
    data : bytes
        The image's file.

    Raises
    ------
    CollectionError
        If the table cannot take a row.
    """
    table, was = books.table, books.table_data
    lost = _unplaced(table, cells)
    if table.open_quote is not None:
        raise CollectionError(
            f"{table.name} ends within a cell whose quotes are never closed (line "
            f"{table.last_record.line}); `covidxr validate` shows where"
        )
    row = [cells.get(name or "", "") for name in table.names]
    new_table = csvtext.appended(table.text, row)
    made = csvread.parse(new_table)
    path = f"{cells['folder']}/{cells['filename']}"
    line = licensed(
        replace(line_of(candidate, decision), filename=cells["filename"]),
        cells.get("license", ""),
        candidate,
        decision,
    )
    event = replace(
        event_of(candidate, decision),
        filename=cells["filename"],
        path=path,
        sha256=candidate.provenance.sha256,
        patientid=cells["patientid"],
        record=made.text(made.record(len(made) - 1)).rstrip("\r\n"),
        line=asdict(line),
        ended=was is None or was.endswith((b"\n", b"\r")),
        made=books.ledger.data is None,
        made_table=was is None,
    )
    changes = (
        Change(path=path, data=data, was=None),
        ledger_change(books, line),
        Change(path=books.table.name, data=new_table, was=was),
        log_change(books, event),
    )
    notes = [f"the table has no column {name}: {text!r} was not written" for name, text in lost]
    if was is None:
        notes.append(f"{table.name} was made")
    return Written(changes=changes, event=event, line=made.lines[len(made) - 1], notes=tuple(notes))


def turn_down(books: Books, candidate: Candidate, decision: Decision) -> Written:
    """Write down that an image is rejected or deferred."""
    event = event_of(candidate, decision)
    if decision.verdict is Verdict.DEFER:
        return Written(changes=(log_change(books, event),), event=event)
    line = line_of(candidate, decision)
    event = replace(event, line=asdict(line), made=books.ledger.data is None)
    return Written(changes=(ledger_change(books, line), log_change(books, event)), event=event)


def take_back(
    books: Books, number: int, by: str, at: str, file: bytes | None
) -> tuple[Change, ...]:
    """Undo a decision: give back every byte that it changed.

    Parameters
    ----------
    books : Books
        As they stand.
    number : int
        Position in the log of the decision.
    by, at : str
        Who takes it back, and when.
    file : bytes or None
        What the accepted file holds now; None where it is not there.

    Raises
    ------
    UsageError
        If the row, its file or its line was changed since: then undoing it would lose that.
    """
    event = books.events[number]
    changes: list[Change] = []
    if event.verdict == Verdict.ACCEPT:
        changes += [_row_back(books, event), _file_back(event, file)]
    if event.line:
        changes.append(line_back(books, event))
    return (*changes, undone(books, number, by, at))


def _row_back(books: Books, event: Event) -> Change:
    table, data = books.table, books.table_data
    rows = [
        row
        for row in table.rows_of(event.path)
        if table.text.text(table.text.record(row)).rstrip("\r\n") == event.record
    ]
    if not rows or data is None:
        raise UsageError(
            f"the row of {event.filename} was changed since it was accepted; `covidxr takedown "
            f"{event.filename}` removes it as it is now"
        )
    new = csvtext.without(table.text, rows[-1:])
    at_end = table.text.record(rows[-1]).stop == len(data)
    if at_end and not event.ended:
        new = new.removesuffix(b"\n").removesuffix(b"\r")
    # The table goes where the first accept had made it and nothing else is in it.
    empty = event.made_table and len(table) == 1 and not table.text.odd
    return Change(path=books.table.name, data=None if empty else new, was=data)


def _file_back(event: Event, file: bytes | None) -> Change:
    import hashlib

    if file is None or hashlib.sha256(file).hexdigest() != event.sha256:
        raise UsageError(
            f"{event.path} was changed or removed since it was accepted; put it back, or remove "
            f"what is left with `covidxr takedown {event.filename}`"
        )
    return Change(path=event.path, data=None, was=file)


def undone(books: Books, number: int, by: str, at: str) -> Change:
    """Add to the log that a decision was taken back."""
    id_ = books.events[number].id
    event = reviewstore.Event(verdict=reviewstore.UNDO, id=id_, by=by, at=at, of=number)
    return log_change(books, event)


def licensed(line: Line, licence: str, candidate: Candidate, decision: Decision) -> Line:
    """Give a line the licence that was accepted, and how it is known.

    Parameters
    ----------
    line : Line
        As the source has it.
    licence : str
        As it was accepted.
    candidate : Candidate
        Of which it is.
    decision : Decision
        Whose reason is the evidence, where the source states another licence.
    """
    if licence == candidate.provenance.licence.spdx:
        return replace(line, license=licence)
    evidence = f"curator: {decision.reason}"
    return replace(line, license=licence, license_evidence=evidence, license_url="")


def line_back(books: Books, event: Event) -> Change:
    """Take the line of a decision out of the ledger.

    Raises
    ------
    UsageError
        If it was changed since.
    """
    new = books.ledger.without(Line(**event.line))
    if new is None:
        raise UsageError(
            f"the line of {event.id} in {provenance.NAME} was changed since; nothing was undone"
        )
    empty = event.made and not Ledger(new).lines
    return Change(path=provenance.NAME, data=None if empty else new, was=books.ledger.data)


def ledger_change(books: Books, line: Line) -> Change:
    """Add a line to the ledger."""
    ledger = books.ledger
    return Change(path=provenance.NAME, data=ledger.with_line(line), was=ledger.data)


def log_change(books: Books, event: Event) -> Change:
    """Add a decision to the log."""
    text = reviewstore.with_event(books.log_text, event)
    return Change(path=reviewstore.LOG, data=text.encode(), was=books.log_data)


def event_of(candidate: Candidate, decision: Decision) -> Event:
    """Give a decision as the log has it, without what it wrote."""
    return reviewstore.Event(
        verdict=str(decision.verdict),
        id=candidate.id,
        reason=decision.reason,
        by=decision.by,
        at=decision.at,
    )


def line_of(candidate: Candidate, decision: Decision) -> Line:
    """Give a decision as the ledger has it, without the file's name."""
    return replace(
        provenance.of_origin(candidate.provenance),
        decision=str(decision.verdict),
        reason=decision.reason,
        decided_by=decision.by,
        decided_at=decision.at,
    )


def _unplaced(table: Table, cells: Mapping[str, str]) -> list[tuple[str, str]]:
    """Cells that the table has no column for; without its key columns it takes no row."""
    lacking = [name for name in HEADER if name in cells and name not in table.fields]
    keys = [name for name in ("patientid", "finding", "filename") if name not in table.fields]
    if keys:
        raise CollectionError(
            f"{table.name} has no column {', '.join(keys)}; `covidxr migrate` rewrites an older "
            "table to today's header"
        )
    return [(name, cells[name]) for name in lacking]
