"""CSV108: records end in different ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.csvtext import CsvText
    from covidxr.dataset import Dataset

_CR, _LF = 13, 10
_NAMES = ("LF", "CRLF", "CR")


@rule("CSV108", severity=Severity.WARNING, since="0.1")
def mixed_line_ends(dataset: Dataset) -> Iterator[Hit]:
    """Report a table whose records do not all end with the same characters.

    What it checks
    --------------
    All records end with LF, or all with CRLF, or all with CR. Line breaks inside cells are not
    looked at: spreadsheets write LF there and CRLF behind each record.

    Why it matters
    --------------
    It is the trace of two programs, or of a merge, that did not agree. The next one to save the
    table will change lines that nobody touched, and the pull request shows them all.

    Example
    -------
    Three rows added under Windows to a table whose other lines end with LF.

    How to fix
    ----------
    Save the table with one kind of line end, best with LF, and let git keep it so:
    ``metadata.csv text eol=lf`` in ``.gitattributes``.

    Source
    ------
    RFC 4180, section 2, point 1, has CRLF; git's gitattributes manual on ``eol``.
    """
    lines, kinds = _ends(dataset.table.text)
    counts = [int((kinds == kind).sum()) for kind in range(len(_NAMES))]
    used = [kind for kind, number in enumerate(counts) if number]
    if len(used) < 2:  # noqa: PLR2004
        return
    rarest = min(used, key=lambda kind: counts[kind])
    first = int(lines[kinds == rarest].min())
    told = ", ".join(f"{counts[kind]:,} with {_NAMES[kind]}" for kind in used)
    yield Hit(
        message=f"records end in different ways: {told}; "
        f"the first with {_NAMES[rarest]} begins here",
        file=dataset.table.name,
        line=first,
        suggestion="save the table with one kind of line end, best LF",
    )


def _ends(text: CsvText) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First line of every record, and how it ends: 0 LF, 1 CRLF, 2 CR, -1 not at all."""
    import numpy as np

    rest = [text.header_record, *(odd.record for odd in text.odd)]
    starts, sizes = np.asarray(text.starts, dtype=np.int64), np.asarray(text.sizes, dtype=np.int64)
    stops = np.concatenate((starts + sizes, [record.stop for record in rest])).astype(np.int64)
    lines = np.concatenate((text.lines, [record.line for record in rest])).astype(np.int64)
    data = np.frombuffer(text.data, dtype=np.uint8)
    last, before = data[stops - 1], data[np.maximum(stops - 2, 0)]
    kinds = np.where(last == _LF, np.where(before == _CR, 1, 0), np.where(last == _CR, 2, -1))
    return lines, kinds.astype(np.int64)
