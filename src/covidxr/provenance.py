"""``provenance.csv``: where each file came from, and what was decided on it, line by line.

This module owns the ledger's columns and how it is read and written; it touches no disk. The ledger
is committed: what was turned down or taken down stays known wherever the collection is cloned.
Lines are added and never rewritten; of several on one image the last holds.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING

from covidxr import csvbook

if TYPE_CHECKING:
    from covidxr.cases import LicenceClaim, Provenance
    from covidxr.table import Table

NAME = "provenance.csv"
TAKEDOWN = "takedown"
"""The decision of a line that stands for a file that was removed for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One decision on one file; the fields are the columns, in this order.

    Parameters
    ----------
    filename : str
        Name of the file in the collection; empty for a candidate that was not accepted.
    sha256 : str
        Of its bytes.
    source : str
        Key of the source.
    page_url, image_url : str
        Addresses of the page and of the file.
    doi : str
        Bare.
    license : str
        SPDX id; empty where there is none.
    license_evidence : str
        Where that is said and in which words, such as ``"page: CC BY 4.0"``.
    license_url : str
        Address of the licence or of the terms.
    credit : str
        The credit line.
    retrieved_at : str
        UTC, ISO 8601.
    decision : str
        ``"accept"``, ``"reject"`` or ``"takedown"``; what is deferred waits and has no line.
    reason : str
        Why.
    decided_by, decided_at : str
        Who, and when (UTC, ISO 8601).
    """

    filename: str
    sha256: str
    source: str
    page_url: str
    image_url: str
    doi: str
    license: str
    license_evidence: str
    license_url: str
    credit: str
    retrieved_at: str
    decision: str
    reason: str
    decided_by: str
    decided_at: str

    @property
    def cells(self) -> tuple[str, ...]:
        """Its texts in the order of `HEADER`, each on one line."""
        return tuple(" ".join(str(getattr(self, name)).split()) for name in HEADER)


HEADER: tuple[str, ...] = tuple(field.name for field in fields(Line))


@dataclass(frozen=True)
class Ledger:
    """The lines of ``provenance.csv``.

    Parameters
    ----------
    data : bytes or None
        The file as it is; None where there is none yet.
    where : str
        Its path, for messages.
    """

    data: bytes | None
    where: str = NAME

    @cached_property
    def table(self) -> Table:
        """The file as a table; one without rows where there is no file yet."""
        return csvbook.read(self.data, HEADER, self.where)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Every line, in the order of the file."""
        table = self.table
        return tuple(
            Line(**{name: table.cell(row, name).strip() for name in HEADER})
            for row in range(len(table))
        )

    def with_line(self, line: Line) -> bytes:
        """Give the file with one line more.

        Raises
        ------
        CollectionError
            If it is damaged.
        """
        return csvbook.with_lines(self.table, [dict(zip(HEADER, line.cells, strict=True))])

    def without(self, line: Line) -> bytes | None:
        """Give the file without the last line that says exactly this; None where none does."""
        found = [row for row, each in enumerate(self.lines) if each.cells == line.cells]
        return csvbook.without(self.table, found[-1:]) if found else None

    @cached_property
    def _last(self) -> dict[tuple[str, str], Line]:
        """The line that holds, by the bytes' hash and the address of the page or the file."""
        return {
            (line.sha256, address): line
            for line in self.lines
            for address in (line.page_url, line.image_url)
            if line.sha256 and address
        }

    @cached_property
    def _gone(self) -> dict[str, Line]:
        """Lines of rejected and removed files by hash: they hold wherever the bytes come from."""
        found: dict[str, Line] = {}
        for line in self.lines:
            if line.sha256 and line.decision != "accept":
                found[line.sha256] = line
            else:
                found.pop(line.sha256, None)
        return found

    def on(self, provenance: Provenance) -> Line | None:
        """Give the line that holds for a candidate's file; None where nothing was decided."""
        keys = [(provenance.sha256, each) for each in (provenance.page_url, provenance.image_url)]
        here = [line for key in keys if (line := self._last.get(key)) is not None]
        return here[0] if here else self._gone.get(provenance.sha256)

    def accepted_from(self, page_url: str, source: str) -> tuple[Line, ...]:
        """Give the lines of files that were accepted from one page and are still there."""
        return tuple(
            line
            for line in self.accepted.values()
            if (line.source, line.page_url) == (source, page_url)
        )

    @cached_property
    def accepted(self) -> dict[str, Line]:
        """The line with which each file came that is still there, by the file's name.

        A name that became free can be given to another file; its last line is the one that counts.
        """
        found: dict[str, Line] = {}
        for line in self.lines:
            if line.decision == "accept" and line.filename:
                found[line.filename] = line
            elif line.decision == TAKEDOWN:
                found.pop(line.filename, None)
        return found


BLANK = Line(**dict.fromkeys(HEADER, ""))
"""A line that says nothing."""


def of_origin(origin: Provenance) -> Line:
    """Give the line of a candidate's file, without a decision."""
    return replace(
        BLANK,
        sha256=origin.sha256,
        source=origin.source,
        page_url=origin.page_url,
        image_url=origin.image_url,
        doi=origin.doi,
        license=origin.licence.spdx,
        license_evidence=evidence(origin.licence),
        license_url=origin.licence.url,
        credit=origin.credit,
        retrieved_at=origin.retrieved_at,
    )


def evidence(claim: LicenceClaim) -> str:
    """Say in one cell where a licence is stated, and in which words."""
    return ": ".join(filter(None, (claim.evidence, " ".join(claim.words.split()))))
