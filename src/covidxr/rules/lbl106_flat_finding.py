"""LBL106: findings are written in the flat form of 2020."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.cells import Problem
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_SHOWN = 3


@rule("LBL106", severity=Severity.INFO, since="0.1", needs=(Need.SCHEMA,))
def flat_finding(dataset: Dataset) -> Iterator[Hit]:
    """Report, once at the header, how many findings are not written as a path.

    What it checks
    --------------
    A finding is written as its path from the top of the hierarchy, several joined by ``|``. Bare
    names, names with “Pneumonia” behind them and names joined by commas are understood as well.

    Why it matters
    --------------
    covidxr counts both forms alike. A loader that splits at ``/`` knows of a bare ``SARS`` neither
    that it is viral nor that it is a pneumonia, so its numbers differ from form to form.

    Example
    -------
    A table of June 2020 has ``COVID-19, ARDS`` where today's has
    ``Pneumonia/Viral/COVID-19|Pneumonia/ARDS``.

    How to fix
    ----------
    ``covidxr migrate`` rewrites the findings and prints what changed.

    Source
    ------
    The hierarchy in SCHEMA.md, which the collection took up in September 2020.
    """
    hits = list(dataset.failed(Problem.FLAT_FINDING))
    if not hits:
        return
    rows = sum(len(hit.rows) for hit in hits)
    shown = ", ".join(repr(hit.value) for hit in hits[:_SHOWN])
    more = f" and {len(hits) - _SHOWN:,} more" if len(hits) > _SHOWN else ""
    first = dataset.row(min(hit.rows[0] for hit in hits)).line
    yield dataset.at_header(
        dataset.table.fields["finding"],
        f"{rows:,} {'row has' if rows == 1 else 'rows have'} a finding without its path: "
        f"{shown}{more}; the first in line {first}",
        name="finding",
        suggestion="covidxr migrate",
    )
