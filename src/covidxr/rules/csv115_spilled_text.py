"""CSV115: text stands in a column that has no name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_SHOWN = 60
_SUGGESTION = "move it to the column it belongs to, often license or other_notes"


@rule("CSV115", severity=Severity.ERROR, since="0.1")
def spilled_text(dataset: Dataset) -> Iterator[Hit]:
    """Report text in a column whose header cell is blank.

    What it checks
    --------------
    Cells of a column without a name are empty. A column without a name and without text is CSV105.

    Why it matters
    --------------
    No program looks there, so the text is lost to all who use the table; often it is the licence
    or the credit that the row must carry. It may also mean that the row's cells have all moved.

    Example
    -------
    Behind the last comma of a row stands ``Credit to A. Radiologist``.

    How to fix
    ----------
    Move the text to its column, after a look whether the cells before it stand where they should.

    Source
    ------
    The collection's own tables, whose last column had no name and held credits and licences.
    """
    table = dataset.table
    for position, name in enumerate(table.text.header):
        if name.strip() or not any(map(str.strip, table.text.values[position])):
            continue
        if table.position(name) == position:
            for cells in dataset.cells(name):
                if cells.text:
                    message = f"text in column {position + 1}, which has no name: "
                    yield cells.at(name, message + _shown(cells.text), suggestion=_SUGGESTION)
            continue
        # A second blank header cell: a hit's rows would point at the cells of the first.
        texts = [text for text in table.text.values[position] if text.strip()]
        yield dataset.at_header(
            position,
            f"column {position + 1} has no name either and holds {len(texts):,} different "
            f"texts, such as {_shown(texts[0])}",
            value=name,
            suggestion=_SUGGESTION,
        )


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
