"""The collection in memory, read-only: what rules, statistics and exporters see.

This module answers questions about many rows at once, so that a rule need not loop over a million
of them. It opens no file and judges nothing.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, count
from typing import TYPE_CHECKING

from covidxr.about import About
from covidxr.grouping import Cells, Finder, conflicts
from covidxr.levels import ImageDepth
from covidxr.table import Row, Table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from covidxr.annotated import AnnotationFile, Pin
    from covidxr.cells import Judgement, Problem
    from covidxr.filefacts import AlikePair, PairDecision
    from covidxr.model import Fix, Hit, ImageFacts

# Formats of single pictures; a DICOM file can also hold a volume.
_PICTURES = frozenset({"JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "DICOM"})


def fold_name(path: str) -> str:
    """Reduce a path to what a file system that ignores case and Unicode form tells apart."""
    return unicodedata.normalize("NFC", path).lower()


def shorter_side(facts: ImageFacts) -> int | None:
    """Shorter side of a picture in pixels; None where the file is none, or its size not known."""
    if facts.format not in _PICTURES or facts.width is None or facts.height is None:
        return None
    return min(facts.width, facts.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One text of one column that the schema refuses, with all rows that hold it."""

    name: str
    cells: Cells
    judgement: Judgement

    def hit(self) -> Hit:
        """Make the diagnostic's raw form."""
        from covidxr.model import Fix

        fix = None if self.judgement.value is None else Fix(value=self.judgement.value)
        return self.cells.at(
            self.name,
            self.judgement.message,
            suggestion=self.judgement.suggestion,
            fix=fix,
        )


