"""What differs between two states of a collection, as frozen records.

This module owns plain values and nothing else: no file, no git, no words for people.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Piece = tuple[int, int] | str
"""A part of a new table: stretches ``start`` to ``stop`` of the old one, or a text of its own.

Stretch 0 is the header with all that stands before it, stretch *n* the *n*-th record below, blank
lines and records of another width included; `stop` is exclusive, line ends belong to a stretch.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One cell that says something else.

    Parameters
    ----------
    column : str
        Today's name of the column; the header cell where it has none.
    old, new : str
        The texts as they stand.
    """

    column: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoneRow:
    """A row that stands in one of the two tables only.

    Parameters
    ----------
    path : str
        The file that it names, relative to the root; the bare folder where it names none.
    line : int
        1-based line of its own table.
    cells : tuple of (str, str)
        Column and text of each cell that is not blank.
    """

    path: str
    line: int
    cells: tuple[tuple[str, str], ...]

    def __getitem__(self, name: str) -> str:
        """Text of a cell by today's column name, without blanks around; empty if not there."""
        return next((text.strip() for column, text in self.cells if column == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """A row that stands in both tables and does not say the same.

    Parameters
    ----------
    path : str
        The file that it names now.
    old_path : str
        The file that it named before; the same where only other cells changed.
    matched_by : str
        ``"name"``; of a row whose file was renamed ``"bytes"`` where the file's content says that
        it is the same, ``"cells"`` where all other cells do.
    old_line, line : int
        1-based lines of the two tables.
    patientid : str
        As the new row says.
    cells : tuple of CellChange
        In the order of the new table's columns; never empty.
    """

    path: str
    old_path: str
    matched_by: str
    old_line: int
    line: int
    patientid: str
    cells: tuple[CellChange, ...]

    @property
    def renamed(self) -> bool:
        """Whether it names another file than before."""
        return self.path != self.old_path


@dataclass(frozen=True, slots=True, kw_only=True)
class OddLine:
    """A record that is not as wide as its header, so that nobody knows its cells.

    Parameters
    ----------
    line : int
        1-based line of its own table.
    text : str
        The record as it stands, without the line end.
    """

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChanges:
    """What happened to the header.

    Parameters
    ----------
    added, removed : tuple of (str, int)
        Column, and in how many rows it is not blank.
    renamed : tuple of (str, str)
        Old and new name of columns whose cells are the same in every row.
    respelt : tuple of (str, str)
        Old and new header cell of columns that are the same by today's names.
    moved : bool
        Whether columns that are in both tables stand in another order.
    """

    added: tuple[tuple[str, int], ...] = ()
    removed: tuple[tuple[str, int], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    respelt: tuple[tuple[str, str], ...] = ()
    moved: bool = False

    @property
    def any(self) -> bool:
        """Whether the header changed at all."""
        return bool(self.added or self.removed or self.renamed or self.respelt or self.moved)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiff:
    """What differs between two tables.

    Parameters
    ----------
    old_rows, rows : int
        How many rows each has.
    columns : ColumnChanges
        The header.
    added, removed : tuple of LoneRow
        In the order of their tables.
    changed : tuple of RowChange
        In the order of the new table.
    moved : int
        Rows in both tables that do not keep the order of the others.
    rewritten : int
        Rows with the same cells in other bytes: line ends, quotes. Not counted where columns came,
        went or moved, since that rewrites every row.
    odd_added, odd_removed : tuple of OddLine
        Records of another width than the header.
    same_bytes : bool
        Whether the two files are the same, byte for byte.
    pieces : tuple of Piece
        How the new file is made of the old one, byte for byte; complete.
    """

    old_rows: int
    rows: int
    columns: ColumnChanges = field(default_factory=ColumnChanges)
    added: tuple[LoneRow, ...] = ()
    removed: tuple[LoneRow, ...] = ()
    changed: tuple[RowChange, ...] = ()
    moved: int = 0
    rewritten: int = 0
    odd_added: tuple[OddLine, ...] = ()
    odd_removed: tuple[OddLine, ...] = ()
    same_bytes: bool = False
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDiff:
    """What differs between the files of two collections.

    Parameters
    ----------
    added, removed, changed : tuple of str
        Paths relative to the root, sorted.
    renamed : tuple of (str, str)
        Old and new path of files whose bytes are the same.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def any(self) -> bool:
        """Whether any file differs."""
        return bool(self.added or self.removed or self.changed or self.renamed)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationDiff:
    """Which images' annotations differ in one file, or one folder of masks.

    Parameters
    ----------
    path : str
        The file; of masks their folder.
    format : str
        Key of the adapter that reads it; empty where none does, and then no image is named.
    added, removed, changed : tuple of str
        File names of images, sorted.
    """

    path: str
    format: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelMove:
    """One label whose numbers moved in one group of views.

    Parameters
    ----------
    group : str
        The views joined by ", ".
    label : str
        Its path; empty for all images of the group that carry a finding.
    old_images, images, old_patients, patients : int
        As the label table counts them.
    """

    group: str
    label: str
    old_images: int
    images: int
    old_patients: int
    patients: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceChange:
    """A licence that rows stand under, which became another.

    Parameters
    ----------
    old, new : str
        The cells, without blanks around; empty for a blank one.
    paths : tuple of str
        Files of the rows.
    stricter : tuple of str
        What was permitted and is no longer, of ``"commercial use"``, ``"derivatives"``,
        ``"other licences for derivatives"``, ``"use without attribution"``; ``"a stated licence"``
        where there is none any more that can be read. Empty where nothing was taken away.
    """

    old: str
    new: str
    paths: tuple[str, ...]
    stricter: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two states of a collection against each other.

    Parameters
    ----------
    before, after : str
        What was compared, as the user named it.
    table : TableDiff
        ``metadata.csv``.
    files : FileDiff or None
        Files below ``images/``, ``volumes/`` and ``annotations/``; None where a bare table was
        compared, so that nothing is known of files.
    annotations : tuple of AnnotationDiff
        By path; files that differ only.
    labels : tuple of LabelMove
        Labels that moved only, in the order of the label table.
    licences : tuple of LicenceChange
        Those that became stricter first, then by number of rows.
    patients_added, patients_removed : tuple of str
        Patient ids that stand in one of the tables only, in the order of that table.
    """

    before: str
    after: str
    table: TableDiff
    files: FileDiff | None = None
    annotations: tuple[AnnotationDiff, ...] = ()
    labels: tuple[LabelMove, ...] = ()
    licences: tuple[LicenceChange, ...] = ()
    patients_added: tuple[str, ...] = ()
    patients_removed: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether anything differs, a byte of the table included."""
        return not self.table.same_bytes or (self.files is not None and self.files.any)
