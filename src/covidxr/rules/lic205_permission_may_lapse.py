"""LIC205: a permission holds only for a time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from covidxr import licences
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_FOR_A_TIME = re.compile(
    r"permission[^|]{0,600}?\b(?:for as long as|as long as|until|while|for the duration of)\b"
    r"[^.|]{0,120}?\b(?:remains?|stays?|is|are|ends?|pandemic|crisis|declare[ds]?|revoked?"
    r"|withdrawn?|further notice)\b",
    re.IGNORECASE,
)


@rule("LIC205", severity=Severity.WARNING, since="0.1")
def permission_may_lapse(dataset: Dataset) -> Iterator[Hit]:
    """Report a permission that ends when something else does.

    What it checks
    --------------
    Notes and unnamed columns hold no permission “for as long as”, “until” or “for the duration
    of” something. Reported once per column and text, with the number of rows, at the first row
    that has no SPDX licence of its own; not at all where every row has one, since the licence
    then permits the use without an end.

    Why it matters
    --------------
    Publishers opened papers in 2020 for the time of the pandemic. When the permission ends, the
    images may no longer be passed on.

    Example
    -------
    ``… grants permission … for as long as the resource centre remains active.``

    How to fix
    ----------
    Look up whether the permission still holds and keep a copy of what says so. Write
    ``LicenseRef-…`` as the licence and explain it in LICENSES.md; otherwise take the images out.

    Source
    ------
    The wording of permissions that publishers gave in 2020.
    """
    header = dataset.table.text.header
    unnamed = [cell for cell, name in zip(header, dataset.table.names, strict=True) if not name]
    for name in dict.fromkeys(("license", "clinical_notes", "other_notes", *unnamed)):
        for cells in dataset.holding(name, _is_for_a_time):
            bound = [row for row in cells.rows if not _is_licensed(dataset.row(row)["license"])]
            if bound:
                many = "" if len(bound) == 1 else f"; it stands in {len(bound)} rows"
                yield dataset.row(bound[0]).at(
                    name,
                    f"the permission to use the image may lapse{many}",
                    suggestion="look up whether it still holds, and keep what says so",
                )


def _is_for_a_time(text: str) -> bool:
    # Nearly all texts lack the word, and that is quick to ask.
    return "permission" in text.lower() and _FOR_A_TIME.search(text) is not None


def _is_licensed(licence: str) -> bool:
    return licences.read_licence(licence).spdx is not None
