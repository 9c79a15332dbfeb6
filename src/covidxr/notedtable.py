"""A CSV file with a preamble of comments, as tables of scores and boxes are published.

This module owns the preamble and where each cell stands. Lines before the header that begin with
``#`` are comments; ``License:`` and ``Citation:`` in them are the file's own. It touches no disk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from covidxr import csvread, csvtext
from covidxr.errors import CollectionError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.annotating import Source
    from covidxr.csvtext import CsvText

# A comment, and the commas that spreadsheets put behind it so that all lines are of one width.
_COMMENT = re.compile(r"#+[ \t]?(.*?),*[ \t]*\r?\n?$", re.DOTALL)
_SAID = re.compile(r"([A-Za-z][A-Za-z _-]*?)[ \t]*:[ \t]*(.*)", re.DOTALL)
# The comma and the quotes of a comment that holds one, as a spreadsheet writes it.
_QUOTED = re.compile(r'"(#.*)"', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell and its place.

    Parameters
    ----------
    text : str
        Without blanks around.
    line, column : int
        1-based place in the whole file; column in characters.
    """

    text: str
    line: int
    column: int


@dataclass(frozen=True)
class NotedTable:
    """A table below its comments.

    Parameters
    ----------
    source : Source
        The file.
    """

    source: Source

    @cached_property
    def _lines(self) -> tuple[list[str], int]:
        """The comments, and how many bytes they take."""
        found, taken = [], 3 if self.source.data.startswith(b"\xef\xbb\xbf") else 0
        for line in self.source.data[taken:].splitlines(keepends=True):
            bare = line.strip()
            if bare and not bare.startswith((b"#", b'"#')):
                break
            taken += len(line)
            found.append(line.decode("utf-8", "replace"))
        return found, taken

    @cached_property
    def comments(self) -> tuple[tuple[int, str], ...]:
        """1-based line and words of each comment."""
        found = []
        for number, line in enumerate(self._lines[0], start=1):
            bare = line.strip()
            quoted = _QUOTED.fullmatch(bare.rstrip(","))
            match = _COMMENT.fullmatch(quoted[1].replace('""', '"') if quoted else bare)
            if match:
                found.append((number, match[1].strip()))
        return tuple(found)

    def said(self, *names: str) -> str:
        """Give what a comment such as ``## License: …`` says; empty where none does."""
        return said_in("\n".join(words for _, words in self.comments), *names)

    @cached_property
    def text(self) -> CsvText:
        """The table below the comments.

        Raises
        ------
        CollectionError
            If there is none.
        """
        data = self.source.data[self._lines[1] :]
        if not data.strip():
            raise CollectionError("there is no table below the comments")
        return csvread.parse(data)

    @cached_property
    def header(self) -> tuple[Cell, ...]:
        """The cells of the header."""
        return self._record(-1)

    def rows(self) -> Iterator[tuple[Cell, ...]]:
        """Give the cells of each whole record."""
        for row in range(len(self.text)):
            yield self._record(row)

    def odd(self) -> Iterator[tuple[int, str]]:
        """Give the line of each record that has more or fewer cells than the header, and why."""
        for each in self.text.odd:
            yield each.record.line + self._before, "it has more or fewer cells than the header"

    @property
    def _before(self) -> int:
        return len(self._lines[0])

    def _record(self, row: int) -> tuple[Cell, ...]:
        record = self.text.record(row)
        words = self.text.text(record)
        # Once a record, not once a cell: tables of boxes have very many.
        spans = csvtext.cell_spans(words)
        width = len(self.text.header)
        starts = [start for start, _ in spans] + [spans[-1][1]] * (width - len(spans))
        cells = (self.text.cell(row, at) for at in range(width)) if row >= 0 else self.text.header
        found = []
        for cell, start in zip(cells, starts, strict=False):
            passed, column = csvtext.place(words, start)
            line = record.line + passed + self._before
            found.append(Cell(text=cell.strip(), line=line, column=column))
        return tuple(found)


def said_in(text: str, *names: str) -> str:
    """Give what a line such as ``License: …`` of a text says; empty where none does.

    Parameters
    ----------
    text : str
        A text whose lines may begin with signs of Markdown.
    names : str
        What stands before the colon, in lower case.
    """
    for line in text.splitlines():
        match = _SAID.fullmatch(line.strip(" \t#*->").replace("**", ""))
        if match and match[1].lower() in names and match[2].strip():
            return match[2].strip()
    return ""


def looks_like_one(source: Source) -> bool:
    """Tell whether a file is named as a table and may be one."""
    return source.name.lower().endswith((".csv", ".tsv", ".txt"))


def header_of(source: Source) -> tuple[str, ...]:
    """Give the header's names in lower case; empty where a file has none."""
    try:
        return tuple(cell.text.lower() for cell in NotedTable(source).header)
    except CollectionError:
        return ()
