"""``annotations/pinned.csv``: the bytes that each image had when it was annotated.

This module owns that file's columns and how it is read and written; it touches no disk. Boxes and
masks are about pixels: where an image was cropped since, they are about another place. Lines are
added, and one on the same annotation and image takes the old one's place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from covidxr import csvread, csvtext
from covidxr.annotated import FOLDER, Pin
from covidxr.errors import CollectionError
from covidxr.table import Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

NAME = f"{FOLDER}/pinned.csv"
"""Path of the file, relative to the collection's root."""

SHA256 = re.compile(r"[0-9a-f]{64}")
"""How a hash is written."""

HEADER = ("annotation", "filename", "sha256")
"""Its columns; a file may have more, which stay as they are."""


@dataclass(frozen=True)
class Book:
    """The lines of ``annotations/pinned.csv``.

    Parameters
    ----------
    data : bytes or None
        The file as it is; None, or nothing in it, where there is none yet.
    """

    data: bytes | None

    @cached_property
    def table(self) -> Table:
        """The file as a table; one without rows where there is no file yet.

        Raises
        ------
        CollectionError
            If it is no such table.
        """
        data = self.data or (",".join(HEADER) + "\n").encode()
        try:
            table = Table(csvread.parse(data), name=NAME)
        except CollectionError as error:
            raise CollectionError(f"{NAME}: {error}") from None
        missing = [name for name in HEADER if name not in table.text.header]
        if missing:
            raise CollectionError(
                f"{NAME} has no column {', '.join(missing)}; add it to the header (with an empty "
                "cell in each row), or remove the file and run `covidxr annotations pin`"
            )
        return table

    @cached_property
    def pins(self) -> tuple[Pin, ...]:
        """Every line, in the order of the file."""
        return tuple(
            Pin(
                **{name: self.table.cell(row, name).strip() for name in HEADER},
                line=Row(self.table, row).line,
            )
            for row in range(len(self.table))
        )

    def with_pins(self, made: Iterable[Pin]) -> bytes:
        """Give the file with pins in place of those on the same annotation and image.

        Raises
        ------
        CollectionError
            If the file is damaged.
        """
        given = {(each.annotation, each.filename): each for each in made}
        kept = self.without(set(given))
        text = csvread.parse(kept)
        cells = [
            [getattr(each, name, "") if name in HEADER else "" for name in text.header]
            for each in given.values()
        ]
        return csvtext.appended_all(text, cells)

    def without(self, gone: set[tuple[str, str]]) -> bytes:
        """Give the file without the pins on some annotations and images.

        Raises
        ------
        CollectionError
            If the file is damaged.
        """
        table = self.table
        if table.open_quote is not None:
            raise CollectionError(
                f"{NAME} ends within a cell whose quotes are never closed: close them first "
                f"(line {table.last_record.line})"
            )
        rows = [
            row for row, each in enumerate(self.pins) if (each.annotation, each.filename) in gone
        ]
        return csvtext.without(table.text, rows)
