"""Taking down what a publisher, an author or a patient wants removed, all of it together.

This workflow finds what a name means, says what will go, and makes one change of it: rows, files,
annotations, candidates, and the lines of provenance that keep it from being proposed again. It asks
nobody; that is the command's part.
"""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from functools import reduce
from operator import or_
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from covidxr import (
    annotationedit,
    candidatestore,
    csvtext,
    likenessstore,
    provenance,
    reviewstore,
    store,
    takedowncases,
    takedownfiles,
    takedownlines,
    takedownnames,
    transaction,
)
from covidxr.annotationedit import Gone
from covidxr.disk import WORK
from covidxr.errors import CollectionError, UsageError
from covidxr.reviewbooks import Shelf
from covidxr.table import Row
from covidxr.takedownnames import Known, Meant
from covidxr.transaction import Change

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from covidxr.pacing import Clock
    from covidxr.provenance import Line
    from covidxr.reviewbooks import Books
    from covidxr.takedowncases import Waiting

_CACHE = f"{WORK}/http.sqlite"
"""What was fetched, whole pages and images among it."""

_README = "README.md"
_MARKER = b"<!-- covidxr stats: begin"
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What to take down, why, and for whom.

    Parameters
    ----------
    root : Path
        The collection's folder.
    names : sequence of str
        As in `covidxr.takedownnames.meant`.
    reason : str
        Why; it stands in ``provenance.csv``.
    by : str
        Who decides; may be empty.
    clock : Clock
        Tells when.
    """

    root: Path
    names: Sequence[str]
    reason: str
    by: str
    clock: Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneRow:
    """A row that goes.

    Parameters
    ----------
    line : int
        1-based line of the table on which it begins.
    patientid, filename : str
        Its cells.
    """

    line: int
    patientid: str
    filename: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Something that stays and that a curator must look at.

    Parameters
    ----------
    path : str
        The file.
    why : str
        Why it stays, or what it still names.
    """

    path: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a takedown removes, and what it does not.

    Parameters
    ----------
    root : Path
        The collection's folder.
    rows : tuple of GoneRow
        In the order of the table.
    files : tuple of str
        Of ``images/`` and ``volumes/``.
    masks : tuple of str
        Annotation files that are about these alone.
    entries : mapping of str to int
        Other annotation files, and how many entries or lines go out of each.
    candidates : tuple of str
        Cases that go as a whole, and images that go out of others.
    lines : int
        How many lines ``provenance.csv`` gets.
    left : tuple of Left
        What a curator must look at.
    renew : tuple of str
        Commands that bring what is generated up to date.
    cached : bool
        Whether pages and images that were fetched are kept, which stay.
    changes : tuple of Change
        All of it, for one transaction.
    """

    root: Path
    rows: tuple[GoneRow, ...]
    files: tuple[str, ...]
    masks: tuple[str, ...]
    entries: Mapping[str, int]
    candidates: tuple[str, ...]
    lines: int
    left: tuple[Left, ...]
    renew: tuple[str, ...]
    cached: bool
    changes: tuple[Change, ...]


def plan(options: Options) -> Plan:
    """Say what a takedown will remove; nothing is written.

    Raises
    ------
    UsageError
        If a name means nothing or two things, or no reason is given.
    CollectionError
        If the collection cannot be read.
    """
    if not options.reason.strip():
        raise UsageError("why? say so with --reason, such as --reason 'the patient asked for it'")
    root = options.root
    books = Shelf(root).books()
    cases, damaged = takedowncases.waiting(root)
    known = Known(
        table=books.table, files=store.files_there(root), ledger=books.ledger, cases=cases
    )
    found = reduce(or_, (takedownnames.meant(name, known) for name in options.names), Meant())
    return _Planning(options, books, known, found, damaged).plan()


def carry_out(what: Plan) -> None:
    """Remove what a plan names, all of it or nothing.

    Raises
    ------
    CollectionError
        If something of it was changed since the plan was made, a run works on the source of one of
        the candidates, or the disk refuses.
    """
    candidates = candidatestore.candidates_of(what.root, None)
    with ExitStack() as held:
        for source in sorted({each.partition("/")[0] for each in what.candidates}):
            held.enter_context(candidates.working_on(source))
        held.enter_context(transaction.holding(what.root))
        transaction.commit(what.root, what.changes)
        # Thumbnails of what is gone; those of the others are made again when they are wanted.
        likenessstore.forget_others(what.root, ())


class _Planning:
    """The making of one plan: what was found becomes changes."""

    def __init__(
        self,
        options: Options,
        books: Books,
        known: Known,
        found: Meant,
        damaged: Mapping[str, str],
    ) -> None:
        self.options, self.books, self.known, self.found = options, books, known, found
        self.root, self.table = options.root, books.table
        self.rows = [Row(self.table, row) for row in sorted(found.rows)]
        self.left = [
            Left(path=f"{WORK}/candidates/{path}", why=f"its record cannot be read: {problem}")
            for path, problem in damaged.items()
        ]
        self.removed: dict[str, bytes] = {}
        self.accepted: dict[str, Line] = {}
        self.cases: list[Waiting] = []
        self.images: list[str] = []
        self.changes: list[Change] = []

    def plan(self) -> Plan:
        """Put everything together."""
        gone = self._gone(self._files())
        self._take_rows()
        masks, entries = self._take_annotations(gone)
        self.changes += [
            Change(path=path, data=None, was=data) for path, data in self.removed.items()
        ]
        candidates = self._take_candidates()
        lines = self._write_down(gone)
        self._look_for_names(gone)
        return Plan(
            root=self.root,
            rows=tuple(
                GoneRow(line=row.line, patientid=row["patientid"], filename=row["filename"])
                for row in self.rows
            ),
            files=tuple(self.removed),
            masks=masks,
            entries=entries,
            candidates=candidates,
            lines=lines,
            left=tuple(dict.fromkeys(self.left)),
            renew=self._renew(),
            cached=store.stamp(self.root, _CACHE) is not None,
            changes=tuple(self.changes),
        )

    # -- the collection ----------------------------------------------------------------

    def _files(self) -> frozenset[str]:
        """Give the paths whose annotations go, and read those of them that are files to remove."""
        named = {row.path for row in self.rows if row["filename"]}
        gone = set()
        for path in sorted(named | self.found.files):
            others = [row for row in self.table.rows_of(path) if row not in self.found.rows]
            if others:
                row = Row(self.table, others[0])
                patient = f"patient {row['patientid']}, line {row.line}"
                self.left.append(Left(path=path, why=f"another row names it, too: {patient}"))
                continue
            gone.add(path)
            if path in self.known.files:
                self._read(path)
        return frozenset(gone)

    def _read(self, path: str) -> None:
        try:
            data = takedownfiles.contents(self.root, path)
        except CollectionError as problem:
            self.left.append(Left(path=path, why=str(problem).removeprefix(f"{path} ")))
        else:
            if data is not None:
                self.removed[path] = data

    def _gone(self, paths: frozenset[str]) -> Gone:
        staying = self._staying("filename") | {
            path.rpartition("/")[2] for path in self.known.files - paths
        }
        patients = {row["patientid"] for row in self.rows} - self._staying("patientid")
        return Gone(
            paths=paths, kept=frozenset(staying - {""}), patients=frozenset(patients - {""})
        )

    def _staying(self, column: str) -> set[str]:
        """Give the distinct texts of a column in rows that stay."""
        texts = self.table.texts(column)
        counts = Counter(texts.codes.tolist())
        counts.subtract(int(texts.codes[row.index]) for row in self.rows)
        return {texts.known[code] for code, count in counts.items() if count > 0}

    def _take_rows(self) -> None:
        table = self.table
        if not self.rows:
            return
        if table.open_quote is not None:
            raise CollectionError(
                f"{table.name} ends within a cell whose quotes are never closed (line "
                f"{table.last_record.line}): what follows them cannot be told apart; close them "
                "first"
            )
        data = csvtext.without(table.text, self.found.rows)
        self.changes.append(Change(path=table.name, data=data, was=self.books.table_data))

    def _take_annotations(self, gone: Gone) -> tuple[tuple[str, ...], dict[str, int]]:
        masks: list[str] = []
        entries: dict[str, int] = {}
        for path in takedownfiles.annotation_files(self.root):
            owned = gone.owns(path.rpartition("/")[2])
            if owned is None:
                self.left.append(Left(path=path, why="it is called like what is gone: look at it"))
            data = self._annotation(path) if owned or _is_text(path) else None
            if data is None:
                continue
            if owned:
                masks.append(path)
                self.changes.append(Change(path=path, data=None, was=data))
                continue
            new = annotationedit.edited(path, data, gone)
            if new.problem:
                self.left.append(Left(path=path, why=f"{new.problem}; it was left as it is"))
            if new.data is not None:
                entries[path] = new.entries
                self.changes.append(Change(path=path, data=new.data, was=data))
        return tuple(masks), entries

    def _annotation(self, path: str) -> bytes | None:
        try:
            return takedownfiles.contents(self.root, path)
        except CollectionError as problem:
            self.left.append(Left(path=path, why=str(problem).removeprefix(f"{path} ")))
            return None

    # -- candidates --------------------------------------------------------------------

    def _take_candidates(self) -> tuple[str, ...]:
        """Remove candidates: whole cases, and what is gone of others; give what they are called."""
        names = {row["filename"] for row in self.rows}
        names |= {path.rpartition("/")[2] for path in self.removed}
        accepted = self.books.ledger.accepted
        self.accepted = {name: line for name, line in accepted.items() if name in names}
        hashes = set(map(takedownlines.sha256, self.removed.values()))
        hashes |= {line.sha256 for line in self.accepted.values()} - {""}
        told: list[str] = []
        for case in self.known.cases:
            whole = case.path in self.found.cases
            hit = [
                image.id
                for image in case.images
                if whole
                or image.id in self.found.images
                or takedowncases.bytes_of(case, image) in hashes
            ]
            if not hit and not whole:
                continue
            self.cases.append(case)
            self.images += hit
            if len(hit) == len(case.images):
                told.append(case.path)
                self.changes += takedowncases.dropped(self.root, case)
            else:
                told += hit
                self.changes += takedowncases.without_images(self.root, case, hit)
        return tuple(told)

    # -- what is written down ----------------------------------------------------------

    def _write_down(self, gone: Gone) -> int:
        """Add the lines of provenance, and make the log forget; give the number of lines."""
        options, ledger = self.options, self.books.ledger
        why = takedownlines.Why(
            reason=" ".join(options.reason.split()),
            by=" ".join(options.by.split()),
            at=options.clock.utc_now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        files = takedownlines.distinct(self._file_lines(gone))
        more = takedownlines.of_candidates(self.cases, self.images, ledger, files)
        lines = [why.on(line) for line in (*files, *more)]
        if lines:
            data = takedownlines.with_lines(ledger, lines)
            self.changes.append(Change(path=provenance.NAME, data=data, was=ledger.data))
        log = takedownlines.forgotten(self.books.events, self.books.log_text, gone.paths, why)
        if log != self.books.log_text:
            was = self.books.log_data
            self.changes.append(Change(path=reviewstore.LOG, data=log.encode(), was=was))
        return len(lines)

    def _file_lines(self, gone: Gone) -> Iterator[Line]:
        for row in self.rows:
            named = row.path in gone.paths
            accepted = self.accepted.get(row["filename"]) if named else None
            data = self.removed.get(row.path)
            yield accepted or takedownlines.of_row(row, data, named=named)
        rows = {row.path for row in self.rows}
        for path, data in self.removed.items():
            if path not in rows:
                name = path.rpartition("/")[2]
                yield self.accepted.get(name) or takedownlines.of_file(name, data)

    # -- what a curator must do --------------------------------------------------------

    def _look_for_names(self, gone: Gone) -> None:
        """Name the texts that still hold the name of a file that is gone."""
        new = {change.path: change.data for change in self.changes}
        own = {provenance.NAME}
        for path in takedownfiles.texts(self.root):
            data = new[path] if path in new else self._annotation(path)
            if path in own or data is None:
                continue
            names = annotationedit.named_in(data, gone.names)
            if names:
                shown = ", ".join(names[:_SHOWN])
                more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
                self.left.append(Left(path=path, why=f"it still names {shown}{more}"))

    def _renew(self) -> tuple[str, ...]:
        page = store.file_bytes(self.root, _README) if self.rows else None
        if page is None or _MARKER not in page:
            return ()
        return (f"covidxr stats --write {_README}",)


def _is_text(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in annotationedit.TEXTS
