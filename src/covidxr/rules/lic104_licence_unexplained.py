"""LIC104: a licence of the collection's own is not explained."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

# idstring of the SPDX specification: letters, digits, "-" and "."; a final "." ends a sentence.
_REFERENCE = re.compile(r"\bLicenseRef-[A-Za-z0-9.-]*[A-Za-z0-9-]")
_PAGE = "LICENSES.md"


@rule("LIC104", severity=Severity.INFO, since="0.1")
def licence_unexplained(dataset: Dataset) -> Iterator[Hit]:
    """Report a ``LicenseRef-`` name that LICENSES.md does not mention, once per name.

    What it checks
    --------------
    Every name in license that begins with ``LicenseRef-`` stands in the collection's LICENSES.md.

    Why it matters
    --------------
    Such a name means what its collection says it means. Without the words of the permission nobody
    can tell what it allows.

    Example
    -------
    Rows with ``LicenseRef-hospital-letter`` and no LICENSES.md.

    How to fix
    ----------
    Put the name into LICENSES.md with the permission's own words, who gave it, when, and how long
    it holds.

    Source
    ------
    SPDX specification 2.3, section 10, “Other licensing information detected”.
    """
    if not any("LicenseRef-" in text for text in dataset.table.values("license")):
        return
    page = dataset.documents.get(_PAGE)
    told = set(_REFERENCE.findall(page or ""))
    for cells in dataset.cells("license"):
        for name in _REFERENCE.findall(cells.text):
            if name in told:
                continue
            told.add(name)
            missing = f"{_PAGE} does not mention" if page is not None else f"no {_PAGE} explains"
            yield dataset.row(cells.rows[0]).at(
                "license",
                f"{missing} {name}",
                suggestion=f"put its words, who gave it and when into {_PAGE}",
            )
