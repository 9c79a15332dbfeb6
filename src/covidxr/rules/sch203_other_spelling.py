"""SCH203: a value is understood, and written otherwise than in the rest of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("SCH203", severity=Severity.WARNING, since="0.1", needs=(Need.SCHEMA,))
def other_spelling(dataset: Dataset) -> Iterator[Hit]:
    """Report a value whose meaning is plain and whose spelling is not the agreed one.

    What it checks
    --------------
    Views, modalities, yes and no, sexes, dates, DOIs, decimal commas and SPDX ids in spellings and
    translations that can mean only one thing.

    Why it matters
    --------------
    A program compares by equality: ``AP erect`` and ``AP`` are two views to it, and ``4 March
    2020`` is no date in a column of ISO dates. Loaders that filter by view drop such rows without
    a word.

    Example
    -------
    ``view`` holds ``Supino``, which is ``AP Supine``; ``date`` holds ``4 March 2020``.

    How to fix
    ----------
    ``covidxr validate --fix`` writes the agreed value; ``--diff`` shows the lines first.

    Source
    ------
    ISO 8601 for dates, the DOI Handbook, section 2.2, the SPDX licence list, and the collection's
    mapping of views in SCHEMA.md.
    """
    yield from dataset.failed(Problem.SPELLING)
