"""DOC101: the label table in README is not what the collection gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import readmeblock
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset

_SHOWN = 80
_DO = "covidxr stats --write README.md renews it"


@rule("DOC101", severity=Severity.ERROR, since="0.1")
def label_table_stale(dataset: Dataset) -> Iterator[Hit]:
    """Report a label table in README that differs from what the collection gives.

    What it checks
    --------------
    What stands in README.md between ``<!-- covidxr stats: begin -->`` and
    ``<!-- covidxr stats: end -->`` is what ``covidxr stats`` prints today, under the options in the
    first marker. A README without markers is not looked at.

    Why it matters
    --------------
    People choose a data set, and cite it, by this table. In the collection that this is modelled
    on it was out of date in about 259 of 310 revisions.

    Example
    -------
    Two rows were added; README still says ``COVID-19: 12``.

    How to fix
    ----------
    Run ``covidxr stats --write README.md``.

    Source
    ------
    The collection's own history, recounted revision by revision.
    """
    page = dataset.documents.get("README.md")
    if page is None:
        return
    try:
        stale = readmeblock.stale_lines(page, dataset)
    except readmeblock.MarkerError as error:
        yield Hit(message=str(error), file="README.md", line=error.line)
        return
    if stale:
        first = stale[0]
        count = "" if len(stale) == 1 else f" in {len(stale):,} lines"
        message = f"the label table is out of date{count}: {_said(first)}"
        yield Hit(message=message, file="README.md", line=first.line, suggestion=_DO)


def _said(line: readmeblock.StaleLine) -> str:
    if not line.found:
        return f"{_short(line.expected)} is missing"
    if not line.expected:
        return f"{_short(line.found)} is too much"
    return f"{_short(line.found)} should be {_short(line.expected)}"


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
