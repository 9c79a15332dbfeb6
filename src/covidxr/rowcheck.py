"""What the rules say of one new row, beside the rows of its patient.

This module owns which rules a single row can be asked about. It runs them on a few rows in memory;
over a whole collection :mod:`covidxr.validate` runs them.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from covidxr import csvread
from covidxr.columns import HEADER
from covidxr.dataset import Dataset
from covidxr.levels import ImageDepth, Severity
from covidxr.reviewsheet import Remark
from covidxr.table import Table
from covidxr.validate import run

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from covidxr.model import ImageFacts
    from covidxr.plugins import Rule
    from covidxr.table import Row

# The file as a text, documents and the judgement of single cells are asked elsewhere.
_ELSEWHERE = ("CSV", "SCH", "DOC")


def remarks(
    rules: Iterable[Rule],
    cells: Mapping[str, str],
    others: Iterable[Row],
    facts: ImageFacts | None,
    as_of: dt.date,
) -> tuple[Remark, ...]:
    """Give what the rules say of a row that is not written yet.

    Parameters
    ----------
    rules : iterable of Rule
        All rules there are.
    cells : mapping of str to str
        The row, by column.
    others : iterable of Row
        Rows that it belongs to: those of its patient.
    facts : ImageFacts or None
        Of its file; None where the file was not looked at.
    as_of : datetime.date
        No image can be taken later.

    Returns
    -------
    tuple of Remark
        An error blocks; a warning does not.
    """
    rows = [*({name: row[name] for name in HEADER} for row in others), dict(cells)]
    last = len(rows) - 1
    dataset = Dataset(
        table=_table(rows),
        files={} if facts is None else {facts.path: facts},
        # Rules about files that no row names, or that are not there, have nothing to say here.
        folders=frozenset({"images", "volumes", "annotations"}),
        depth=ImageDepth.NONE if facts is None else ImageDepth.STRUCTURE,
        as_of=as_of,
    )
    asked = [rule for rule in rules if rule.code[:3] not in _ELSEWHERE]
    return tuple(
        Remark(
            field=each.hit.field or "",
            message=each.hit.message,
            suggestion=each.hit.suggestion or "",
            blocking=each.rule.severity is Severity.ERROR,
            code=each.rule.code,
        )
        for each in run(asked, dataset)[0]
        if last in each.hit.rows
    )


def _table(rows: Iterable[Mapping[str, str]]) -> Table:
    written = io.StringIO()
    writer = csv.DictWriter(written, HEADER, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return Table(csvread.parse(written.getvalue().encode("utf-8", "surrogateescape")))
