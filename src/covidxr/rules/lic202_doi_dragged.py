"""LIC202: a spreadsheet counted a DOI on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import identifiers
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells
    from covidxr.model import Hit


@rule("LIC202", severity=Severity.ERROR, since="0.1")
def doi_dragged(dataset: Dataset) -> Iterator[Hit]:
    """Report a DOI with a number at its end that the same DOI beside it does not have.

    What it checks
    --------------
    Where two rows cite one page, or one of them cites none, no DOI is another one followed by a
    hyphen and digits. A DOI that ends in ``-0`` by right, as Springer's do, is never reported for
    its ending alone.

    Why it matters
    --------------
    Dragging a cell down makes a spreadsheet append -0, -1, -2. The result looks like a DOI and
    leads nowhere, or to a stranger's paper.

    Example
    -------
    ``10.5555/x.2020.005-0`` in line 12 and ``10.5555/x.2020.005`` in line 13.

    How to fix
    ----------
    Write the DOI without the ending.

    Source
    ------
    Check both at https://doi.org/. One such DOI stands in the table of 2020-06-22.
    """
    if not dataset.has("doi"):
        return
    sources: dict[str, list[tuple[str, Cells]]] = {}
    for cells in dataset.cells("doi", "url"):
        if doi := identifiers.read_doi(cells.text).doi:
            page = identifiers.canonical_url(cells.texts[1])
            sources.setdefault(identifiers.doi_key(doi), []).append((page, cells))
    for doi, dragged in sources.items():
        undragged = sources.get(identifiers.doi_stem(doi) or "", ())
        for page, cells in dragged:
            plain = next((each for other, each in undragged if _one_page(page, other)), None)
            if plain is not None:
                yield cells.at(
                    "doi",
                    f"{cells.text} is {plain.text} of line {dataset.row(plain.rows[0]).line} "
                    "counted on, as a spreadsheet does when a cell is dragged down",
                    suggestion=f"write {plain.text}",
                )


def _one_page(page: str, other: str) -> bool:
    return not page or not other or page == other
