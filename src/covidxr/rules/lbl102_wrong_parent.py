"""LBL102: a label stands below another than its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("LBL102", severity=Severity.ERROR, since="0.1", needs=(Need.SCHEMA,))
def wrong_parent(dataset: Dataset) -> Iterator[Hit]:
    """Report a finding whose labels are right and whose path is not.

    What it checks
    --------------
    Each label has one place. In ``A/B`` the label B stands somewhere below A in the hierarchy.

    Why it matters
    --------------
    A loader that splits at ``/`` sets every part: a bacterium below Viral makes an image positive
    for a group it does not belong to.

    Example
    -------
    ``Pneumonia/Viral/Legionella``: Legionella stands below Bacterial.

    How to fix
    ----------
    Write the path of the hierarchy. If two findings are meant, join them with ``|``.

    Source
    ------
    The hierarchy in SCHEMA.md.
    """
    yield from dataset.failed(Problem.WRONG_PARENT)
