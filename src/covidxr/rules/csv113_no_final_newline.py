"""CSV113: the last line has no line end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("CSV113", severity=Severity.INFO, since="0.1")
def no_final_newline(dataset: Dataset) -> Iterator[Hit]:
    """Report a table whose last line does not end with a line break.

    What it checks
    --------------
    The file's last character is a line feed or a carriage return.

    Why it matters
    --------------
    A row appended by ``>>`` or a script runs into the last one, and git shows the last line as
    changed when somebody adds a row below it.

    Example
    -------
    A table written by a program that joins lines with line breaks and adds none at the end.

    How to fix
    ----------
    Add a line break at the end of the file.

    Source
    ------
    POSIX, 3.206 “Line”; RFC 4180, section 2, point 2, leaves it open.
    """
    if bytes(dataset.table.text.data[-1:]) in {b"\n", b"\r"}:
        return
    yield Hit(
        message="the file does not end with a line break",
        file=dataset.table.name,
        line=dataset.table.last_record.line,
        suggestion="add one behind the last record",
    )
