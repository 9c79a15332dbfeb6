"""CLN108: kinds of white blood cells exceed all white blood cells."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from covidxr.columns import BY_NAME
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_COUNTS = ("leukocyte_count", "neutrophil_count", "lymphocyte_count")
# Counts are rounded to one digit after the point or to hundreds per microlitre.
_ROUNDING = 1.05


@rule("CLN108", severity=Severity.WARNING, since="0.1")
def white_cells_do_not_add_up(dataset: Dataset) -> Iterator[Hit]:
    """Report neutrophils and lymphocytes that are more than all leukocytes.

    What it checks
    --------------
    neutrophil_count + lymphocyte_count is at most leukocyte_count, with 5 % for rounding; a blank
    one of the two counts as nothing. Values that are out of their column's range are SCH205 and
    not looked at here.

    Why it matters
    --------------
    Both are kinds of leukocytes. More usually means that one cell is in percent or in another
    unit than the others, which no range can see.

    Example
    -------
    leukocyte_count ``6.4``, neutrophil_count ``5.5``, lymphocyte_count ``12``: percent?

    How to fix
    ----------
    Look at the source and write all three in 10³/µL.

    Source
    ------
    SCHEMA.md; leukocytes are neutrophils, lymphocytes, monocytes, eosinophils and basophils.
    """
    if not dataset.has("leukocyte_count"):
        return
    for cells in dataset.cells(*_COUNTS):
        all_cells, *kinds = map(_count, _COUNTS, cells.texts)
        known = [count for count in kinds if not math.isnan(count)]
        if sum(known) > all_cells * _ROUNDING:
            yield cells.at(
                "leukocyte_count",
                f"{cells.texts[1] or '?'} neutrophils and {cells.texts[2] or '?'} lymphocytes are "
                f"more than all {cells.text} leukocytes",
                suggestion="a percentage or another unit? All three are in 10³/µL",
            )


def _count(name: str, text: str) -> float:
    """Read a count; NaN, which no comparison holds for, where it is none or out of range."""
    column = BY_NAME[name]
    return math.nan if not text or column.judge(text) is not None else float(text)
