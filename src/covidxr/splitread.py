"""Anyone's split, read: which image of the table each line of it means, and in which part it is.

This module reads bytes and names; it opens no file. It knows covidxr's own form, a CSV with a
column of names and one of parts, lists of names with a part per file or folder, and lists of the
COVID-Net kind, ``patientid filename class source``.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr import splitfile
from covidxr.annotationedit import stem
from covidxr.annotationnames import Names
from covidxr.errors import CollectionError
from covidxr.scoresheet import NAMING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from covidxr.splitfile import Split
    from covidxr.table import Table

NAMES = (*NAMING, "img", "img_name", "imagename", "path", "filepath", "file_path", "image_path")
"""Columns that name an image, in lower case; the first that is there holds."""

PARTS = ("part", "split", "set", "subset", "partition", "dataset_split", "phase", "fold")
"""Columns that tell the part, in lower case; the first that is there holds."""

_KINDS = (("train", "train"), ("test", "test"), ("valid", "val"), ("val", "val"), ("dev", "val"))
_WORD = re.compile(r"[a-z]+")
_EXTENSION = re.compile(r"\.(?:jpe?g|png|gif|tiff?|bmp|webp|dcm|nii(?:\.gz)?|npy)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One name of a split.

    Parameters
    ----------
    written : str
        As it is written.
    part : str
        Where it is.
    rows : tuple of int
        Rows of the table that name it, ascending; empty where none does.
    """

    written: str
    part: str
    rows: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """A split as somebody wrote it.

    Parameters
    ----------
    listed : tuple of Listed
        Its names, in order.
    own : Split or None
        The split, where covidxr wrote it.
    """

    listed: tuple[Listed, ...]
    own: Split | None = None


class Finder:
    """Finds the rows that a name means.

    Parameters
    ----------
    table : Table
        The collection's.
    """

    def __init__(self, table: Table) -> None:
        texts = table.texts("filename")
        self._names = Names(texts.known)
        self._index = table.index(("filename",))

    def rows(self, written: str, *, by_stem: bool = True) -> tuple[int, ...]:
        """Give the rows; empty where there are none, or the name could be two images'."""
        name, number = self._names.find(written)
        if number is None and by_stem:
            _, number = self._names.by_stem(name)
        if number is None and by_stem:
            # A converted image keeps its name, not its extension.
            _, number = self._names.by_stem(stem(name))
        return () if number is None else tuple(self._index.rows(number))


def read(files: Sequence[tuple[str, bytes]], table: Table) -> Foreign:
    """Read a split.

    Parameters
    ----------
    files : sequence of (str, bytes)
        Names and contents: one file with all parts, or one per part.
    table : Table
        The collection's.

    Raises
    ------
    CollectionError
        If a file has no part and its name tells none, or it is covidxr's own and damaged.
    """
    finder = Finder(table)
    if len(files) == 1 and splitfile.is_split(files[0][1]):
        split = splitfile.read(files[0][1], files[0][0])
        return Foreign(listed=tuple(_own(split, table)), own=split)
    found: list[Listed] = []
    for name, data in files:
        found += _read_one(name, data.decode("utf-8-sig", "surrogateescape"), finder)
    return Foreign(listed=tuple(found))


def in_folders(paths: Iterable[str], table: Table) -> Foreign:
    """Read a split that is laid out in folders.

    Parameters
    ----------
    paths : iterable of str
        Files, relative to the folder that holds ``train/`` and ``test/``; the first step of a path
        that names a part is its part. Files outside of such are passed over.
    table : Table
        The collection's.
    """
    finder = Finder(table)
    listed = []
    for path in paths:
        *folders, name = path.split("/")
        part = next(filter(None, map(kind_of, folders)), "")
        if part:
            listed.append(Listed(written=path, part=part, rows=finder.rows(name)))
    return Foreign(listed=tuple(listed))


def kind_of(name: str) -> str:
    """Tell which part a file or a folder is by its name; empty where it does not say.

    >>> kind_of("train_split.txt"), kind_of("COVIDx-testing.csv"), kind_of("valid"), kind_of("all")
    ('train', 'test', 'val', '')
    """
    words = _WORD.findall(name.lower())
    for word in words:
        for begins, part in _KINDS:
            if word.startswith(begins):
                return part
    return ""


def is_training(part: str) -> bool:
    """Tell whether a part is what models are trained on, by its name."""
    return kind_of(part) == "train"


def _own(split: Split, table: Table) -> Iterator[Listed]:
    rows: dict[str, list[int]] = {}
    names, folders = table.texts("filename"), table.texts("folder")
    both = zip(folders.codes.tolist(), names.codes.tolist(), strict=True)
    for row, (folder, name) in enumerate(both):
        path = f"{folders.known[folder] or 'images'}/{names.known[name]}"
        rows.setdefault(path, []).append(row)
    for line in split.lines:
        yield Listed(written=line.path, part=line.part, rows=tuple(rows.get(line.path, ())))


def _read_one(name: str, text: str, finder: Finder) -> list[Listed]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    if not lines:
        return []
    separator = next((each for each in ",;\t" if each in lines[0]), ",")
    header = [cell.strip().lower() for cell in next(csv.reader([lines[0]], delimiter=separator))]
    naming = next((header.index(each) for each in NAMES if each in header), None)
    if naming is None:
        part = _part_of(name)
        return [_of_line(line, part, finder) for line in lines]
    parting = next((header.index(each) for each in PARTS if each in header), None)
    whole = _part_of(name) if parting is None else ""
    found = []
    for cells in csv.reader(io.StringIO("\n".join(lines[1:])), delimiter=separator):
        if len(cells) <= max(naming, parting or 0):
            raise CollectionError(f"{name}: {separator.join(cells)!r} has too few cells")
        written = cells[naming].strip()
        part = whole if parting is None else cells[parting].strip()
        found.append(Listed(written=written, part=part, rows=finder.rows(written)))
    return found


def _part_of(name: str) -> str:
    part = kind_of(name.replace("\\", "/").rpartition("/")[2])
    if not part:
        raise CollectionError(
            f"{name} has no column {', '.join(PARTS[:3])} … and its name tells no part: call it "
            "train… or test…"
        )
    return part


def _of_line(line: str, part: str, finder: Finder) -> Listed:
    """Find the one word of a line that names an image; the line itself may."""
    whole = line.strip()
    words = whole.split()
    for by_stem in (False, True):
        # A patient's number alone is no name, though an image without its extension may be one.
        named = words if not by_stem else [word for word in words if _EXTENSION.search(word)]
        for word in (whole, *named):
            if rows := finder.rows(word, by_stem=by_stem):
                return Listed(written=word, part=part, rows=rows)
    written = next((word for word in words if _EXTENSION.search(word)), whole)
    return Listed(written=written, part=part, rows=())
