"""LIC101: a row has no licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LIC101", severity=Severity.WARNING, since="0.1", needs=(Need.SCHEMA,))
def licence_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose licence is blank.

    What it checks
    --------------
    license holds text in every row.

    Why it matters
    --------------
    Without a licence nobody but the author may copy the image, so it cannot be in any release.
    Users have asked for it more than for anything else.

    Example
    -------
    A row with an address and no licence.

    How to fix
    ----------
    Look at the page that url or doi names, and write the SPDX id. A permission in words gets a
    ``LicenseRef-`` name that LICENSES.md explains. It is never inferred from other images of the
    site.

    Source
    ------
    Berne Convention, article 9: the right to reproduce is the author's unless it is given.
    """
    yield from dataset.failed(Problem.NO_LICENCE)
