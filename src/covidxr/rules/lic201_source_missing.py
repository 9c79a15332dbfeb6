"""LIC201: nothing says where the image comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import nearly_all
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_WRITE = "write the address of the page that published it"


@rule("LIC201", severity=Severity.WARNING, since="0.1")
def source_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report a row with neither a DOI nor an address.

    What it checks
    --------------
    At least one of doi and url is given. Where nearly all of more than 20 rows lack both, that is
    said once.

    Why it matters
    --------------
    Without its source an image cannot be credited, its licence cannot be checked, and nobody can
    look up what the table does not say.

    Example
    -------
    doi and url both blank.

    How to fix
    ----------
    Search for the image, in other_notes, in the history of the table, or by a reverse image
    search, and write the address of the page. Otherwise leave the image out.

    Source
    ------
    SCHEMA.md, doi and url; Creative Commons licences ask for a link to the source (CC BY 4.0,
    section 3(a)(1)).
    """
    if not (dataset.has("doi") or dataset.has("url")):
        return
    name = "url" if dataset.has("url") else "doi"
    for cells in dataset.cells("url", "doi"):
        if any(cells.texts):
            continue
        blank, all_rows = len(cells.rows), len(dataset.table)
        if nearly_all(blank, all_rows):
            yield dataset.at_header(
                dataset.table.fields[name],
                f"{blank:,} of {all_rows:,} rows have neither a doi nor a url",
                name=name,
                suggestion=_WRITE,
            )
        else:
            yield cells.at(
                name,
                "neither doi nor url says where the image comes from",
                suggestion=_WRITE,
            )
