"""LIC101: a row has no licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem, nearly_all
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
    license holds text in every row. Where nearly all of more than 20 rows are blank, that is said
    once.

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
    for hit in dataset.failed(Problem.NO_LICENCE):
        blank, all_rows = len(hit.rows), len(dataset.table)
        if not nearly_all(blank, all_rows):
            yield hit
            continue
        yield dataset.at_header(
            dataset.table.fields["license"],
            f"{blank:,} of {all_rows:,} rows give no licence: nobody may pass their images on",
            name="license",
            suggestion=hit.suggestion,
        )
