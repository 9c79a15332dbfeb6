"""ANN115: a table of scores calls a score otherwise than everyone else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset


@rule("ANN115", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def score_header_misspelt(dataset: Dataset) -> Iterator[Hit]:
    """Report a column of scores that is not called by its name.

    What it checks
    --------------
    The columns of a table of severity scores are called ``geographic_extent_mean`` and
    ``opacity_mean``, those of Brixia scores A to F, or with their reader before them, and
    ``brixia_score`` or a reader's sum.

    Why it matters
    --------------
    Programs look for the name that the comments and the paper give, and find no such column.

    Example
    -------
    The published table says ``geographic_mean`` where its own comments say
    ``geographic_extent_mean``.

    How to fix
    ----------
    Correct the header.

    Source
    ------
    The published severity scores, lines 4 and 6.
    """
    for file in dataset.annotations:
        if file.format != "severity":
            continue
        for score in file.columns:
            if score.written.lower() != score.name:
                yield Hit(
                    message=f"{score.written} is called {score.name} everywhere else",
                    file=file.path,
                    line=score.line,
                    column=score.column,
                    field=score.written,
                    value=score.written,
                    suggestion=f"call the column {score.name}",
                )
