"""DOC102: a table of SCHEMA.md is not what the columns give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import schemapage
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("DOC102", severity=Severity.ERROR, since="0.1")
def schema_page_stale(dataset: Dataset) -> Iterator[Hit]:
    """Report a table of SCHEMA.md that differs from the columns as they are checked.

    What it checks
    --------------
    What stands in SCHEMA.md between ``<!-- covidxr schema: begin NAME -->`` and
    ``<!-- covidxr schema: end NAME -->`` is what covidxr makes of its columns and findings. A page
    without markers is not looked at.

    Why it matters
    --------------
    A curator writes what SCHEMA.md says. Where the page and the check differ, right rows are
    refused; in the collection that this is modelled on the two differed for its whole life.

    Example
    -------
    A view was added to the columns; the page does not list it.

    How to fix
    ----------
    Run ``covidxr schema --write``.

    Source
    ------
    ``columns.py`` and ``labels.py``, of which SCHEMA.md is a view.
    """
    page = dataset.documents.get("SCHEMA.md")
    if page is None or not schemapage.has_blocks(page):
        return
    try:
        stale = schemapage.stale(page)
    except schemapage.MarkerError as error:
        yield Hit(message=str(error), file="SCHEMA.md", line=error.line)
        return
    for line, name in stale:
        yield Hit(
            message=f"the table {name!r} is out of date",
            file="SCHEMA.md",
            line=line,
            suggestion="covidxr schema --write renews it",
        )
