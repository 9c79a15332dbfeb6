"""LBL103: a finding uses another name of a label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LBL103", severity=Severity.WARNING, since="0.1", needs=(Need.SCHEMA,))
def synonym(dataset: Dataset) -> Iterator[Hit]:
    """Report a finding that is understood and that names a label otherwise than the hierarchy.

    What it checks
    --------------
    Synonyms, other cases and spacings, names of earlier label lists, and a label that is said
    twice.

    Why it matters
    --------------
    covidxr reads both names as one label. Loaders that take the text as it stands make two labels
    of them and split the count.

    Example
    -------
    ``finding`` holds ``Pneumonia/Viral/COVID19``.

    How to fix
    ----------
    Write the suggested path; ``covidxr migrate`` does so in the whole table.

    Source
    ------
    The synonyms of each label, with SCHEMA.md as their list.
    """
    yield from dataset.failed(Problem.SYNONYM)
