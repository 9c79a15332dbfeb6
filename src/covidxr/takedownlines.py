"""What is written down of a takedown: lines of provenance, and the log of decisions without it.

This module owns which lines keep what is gone from being proposed again. It touches no disk. Lines
that stand are never changed; the log, which is no part of the collection, forgets the rows.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from covidxr import csvread, provenance, reviewstore
from covidxr.provenance import Ledger, Line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from covidxr.reviewstore import Event
    from covidxr.table import Row
    from covidxr.takedowncases import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Who took something down, when and why.

    Parameters
    ----------
    reason, by, at : str
        In words; a name; UTC, ISO 8601.
    """

    reason: str
    by: str
    at: str

    def on(self, line: Line) -> Line:
        """Give a line with this decision in place of its own."""
        return replace(
            line,
            decision=provenance.TAKEDOWN,
            reason=self.reason,
            decided_by=self.by,
            decided_at=self.at,
        )


def of_row(row: Row, data: bytes | None, *, named: bool = True) -> Line:
    """Give what a row says of where its file came from.

    Parameters
    ----------
    row : Row
        Of a file that was not accepted by review.
    data : bytes or None
        The file; None where there is none.
    named : bool
        Whether the file goes; a line of one that stays says only where the row came from.
    """
    return replace(
        provenance.BLANK,
        filename=row["filename"] if named else "",
        sha256=sha256(data) if data is not None else "",
        page_url=row["url"],
        doi=row["doi"],
        license=row["license"] if named else "",
    )


def of_file(filename: str, data: bytes) -> Line:
    """Give what is known of a file without a row."""
    return replace(provenance.BLANK, filename=filename, sha256=sha256(data))


def of_candidates(
    cases: Sequence[Waiting], images: Collection[str], ledger: Ledger, known: Collection[Line]
) -> Iterator[Line]:
    """Give a line for each image of cases that go, and one for each such page without any.

    Parameters
    ----------
    cases : sequence of Waiting
        Those that go as a whole, and those that lose some images.
    images : collection of str
        Ids of all images that go.
    ledger : Ledger
        What is written down already is not written again.
    known : collection of Line
        The lines of files that go.
    """
    hashes = {line.sha256 for line in known}
    pages = {line.page_url for line in (*known, *ledger.lines)}
    for case in cases:
        gone = [image.provenance for image in case.images if image.id in images]
        for origin in gone:
            line = ledger.on(origin)
            if origin.sha256 not in hashes and (
                line is None or line.decision != provenance.TAKEDOWN
            ):
                hashes.add(origin.sha256)
                pages.add(origin.page_url)
                yield provenance.of_origin(origin)
        url = str(case.record["url"])
        if len(gone) == len(case.images) and url not in pages:
            yield replace(
                provenance.BLANK, source=case.path.partition("/")[0], page_url=url, doi=case.doi
            )


def with_lines(ledger: Ledger, lines: Sequence[Line]) -> bytes:
    """Give the file of a ledger with some lines more; at least one.

    Raises
    ------
    CollectionError
        If it is damaged.
    """
    first = ledger.with_line(lines[0])
    text = csvread.parse(first)
    head = first[: text.header_record.stop]
    # Each further record is written below the header alone: as a long ledger would, and at once.
    rest = (Ledger(head, where=ledger.where).with_line(each)[len(head) :] for each in lines[1:])
    return b"".join((first, *rest))


def forgotten(events: Sequence[Event], text: str, paths: Collection[str], why: Why) -> str:
    """Give the log of decisions without the rows that are gone; undo passes them over.

    Parameters
    ----------
    events : sequence of Event
        The log's.
    text : str
        The log.
    paths : collection of str
        Of the files whose rows are gone.
    why : Why
        The decision.

    Returns
    -------
    str
        The same text where it says nothing of them.
    """
    lines = text.splitlines(keepends=True)
    undone = {event.of for event in events if event.verdict == reviewstore.UNDO}
    taken_back: list[Event] = []
    for number, event in enumerate(events):
        if event.path not in paths or not event.path:
            continue
        lines[number] = reviewstore.with_event("", replace(event, record=""))
        if number not in undone:
            taken_back.append(
                reviewstore.Event(
                    verdict=reviewstore.UNDO,
                    id=event.id,
                    reason=f"taken down: {why.reason}",
                    by=why.by,
                    at=why.at,
                    of=number,
                )
            )
    new = "".join(lines)
    for event in taken_back:
        new = reviewstore.with_event(new, event)
    return new


def sha256(data: bytes) -> str:
    """Give the hash under which a file is known again."""
    return hashlib.sha256(data).hexdigest()


def distinct(lines: Iterable[Line]) -> list[Line]:
    """Give lines in order, each once."""
    return list(dict.fromkeys(lines))
