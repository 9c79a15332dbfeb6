"""CLN112: the image is older than the disease."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from covidxr.dates import read_date
from covidxr.labels import read_finding
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# First and last day of known patients, rounded outwards to whole months. COVID-19: first onset
# 1 December 2019 (Huang et al., Lancet 395, 2020), a month earlier is allowed for. MERS: Jordan,
# March 2012 (WHO). SARS: Foshan, November 2002, to May 2004 (WHO); to the year's end allowed for.
_KNOWN = {
    "Pneumonia/Viral/COVID-19": (dt.date(2019, 11, 1), dt.date.max),
    "Pneumonia/Viral/MERS-CoV": (dt.date(2012, 3, 1), dt.date.max),
    "Pneumonia/Viral/SARS": (dt.date(2002, 11, 1), dt.date(2004, 12, 31)),
}


@rule("CLN112", severity=Severity.WARNING, since="0.1")
def date_before_disease(dataset: Dataset) -> Iterator[Hit]:
    """Report an image of a disease from a time when nobody had it.

    What it checks
    --------------
    Images of COVID-19 are not older than November 2019, those of MERS not older than March 2012,
    and those of SARS are from November 2002 to the end of 2004. A year counts as a whole: 2019 is
    fine for COVID-19.

    Why it matters
    --------------
    The date or the finding is wrong; often the date is that of the publication.

    Example
    -------
    ``Pneumonia/Viral/COVID-19`` on ``2019-02-26``; 2020 was meant.

    How to fix
    ----------
    Look at the source: correct the date or the finding.

    Source
    ------
    Huang et al., Lancet 395 (2020), 497, on the first patients with COVID-19; WHO, Summary of
    probable SARS cases (2004); WHO, MERS-CoV summary updates (2012).
    """
    if not dataset.has("finding", "date"):
        return
    for cells in dataset.cells("date", "finding"):
        date = read_date(cells.text).parsed
        labels = read_finding(cells.texts[1]).labels if date is not None else frozenset()
        for label in sorted(labels & _KNOWN.keys()):
            first, last = _KNOWN[label]
            if date is None or (date.latest >= first and date.earliest <= last):
                continue
            name = label.rpartition("/")[2]
            when = f"before {first:%B %Y}" if date.latest < first else f"after {last:%Y}"
            yield cells.at(
                "date",
                f"nobody is known to have had {name} {when}",
                suggestion="the date of the publication, or a wrong year? Look at the source",
            )
