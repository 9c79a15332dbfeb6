"""LIC206: doi and url name two papers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from covidxr import identifiers
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_IN_ADDRESS = re.compile(r"10\.\d{4,9}/[^?#&]+")


@rule("LIC206", severity=Severity.WARNING, since="0.1")
def address_of_another_doi(dataset: Dataset) -> Iterator[Hit]:
    """Report an address that contains another DOI than the row's own.

    What it checks
    --------------
    Where a publisher's address contains a DOI, it begins with the one in doi, or the other way
    round, so that ``/full``, ``.pdf`` or a figure's number behind it does no harm. Upper and lower
    case are the same.

    Why it matters
    --------------
    One of the two leads to a stranger's paper, and the wrong authors are credited. Dragging a
    cell down makes a spreadsheet count the last number of an address on.

    Example
    -------
    doi ``10.5555/abc.20-0203`` beside ``https://example.org/10.5555/abc.20-0204``.

    How to fix
    ----------
    Open both and keep the paper that shows the image.

    Source
    ------
    DOI Handbook, 2.2 on what a DOI is and 2.4 on its case.
    """
    if not dataset.has("doi", "url"):
        return
    for cells in dataset.cells("url", "doi"):
        found = _IN_ADDRESS.search(unquote(cells.text))
        doi = identifiers.read_doi(cells.texts[1]).doi
        if found is None or doi is None:
            continue
        one, other = identifiers.doi_key(found[0].rstrip("/")), identifiers.doi_key(doi)
        if not one.startswith(other) and not other.startswith(one):
            yield cells.at(
                "url",
                f"the address is that of {found[0]}, but doi says {doi}",
                suggestion="open both and keep the paper that shows the image",
            )
