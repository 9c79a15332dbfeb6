"""What a decision on contributed annotations writes: marks, pin, provenance and log, as new files.

This module owns the content of the change and no part of making it: that is one transaction. What
the files were before is kept beside the log, so that undoing gives back every byte.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from covidxr import accepting, annotationbooks, annotationpins, reviewstore
from covidxr.accepting import Written
from covidxr.annotated import Pin
from covidxr.disk import WORK
from covidxr.errors import UsageError
from covidxr.proposals import SOURCE
from covidxr.transaction import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from covidxr.annotationbooks import Giver
    from covidxr.proposals import Proposal
    from covidxr.reviewbooks import Books
    from covidxr.reviewqueue import Candidate
    from covidxr.reviewsheet import Decision

KEPT = f"{WORK}/review/before"
"""Folder of what annotation files were before a decision, by the SHA-256 of their bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """A proposal that is accepted, and for which image.

    Parameters
    ----------
    proposal : Proposal
        What is marked.
    giver : Giver
        Who made it.
    filename : str
        Name of the image in the collection.
    """

    proposal: Proposal
    giver: Giver
    filename: str


def accept(
    books: Books,
    candidate: Candidate,
    decision: Decision,
    accepted: Accepted,
    read: Callable[[str], bytes | None],
) -> Written:
    """Write down that a proposal is accepted.

    Parameters
    ----------
    books : Books
        As they stand.
    candidate : Candidate
        Which proposal.
    decision : Decision
        Who, when and why.
    accepted : Accepted
        What, by whom, of which image.
    read : callable
        Gives a file of the collection by its path, or None where there is none.

    Raises
    ------
    CollectionError
        If a file cannot take it, or speaks of the image already.
    """
    giver, proposal, filename = accepted.giver, accepted.proposal, accepted.filename
    path = annotationbooks.path_of(giver, proposal, filename)
    was = read(path)
    new: dict[str, tuple[bytes | None, bytes]] = {
        path: (was, annotationbooks.with_entry(was, giver, proposal, filename))
    }
    note = annotationbooks.note_of(giver, proposal)
    if note is not None and read(note[0]) is None:
        new[note[0]] = (None, note[1])
    pins = read(annotationpins.NAME)
    pin = Pin(annotation=path, filename=filename, sha256=proposal.sha256)
    new[annotationpins.NAME] = (pins, annotationpins.Book(pins).with_pins((pin,)))
    line = accepting.licensed(
        replace(accepting.line_of(candidate, decision), filename=path.rpartition("/")[2]),
        giver.licence,
        candidate,
        decision,
    )
    event = replace(
        accepting.event_of(candidate, decision),
        filename=path.rpartition("/")[2],
        line=asdict(line),
        made=books.ledger.data is None,
        files=tuple((each, _hash(old), _hash(now)) for each, (old, now) in new.items()),
    )
    changes = [Change(path=each, data=now, was=old) for each, (old, now) in new.items()]
    for old, _ in new.values():
        kept = f"{KEPT}/{_hash(old)}"
        if old is not None and read(kept) is None:
            changes.append(Change(path=kept, data=old, was=None))
    changes += [accepting.ledger_change(books, line), accepting.log_change(books, event)]
    return Written(changes=tuple(changes), event=event)


def take_back(
    books: Books, number: int, by: str, at: str, read: Callable[[str], bytes | None]
) -> tuple[Change, ...]:
    """Undo an acceptance: give back every byte that it changed.

    Parameters
    ----------
    books : Books
        As they stand.
    number : int
        Position in the log of the decision.
    by, at : str
        Who takes it back, and when.
    read : callable
        As for `accept`.

    Raises
    ------
    UsageError
        If a file was changed since: then undoing it would lose that.
    """
    event = books.events[number]
    changes = []
    for path, before, after in event.files:
        now = read(path)
        kept = read(f"{KEPT}/{before}") if before else None
        if _hash(now) != after or (before and kept is None):
            raise UsageError(
                f"{path} was changed since the marks were accepted; take them out by hand, or put "
                "the file back as it was"
            )
        changes.append(Change(path=path, data=kept, was=now))
    changes.append(accepting.line_back(books, event))
    return (*changes, accepting.undone(books, number, by, at))


def filename_of(proposal: Proposal, books: Books) -> str:
    """Give the name under which the image of a proposal was taken in; empty where none says.

    Parameters
    ----------
    proposal : Proposal
        With the image's hash.
    books : Books
        Whose ledger says under which name a file was taken in.
    """
    for filename, line in books.ledger.accepted.items():
        if line.sha256 == proposal.sha256 and line.source != SOURCE:
            return filename
    return ""


def is_acceptance(event: reviewstore.Event) -> bool:
    """Tell whether a decision accepted a proposal."""
    return bool(event.files) and event.line.get("source") == SOURCE


def _hash(data: bytes | None) -> str:
    return "" if data is None else hashlib.sha256(data).hexdigest()
