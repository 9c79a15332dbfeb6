"""CSV105: a column has neither a name nor any text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("CSV105", severity=Severity.WARNING, since="0.1")
def unnamed_column(dataset: Dataset) -> Iterator[Hit]:
    """Report columns whose header cell and all other cells are blank, once for all of them.

    What it checks
    --------------
    Every header cell holds a name. A column without a name that holds text is CSV115.

    Why it matters
    --------------
    The column says nothing, and yet it changes every line of the table when it comes and goes.
    pandas calls it ``Unnamed: 29``, which then appears in exports.

    Example
    -------
    A comma at the end of the header and of every record.

    How to fix
    ----------
    Delete the column; ``covidxr migrate`` does so.

    Source
    ------
    RFC 4180, section 2, point 4: the last field in a record must not be followed by a comma.
    """
    text = dataset.table.text
    empty = [
        position
        for position, name in enumerate(text.header)
        if not name.strip() and not any(map(str.strip, text.values[position]))
    ]
    if not empty:
        return
    one = len(empty) == 1
    numbers = ", ".join(str(position + 1) for position in empty[:3])
    more = f" and {len(empty) - 3} more" if len(empty) > 3 else ""  # noqa: PLR2004
    yield dataset.at_header(
        empty[0],
        f"column {numbers} has neither a name nor any text"
        if one
        else f"columns {numbers}{more} have neither names nor any text",
        name=text.header[empty[0]],
        value=text.header[empty[0]],
        suggestion="delete it: covidxr migrate" if one else "delete them: covidxr migrate",
    )
