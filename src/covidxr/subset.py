"""A smaller collection of some rows of one: chosen by licence, purpose and conditions.

This workflow decides which rows stay and what goes with them, and has it written as a folder that
validates by itself. What is wrong with a row stays wrong; nothing is mended on the way.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from covidxr import (
    attributionpage,
    csvread,
    csvtext,
    duplicatebook,
    provenance,
    readmeblock,
    store,
    subsetannotations,
    subsetfolder,
    subsetpages,
    takedownfiles,
    where,
)
from covidxr import credits as credits_
from covidxr.errors import CollectionError, UsageError
from covidxr.licences import read_licence
from covidxr.provenance import Ledger
from covidxr.purposes import Purpose, allows
from covidxr.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.dataset import Dataset
    from covidxr.labelcounts import StatsOptions

    Mask = NDArray[np.bool_]

ALL = "all rows"
"""Words of the first step, which chooses nothing."""

_README, _SCHEMA, _LICENCES, _SETTINGS = "README.md", "SCHEMA.md", "LICENSES.md", "covidxr.toml"
_REFERENCE = re.compile(r"\bLicenseRef-[A-Za-z0-9.-]*[A-Za-z0-9-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a subset is to be.

    Parameters
    ----------
    root : Path
        The collection's folder.
    to : Path
        Where the subset is to be.
    licences : tuple of str
        Rows have one of these, as SPDX ids or ``LicenseRef-`` names; empty for any.
    purposes : tuple of Purpose
        Rows have a licence that is known to allow all of these.
    conditions : tuple of str
        All of these hold, in the language of `covidxr.where`.
    force : bool
        Whether an older subset is replaced.
    link : bool
        Whether files are hard links instead of copies.
    """

    root: Path
    to: Path
    licences: tuple[str, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    conditions: tuple[str, ...] = ()
    force: bool = False
    link: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How much is left after one filter.

    Parameters
    ----------
    words : str
        The filter.
    rows, images, patients : int
        What is left; images and patients each counted once, blanks not at all.
    """

    words: str
    rows: int
    images: int
    patients: int


@dataclass(slots=True, kw_only=True)
class Plan:
    """What a subset holds.

    Attributes
    ----------
    steps : list of Step
        The whole collection, then what each filter leaves.
    texts : dict of str to bytes
        Files that are written.
    copies : list of str
        Files of the collection that go along as they are.
    missing : list of str
        Files that kept rows name and that are not there.
    cut : dict of str to int
        Annotation files that lose entries, and how many.
    left_out : list of str
        Annotation files that are about no kept row.
    problems : list of (str, str)
        Files that do not go along although they should, and why.
    """

    steps: list[Step]
    texts: dict[str, bytes] = field(default_factory=dict)
    copies: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    cut: dict[str, int] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)


def plan(options: Options) -> Plan:
    """Say what a subset will hold; nothing is written.

    Returns
    -------
    Plan
        Without files where no row is left.

    Raises
    ------
    UsageError
        If nothing is asked for, or a filter makes no sense.
    CollectionError
        If the collection cannot be read.
    """
    if not (options.licences or options.purposes or options.conditions):
        raise UsageError("which rows? say so with --license, --allows or --where")
    whole = store.read_collection(options.root)
    if whole.table.open_quote is not None:
        raise CollectionError(
            f"{whole.table.name} ends within a cell whose quotes are never closed (line "
            f"{whole.table.last_record.line}): close them first"
        )
    steps, chosen = _chosen(whole.table, options)
    if not chosen:
        return Plan(steps=steps)
    return _Planning(options, whole, steps, chosen).plan()


def carry_out(
    options: Options, what: Plan, progress: Callable[[int, int], None] | None = None
) -> None:
    """Write a subset whole, or nothing.

    Parameters
    ----------
    options : Options
        Those of the plan.
    what : Plan
        What `plan` gave.
    progress : callable, optional
        Told how many files are copied and how many there are.

    Raises
    ------
    UsageError
        If no row is left, or something is in the way.
    CollectionError
        If the disk refuses; then nothing was changed.
    """
    if not what.texts:
        raise UsageError("no row is left by these filters; nothing was written")
    subsetfolder.refuse(options.root, options.to, force=options.force)
    total = len(what.copies)
    subsetfolder.build(
        options.root,
        options.to,
        what.texts,
        what.copies,
        link=options.link,
        progress=None if progress is None else lambda done: progress(done, total),
    )


# -- which rows ---------------------------------------------------------------------------


def _chosen(table: Table, options: Options) -> tuple[list[Step], list[int]]:
    """Apply the filters one by one; give what each leaves, and the rows that stay."""
    import numpy as np

    mask: Mask = np.ones(len(table), dtype=bool)
    steps = [_step(table, ALL, mask)]
    for words, kept in _filters(table, options):
        mask &= kept
        steps.append(_step(table, words, mask))
    rows: list[int] = np.flatnonzero(mask).tolist()
    return steps, rows


def _filters(table: Table, options: Options) -> Iterator[tuple[str, Mask]]:
    if options.licences:
        wanted = frozenset(map(_licence_id, options.licences))
        yield (
            f"license in {', '.join(sorted(wanted))}",
            _holding(table, lambda text: read_licence(text).spdx in wanted),
        )
    for purpose in options.purposes:
        yield (
            f"license allows {purpose.value}",
            _holding(table, lambda text, to=purpose: allows(text, to) is True),  # type: ignore[misc]
        )
    for condition in options.conditions:
        yield condition, where.chosen(where.parse(condition, table.text.header), table)


def _licence_id(text: str) -> str:
    reading = read_licence(text)
    if reading.spdx is None:
        hint = "; name its version, too" if reading.problem == "no-version" else ""
        raise UsageError(f"{text!r} is no licence such as CC-BY-4.0 or LicenseRef-…{hint}")
    return reading.spdx


def _holding(table: Table, wanted: Callable[[str], bool]) -> Mask:
    import numpy as np

    if not len(table):
        return np.zeros(0, dtype=bool)
    texts = table.texts("license")
    kept: Mask = np.fromiter(map(wanted, texts.known), dtype=bool, count=len(texts.known))
    return kept[texts.codes]


def _step(table: Table, words: str, mask: Mask) -> Step:
    return Step(
        words=words,
        rows=int(mask.sum()),
        images=_distinct(table, ("folder", "filename"), mask),
        patients=_distinct(table, ("patientid",), mask),
    )


def _distinct(table: Table, names: tuple[str, ...], mask: Mask) -> int:
    """Count what rows hold in some columns, each once; a blank in the last is nothing."""
    import numpy as np

    if not mask.any():
        return 0
    texts = table.texts(names[-1])
    told = mask if texts.blank is None else mask & (texts.codes != texts.blank)
    return len(np.unique(table.index(names).groups[told]))


# -- what goes along ----------------------------------------------------------------------


class _Planning:
    """The making of one plan."""

    def __init__(
        self, options: Options, whole: Dataset, steps: list[Step], chosen: list[int]
    ) -> None:
        self.root, self.options, self.whole = options.root, options, whole
        self.what = Plan(steps=steps)
        data = _with_rows(whole.table, chosen)
        self.what.texts[store.TABLE] = data
        self.part = replace(
            whole, table=Table(csvread.parse(data)), documents={}, failures=(), files={}
        )

    def plan(self) -> Plan:
        """Put everything together."""
        there = store.files_there(self.root)
        named = {row.path for row in self.part.rows if row["filename"]}
        self._take_files(sorted(named), there)
        self._take_annotations((there - named) | self._named_elsewhere(named))
        self._take_books(named)
        self._take_pages()
        self._record()
        return self.what

    def _named_elsewhere(self, named: set[str]) -> set[str]:
        """Give the paths that only rows name that do not stay, whether a file is there or not."""
        rows = (Row(self.whole.table, row) for row in range(len(self.whole.table)))
        return {row.path for row in rows if row["filename"]} - named

    def _take_files(self, named: list[str], there: frozenset[str]) -> None:
        for path in named:
            if path not in there:
                self.what.missing.append(path)
            elif reason := takedownfiles.why_not(self.root, path):
                self.what.problems.append((path, reason))
            else:
                self.what.copies.append(path)

    def _take_annotations(self, gone: set[str] | frozenset[str]) -> None:
        kept = subsetannotations.kept(self.root, self.whole.table, self.part.table, gone)
        self.what.copies += kept.copies
        self.what.texts |= kept.texts
        self.what.cut |= kept.cut
        self.what.left_out += kept.left_out
        self.what.problems += kept.problems
        self.licences = kept.licences

    def _take_books(self, named: set[str]) -> None:
        """Keep the lines of provenance and decisions that are about what stays."""
        names = {path.rpartition("/")[2] for path in named}
        ledger = Ledger(store.file_bytes(self.root, provenance.NAME))
        lasting = {id(line) for name, line in ledger.accepted.items() if name in names}
        gone = [row for row, line in enumerate(ledger.lines) if id(line) not in lasting]
        self._take_table(provenance.NAME, ledger.table, gone, ledger.data)
        book = duplicatebook.Book(store.file_bytes(self.root, duplicatebook.NAME))
        taken = frozenset(self.what.copies)
        pairs = [
            row for row, each in enumerate(book.decisions) if not {each.first, each.second} <= taken
        ]
        self._take_table(duplicatebook.NAME, book.table, pairs, book.data)
        self.ledger = Ledger(self.what.texts.get(provenance.NAME))

    def _take_table(self, name: str, table: Table, gone: list[int], data: bytes | None) -> None:
        if data and len(gone) < len(table):
            self.what.texts[name] = csvtext.without(table.text, gone)

    def _take_pages(self) -> None:
        for name in (_SCHEMA, _SETTINGS, *self._baseline()):
            data = store.file_bytes(self.root, name)
            if data is not None:
                self.what.texts[name] = data
        page = self.whole.documents.get(_LICENCES, "")
        said = "\n".join((*self.part.table.values("license"), *self.licences))
        told = subsetpages.licences_page(page, frozenset(_REFERENCE.findall(said)))
        if told:
            self.what.texts[_LICENCES] = told.encode("utf-8", "surrogateescape")
        steps = [
            (each.words, f"{each.rows:,}", f"{each.images:,}", f"{each.patients:,}")
            for each in self.what.steps
        ]
        readme = subsetpages.readme(self.part, steps, self._stats_options())
        self.what.texts[_README] = readme.encode("utf-8", "surrogateescape")
        credited = credits_.credits(self.part, self.ledger)
        page = attributionpage.markdown(credited)
        self.what.texts[attributionpage.NAME] = page.encode("utf-8", "surrogateescape")

    def _baseline(self) -> list[str]:
        """Give the file of known problems, where the settings name one in the collection."""
        text = store.file_bytes(self.root, _SETTINGS)
        name = store.read_settings(self.root).baseline if text is not None else None
        return [name] if name and not re.search(r"(?:\A|/)\.\.(?:/|\Z)|\A/", name) else []

    def _stats_options(self) -> StatsOptions | None:
        try:
            found = readmeblock.find_block(self.whole.documents.get(_README, ""))
        except readmeblock.MarkerError:
            return None
        return found.options if found else None

    def _record(self) -> None:
        files = sorted((*self.what.texts, *self.what.copies))
        record = {
            "version": subsetfolder.VERSION,
            "license": list(self.options.licences),
            "allows": [purpose.value for purpose in self.options.purposes],
            "where": list(self.options.conditions),
            "rows": len(self.part.table),
            "files": files,
        }
        text = json.dumps(record, indent=1) + "\n"
        self.what.texts[subsetfolder.RECORD] = text.encode()


def _with_rows(table: Table, rows: list[int]) -> bytes:
    """Give the header and some records, byte for byte; records out of order are none of them."""
    text = table.text
    pieces = [bytes(text.data[: text.header_record.stop])]
    for row in rows:
        record = text.record(row)
        pieces.append(bytes(text.data[record.start : record.stop]))
    return b"".join(pieces)
