"""The table's rows by today's column names, read-only.

This module joins the text of a file with the names of its columns. It judges nothing.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from covidxr import columns
from covidxr.csvtext import cell_spans, closed
from covidxr.grouping import Index, Texts, reduced

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from covidxr.csvtext import CsvText, Record
    from covidxr.model import Fix, Hit


@dataclass(frozen=True, slots=True)
class Row:
    """One record of the table.

    Parameters
    ----------
    table : Table
        The table it belongs to.
    index : int
        Its position among the rows, from 0.
    """

    table: Table
    index: int

    def __getitem__(self, name: str) -> str:
        """Text of a cell by today's column name, without blanks around; empty if not there."""
        return self.table.cell(self.index, name).strip()

    @property
    def line(self) -> int:
        """1-based line of the file on which the record begins."""
        return self.table.text.lines[self.index]

    @property
    def path(self) -> str:
        """The file that the row names, relative to the root; ``images`` where no folder is told."""
        return f"{self['folder'] or 'images'}/{self['filename']}"

    def at(
        self,
        name: str,
        message: str,
        *,
        suggestion: str | None = None,
        fix: Fix | None = None,
    ) -> Hit:
        """Make a hit at one cell of this row."""
        from covidxr.model import Hit

        return Hit(
            message=message,
            rows=(self.index,),
            field=name,
            value=self.table.cell(self.index, name),
            suggestion=suggestion,
            fix=fix,
        )


@dataclass(frozen=True)
class Table:
    """The rows below the header, by today's column names.

    Parameters
    ----------
    text : CsvText
        The parsed file.
    name : str
        Its path relative to the collection's root.
    """

    text: CsvText
    name: str = "metadata.csv"

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.text)

    @cached_property
    def names(self) -> tuple[str | None, ...]:
        """Today's name of each column of the file; None where there is none."""
        return columns.resolve(self.text.header)

    @cached_property
    def fields(self) -> dict[str, int]:
        """Position in the file of each column, by today's name."""
        return {name: position for position, name in enumerate(self.names) if name is not None}

    def position(self, name: str) -> int | None:
        """Position of a column by today's name, or by its header cell where it has none."""
        if name in self.fields:
            return self.fields[name]
        return self.text.header.index(name) if name in self.text.header else None

    def cell(self, row: int, name: str) -> str:
        """Text of a cell as it stands; empty where the table has no such column."""
        position = self.position(name)
        return "" if position is None else self.text.cell(row, position)

    def values(self, name: str) -> list[str]:
        """Distinct texts of a column, as they stand; one empty text where there is no column."""
        position = self.position(name)
        return [""] if position is None else self.text.values[position]

    def codes(self, name: str) -> array[int]:
        """Per row, which of ``values(name)`` it holds."""
        position = self.position(name)
        return array("I", bytes(4 * len(self))) if position is None else self.text.codes[position]

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """Each column's name of today, else its header cell; once where two are the same."""
        named = zip(self.names, self.text.header, strict=True)
        return tuple(dict.fromkeys(name or cell for name, cell in named))

    @property
    def last_record(self) -> Record:
        """The record at the end of the file, whole or not; the header where there is no other."""
        ends = [self.text.record(len(self) - 1), *(odd.record for odd in self.text.odd[-1:])]
        return max(ends, key=_start)

    @cached_property
    def open_quote(self) -> int | None:
        """Where in the last record, in characters, a quote opens that the file never closes."""
        written = self.text.text(self.last_record)
        start, stop = cell_spans(written)[-1]
        cell = written[start:stop]
        return None if closed(cell) == cell else start

    @cached_property
    def _texts(self) -> dict[tuple[str, Callable[[str], str] | None], Texts]:
        return {}

    def texts(self, name: str, same: Callable[[str], str] | None = None) -> Texts:
        """Distinct texts of a column and who holds them, made once.

        Parameters
        ----------
        name : str
            Today's column name; a column that is not there is blank everywhere.
        same : callable, optional
            Reduces a text without blanks around to what two spellings of it share.
        """
        if (name, same) not in self._texts:
            self._texts[name, same] = self._reduced(name, same)
        return self._texts[name, same]

    def _reduced(self, name: str, same: Callable[[str], str] | None) -> Texts:
        import numpy as np

        if same is None:
            codes = np.frombuffer(self.codes(name), dtype=np.uint32)
            return reduced(self.values(name), codes, str.strip)
        bare = self.texts(name)
        return reduced(bare.known, bare.codes, same)

    def loose(self, name: str) -> list[str]:
        """Distinct texts of a column, as they stand, that have blanks around."""
        values = self.values(name)
        if self.texts(name).known is values:
            return []
        return [text for text in values if text != text.strip()]

    @cached_property
    def _unprintable(self) -> dict[str, list[str]]:
        return {}

    def unprintable(self, name: str) -> list[str]:
        """Distinct texts of a column with a line break, a control character or a stray byte."""
        if name not in self._unprintable:
            known = self.texts(name).known
            self._unprintable[name] = [text for text in known if not text.isprintable()]
        return self._unprintable[name]

    def rows_by_text(self, name: str, wanted: Collection[str]) -> dict[str, list[int]]:
        """Rows that hold each of some texts as they stand, blanks around included."""
        import numpy as np

        if not wanted:
            return {}
        values = self.values(name)
        bad = np.fromiter(map(wanted.__contains__, values), dtype=bool, count=len(values))
        codes = np.frombuffer(self.codes(name), dtype=np.uint32)
        rows = np.flatnonzero(bad[codes])
        found: dict[str, list[int]] = {values[code]: [] for code in np.flatnonzero(bad).tolist()}
        for row, code in zip(rows.tolist(), codes[rows].tolist(), strict=True):
            found[values[code]].append(row)
        return found

    @cached_property
    def _indexes(self) -> dict[tuple[str, ...], Index]:
        return {}

    def index(self, names: tuple[str, ...]) -> Index:
        """Rows grouped by what some columns hold; made once, whichever dataset asks."""
        if names not in self._indexes:
            self._indexes[names] = Index([self.texts(name) for name in names])
        return self._indexes[names]

    @cached_property
    def _filenames(self) -> dict[str, int]:
        return dict(zip(self.texts("filename").known, count(), strict=False))

    def rows_of(self, path: str) -> list[int]:
        """Rows that name a file, ascending, by its path relative to the root."""
        found = []
        for slash, letter in enumerate(path):
            number = self._filenames.get(path[slash + 1 :]) if letter == "/" else None
            if number is not None and path[slash + 1 :]:
                rows = self.index(("filename",)).rows(number)
                found += [row for row in rows if Row(self, row).path == path]
        return sorted(found)

    def rows_of_same_file(self, row: int) -> list[int]:
        """Rows, ascending, that name the same file as one row, itself among them."""
        index = self.index(("filename",))
        path = Row(self, row).path
        rows = index.rows(int(index.groups[row]))
        return [each for each in rows if Row(self, each).path == path]


def _start(record: Record) -> int:
    return record.start