@dataclass(frozen=True, kw_only=True)
class Dataset:
    """A collection, read-only.

    Parameters
    ----------
    table : Table
        ``metadata.csv``.
    files : mapping of str to ImageFacts
        Files below ``images/`` and ``volumes/`` by path relative to the root; empty when they were
        not looked at.
    folders : frozenset of str
        Which of ``images``, ``volumes`` and ``annotations`` exist.
    depth : ImageDepth
        How closely the files were looked at.
    documents : mapping of str to str
        ``README.md`` and ``SCHEMA.md``, those that exist.
    failures : tuple of Failure
        What the schema refuses; empty when it was not asked.
    as_of : datetime.date or None
        No date in the table can be later than this.
    alike : tuple of AlikePair
        Files that show the same picture; empty below depth ``full``.
    decisions : tuple of PairDecision
        What curators decided on files that look alike, in the order of
        ``duplicate-decisions.csv``; empty where that was not read.
    annotations : tuple of AnnotationFile
        What lies below ``annotations/``, by path; empty where it was not read.
    pins : tuple of Pin
        The bytes that images had when they were annotated; empty where that was not read.
    about : About
        What the collection says of itself; blank where that was not read.
    parts : mapping of str to str
        Part of a split (``"train"`` ...) by an image's path; empty where there is no split.
    """

    table: Table
    files: Mapping[str, ImageFacts] = field(default_factory=dict)
    folders: frozenset[str] = frozenset()
    depth: ImageDepth = ImageDepth.NONE
    documents: Mapping[str, str] = field(default_factory=dict)
    failures: tuple[Failure, ...] = ()
    as_of: dt.date | None = None
    alike: tuple[AlikePair, ...] = ()
    decisions: tuple[PairDecision, ...] = ()
    annotations: tuple[AnnotationFile, ...] = ()
    pins: tuple[Pin, ...] = ()
    about: About = field(default_factory=About)
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> Iterator[Row]:
        """Every row in file order. Prefer `cells` and its kin: they do not slow with the table."""
        return (Row(self.table, index) for index in range(len(self.table)))

    def failed(self, *problems: Problem) -> Iterator[Hit]:
        """Yield what the schema refuses for one of some reasons, in the order of the columns."""
        return (failure.hit() for failure in self.failures if failure.judgement.problem in problems)

    def row(self, index: int) -> Row:
        """Give one row by position."""
        return Row(self.table, index)

    def at_file(
        self,
        path: str,
        message: str,
        *,
        suggestion: str | None = None,
        fix: Fix | None = None,
    ) -> Hit:
        """Make a hit about a file: at the rows that name it, or else at the file itself."""
        from covidxr.model import Hit

        rows = self.table.rows_of(path)
        if not rows:
            return Hit(message=message, file=path, suggestion=suggestion)
        return Hit(
            message=message,
            rows=rows,
            field="filename",
            value=self.row(rows[0])["filename"],
            suggestion=suggestion,
            fix=fix,
        )

    def at_header(
        self,
        position: int,
        message: str,
        *,
        name: str | None = None,
        value: str | None = None,
        suggestion: str | None = None,
    ) -> Hit:
        """Make a hit at a header cell by its position in the file; `name` is the hit's field."""
        from covidxr.model import Hit

        span = self.table.text.span(-1, position)
        return Hit(
            message=message,
            file=self.table.name,
            line=span.line,
            column=span.column,
            field=name,
            value=value,
            suggestion=suggestion,
        )

    def broken(self, folder: str, *kinds: str) -> Iterator[tuple[str, str]]:
        """Yield each file of a folder that has a problem of some kinds, and what was seen."""
        for path, facts in self.files.items():
            found = [problem.message for problem in facts.problems if problem.kind in kinds]
            if found and path.startswith(f"{folder}/"):
                yield path, f"{path.rpartition('/')[2]}: {found[-1]}"

    def listed(self, folder: str) -> list[Cells]:
        """Folder and filename of the rows that name a file in a folder; blank means images."""
        folders = {"", "images"} if folder == "images" else {folder}
        return [
            cells
            for cells in self.cells("folder", "filename")
            if cells.texts[1] and cells.text in folders
        ]

    def copies(self) -> Iterator[list[Row]]:
        """Yield the rows, ascending, of files with the same bytes, where several rows name them."""
        paths: dict[str, list[str]] = {}
        for path, facts in self.files.items():
            if facts.sha256:
                paths.setdefault(facts.sha256, []).append(path)
        for same in paths.values():
            if len(same) > 1:
                rows = sorted(row for path in same for row in self.table.rows_of(path))
                if len(rows) > 1:
                    yield [self.row(row) for row in rows]

    @cached_property
    def _decided(self) -> dict[tuple[str, str], PairDecision]:
        return {(each.first, each.second): each for each in self.decisions}

    def decided(self, path: str, other: str) -> PairDecision | None:
        """Give what was decided on two files, in either order.

        Returns
        -------
        PairDecision or None
            None also where one of them is gone or no longer holds the bytes that were decided on.
        """
        first, second = min(path, other), max(path, other)
        found = self._decided.get((first, second))
        facts = self.files.get(first), self.files.get(second)
        if found is None or facts[0] is None or facts[1] is None:
            return None
        return found if found.is_of(facts[0].sha256, facts[1].sha256) else None

    def has(self, *names: str) -> bool:
        """Tell whether the table has all these columns."""
        return all(name in self.table.fields for name in names)

    def cells(self, *names: str) -> Iterator[Cells]:
        """Yield every distinct combination of texts in some columns, blanks around dropped.

        Parameters
        ----------
        names : str
            Today's column names; a column that is not there counts as blank everywhere.

        Yields
        ------
        Cells
            In the order of the first row that holds the combination.
        """
        if not len(self.table):
            return
        index = self.table.index(names)
        for number, texts in enumerate(index.texts()):
            yield Cells(texts, Finder(index, number))

    def holding(self, name: str, wanted: Callable[[str], object]) -> Iterator[Cells]:
        """Yield those of `cells` of one column whose text fulfils a condition."""
        known = self.table.texts(name).known if len(self.table) else []
        for number in compress(count(), map(wanted, known)):
            yield Cells((known[number],), Finder(self.table.index((name,)), number))

    def repeated(self, *names: str) -> Iterator[Cells]:
        """Yield the combinations of `cells` that stand in more than one row."""
        index = self.table.index(names)
        for number in index.repeated():
            yield Cells(index.text(number), Finder(index, number))

    def conflicts(
        self,
        key: str,
        name: str,
        *,
        same: Callable[[str], str] | None = None,
        within: tuple[str, ...] = (),
    ) -> Iterator[tuple[Cells, Sequence[Cells]]]:
        """Yield what one column says in more than one way about the same thing.

        Parameters
        ----------
        key, name : str
            Today's column names: two rows with the same `key` should agree in `name`.
        same : callable, optional
            Reduces the text of `key` to what two spellings of it share; empty leaves rows out.
        within : tuple of str
            Only rows that have the same text in these columns, too, and no blank, are compared.

        Yields
        ------
        (Cells, sequence of Cells)
            The key, with what `within` holds behind it, and all its rows; per distinct text of
            `name` that is not blank the rows that hold it, in the order of their first row, always
            two or more.
        """
        if not self.has(key, name, *within) or not len(self.table):
            return
        keys = [self.table.texts(key, same), *map(self.table.texts, within)]
        yield from conflicts(keys, self.table.texts(name))
