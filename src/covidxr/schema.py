"""The pandera schema of the table, and what it refuses.

This module is the only one that knows pandera. Cells stay text: pandera's own coercion turns one
bad number into several failures and hides others behind it, so each check parses its cell itself.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import pandera.pandas as pa

from covidxr.columns import BY_NAME, COLUMNS
from covidxr.dataset import Dataset, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.cells import Column

# Distinct texts are judged in frames. Columns with fewer texts than others are padded, which
# pandera skips but pandas stores; so the first frame, which has all columns, is short, and those
# behind it, with the columns whose texts nearly all differ, are as long as memory likes.
_FIRST_FRAME = 2_000
_FRAME = 200_000

CHECK = "value"
"""Name of the check that every column carries."""


@cache
def table_schema(names: tuple[str, ...]) -> pa.DataFrameSchema:
    """Build the schema for some columns.

    Parameters
    ----------
    names : tuple of str
        Today's column names.

    Returns
    -------
    pandera.DataFrameSchema
        Every column text, each cell checked by itself; a missing value is not checked.
    """
    return pa.DataFrameSchema({name: _column(BY_NAME[name]) for name in names})


def _column(column: Column) -> pa.Column:
    check = pa.Check(
        lambda cell: column.judge(cell) is None,
        element_wise=True,
        name=CHECK,
        error=CHECK,
        description=column.meaning,
    )
    return pa.Column(dtype=None, checks=check, nullable=True, title=column.name)


def failures(dataset: Dataset) -> Iterator[Failure]:
    """Yield what the schema refuses, each distinct text of a column once.

    Parameters
    ----------
    dataset : Dataset
        The collection.

    Yields
    ------
    Failure
        In the order of the columns, then of the first row that holds the text.
    """
    if not len(dataset.table):
        return
    texts = {
        column.name: dataset.table.texts(column.name).known
        for column in COLUMNS
        if dataset.has(column.name)
    }
    for name, bad in _refused(texts).items():
        refused = set(bad)
        for cells in dataset.cells(name) if refused else ():
            judgement = BY_NAME[name].judge(cells.text) if cells.text in refused else None
            if judgement is not None:
                yield Failure(name=name, cells=cells, judgement=judgement)


def _refused(texts: dict[str, list[str]]) -> dict[str, list[str]]:
    """Per column, the texts that pandera's lazy validation refuses."""
    refused: dict[str, list[str]] = {name: [] for name in texts}
    longest = max(map(len, texts.values()), default=0)
    start = 0
    while start < longest:
        stop = start + _FRAME if start else _FIRST_FRAME
        part = {name: known[start:stop] for name, known in texts.items() if len(known) > start}
        start = stop
        for name, bad in _refused_in_frame(part).items():
            refused[name] += bad
    return refused


def _refused_in_frame(texts: dict[str, list[str]]) -> dict[str, list[str]]:
    lines = max(map(len, texts.values()))
    frame = pd.DataFrame({name: _padded(known, lines) for name, known in texts.items()})
    try:
        table_schema(tuple(texts)).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as refusal:
        cases = refusal.failure_cases
        bad: dict[str, list[str]] = {}
        for name, text in zip(cases["column"], cases["failure_case"], strict=True):
            bad.setdefault(str(name), []).append(str(text))
        return bad
    return {}


def _padded(texts: Sequence[str], lines: int) -> pd.Series[Any]:
    cells: list[str | None] = [*texts, *[None] * (lines - len(texts))]
    return pd.Series(cells, dtype=object)
