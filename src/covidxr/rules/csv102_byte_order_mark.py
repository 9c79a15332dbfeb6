"""CSV102: the table begins with a byte order mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("CSV102", severity=Severity.INFO, since="0.1")
def byte_order_mark(dataset: Dataset) -> Iterator[Hit]:
    """Report a table whose first bytes are a byte order mark.

    What it checks
    --------------
    The file begins with its first letter, not with the bytes EF BB BF that some spreadsheets put
    in front.

    Why it matters
    --------------
    covidxr and pandas pass over the mark. Programs that do not, Python's ``csv`` with plain UTF-8
    among them, take it for the first letter of the first column's name and find no patientid.

    Example
    -------
    A table saved by a spreadsheet as “CSV UTF-8”.

    How to fix
    ----------
    Save as UTF-8 without a byte order mark (“UTF-8”, not “UTF-8 with BOM”).

    Source
    ------
    RFC 3629, section 6; the Unicode Standard neither requires nor recommends the mark for UTF-8.
    """
    if dataset.table.text.has_bom:
        yield Hit(
            message="the file begins with a byte order mark (EF BB BF)",
            file=dataset.table.name,
            line=1,
            column=1,
            suggestion="save it as UTF-8 without a byte order mark",
        )
