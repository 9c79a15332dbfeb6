"""LIC103: a licence is given in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LIC103", severity=Severity.WARNING, since="0.1", needs=(Need.SCHEMA,))
def licence_free_text(dataset: Dataset) -> Iterator[Hit]:
    """Report a licence that is neither a known SPDX id nor a ``LicenseRef-`` name.

    What it checks
    --------------
    license holds an SPDX id that covidxr knows, such as ``CC-BY-4.0``, or a name that begins with
    ``LicenseRef-``. It knows those of Creative Commons, Open Data Commons, GNU and a few more, but
    not all of SPDX. Other spellings of an SPDX id are SCH203.

    Why it matters
    --------------
    Whoever builds a subset by licence, or asks whether changes are allowed, needs a name that a
    program knows. Words have to be read row by row.

    Example
    -------
    ``license`` holds ``free for teaching``.

    How to fix
    ----------
    If the words mean a licence that SPDX lists, write its id. Otherwise, and for an id that is
    right but not known here, choose a ``LicenseRef-`` name and put the words, who gave them and
    when into LICENSES.md.

    Source
    ------
    SPDX specification 2.3, annex D and section 10.
    """
    yield from dataset.failed(Problem.FREE_TEXT_LICENCE)
