"""Tables of scores, an image a line: what the adapters of such tables share.

This module owns how a sheet's columns become scores, and no scale.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from covidxr.annotated import Annotated, AnnotationFile, AnnotationProblem, Score
from covidxr.errors import CollectionError
from covidxr.notedtable import NotedTable, header_of, looks_like_one

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from covidxr.annotating import Source
    from covidxr.notedtable import Cell

NAMING = ("filename", "file_name", "image", "image_name", "image_id", "imagefile", "file", "name")
"""Columns that name an image, in lower case; the first that is there holds."""


def naming_column(header: tuple[str, ...]) -> int | None:
    """Give the position of the column that names images; None where there is none."""
    return next((header.index(name) for name in NAMING if name in header), None)


def is_sheet(source: Source, scored: Callable[[str], str], least: int) -> bool:
    """Tell whether a file is a table that names images and has so many columns of scores.

    Parameters
    ----------
    source : Source
        The file.
    scored : callable
        Today's name of a column of scores by the header's cell in lower case; empty for others.
    least : int
        How many such columns there must be.
    """
    if not looks_like_one(source):
        return False
    header = header_of(source)
    return naming_column(header) is not None and sum(map(bool, map(scored, header))) >= least


def read_sheet(source: Source, key: str, scored: Callable[[str], str]) -> AnnotationFile:
    """Read a table of scores.

    Parameters
    ----------
    source : Source
        The file.
    key : str
        The adapter's.
    scored : callable
        As for `is_sheet`.
    """
    table = NotedTable(source)
    try:
        header = tuple(cell.text.lower() for cell in table.header)
    except CollectionError as error:
        problem = AnnotationProblem(message=str(error))
        return AnnotationFile(path=source.path, format=key, problems=(problem,))
    columns = [
        (at, name, table.header[at].text)
        for at, cell in enumerate(header)
        if (name := scored(cell))
    ]
    problems = [AnnotationProblem(message=why, line=line) for line, why in table.odd()]
    naming = naming_column(header) or 0
    images = []
    for cells in table.rows():
        if not cells[naming].text:
            problems.append(AnnotationProblem(message="it names no image", line=cells[0].line))
            continue
        images.append(_image(source, cells, cells[naming], columns))
    return AnnotationFile(
        path=source.path,
        format=key,
        images=tuple(images),
        licence=table.said("license", "licence"),
        citation=table.said("citation", "cite", "cite as", "reference"),
        labels=tuple(dict.fromkeys(name for _, name, _ in columns)),
        columns=tuple(_head(name, table.header[at]) for at, name, _ in columns),
        problems=tuple(sorted(problems, key=lambda each: each.line or 0)),
    )


def _head(name: str, cell: Cell) -> Score:
    return Score(
        name=name, written=cell.text, text="", value=None, line=cell.line, column=cell.column
    )


def _image(
    source: Source, cells: tuple[Cell, ...], named: Cell, columns: list[tuple[int, str, str]]
) -> Annotated:
    image, row = source.names.find(named.text)
    if row is None:
        image, row = source.names.by_stem(image)
    return Annotated(
        image=image,
        written=named.text,
        row=row,
        line=named.line,
        column=named.column,
        scores=tuple(_scores(cells, columns)),
    )


def _scores(cells: tuple[Cell, ...], columns: list[tuple[int, str, str]]) -> Iterator[Score]:
    for at, name, written in columns:
        cell = cells[at]
        yield Score(
            name=name,
            written=written,
            text=cell.text,
            value=number(cell.text),
            line=cell.line,
            column=cell.column,
        )


def number(text: str) -> float | None:
    """Read a number as tables write it; None where it is none, or none that is finite."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
