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

from covidxr import csvbook
from covidxr.annotated import FOLDER, Pin
from covidxr.table import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from covidxr.table import Table

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
        return csvbook.read(
            self.data, HEADER, NAME, "remove the file and run `covidxr annotations pin`"
        )

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
        kept = Book(self.without(set(given)))
        lines = [{name: getattr(each, name) for name in HEADER} for each in given.values()]
        return csvbook.with_lines(kept.table, lines)

    def without(self, gone: set[tuple[str, str]]) -> bytes:
        """Give the file without the pins on some annotations and images.

        Raises
        ------
        CollectionError
            If the file is damaged.
        """
        rows = [
            row for row, each in enumerate(self.pins) if (each.annotation, each.filename) in gone
        ]
        return csvbook.without(self.table, rows)
