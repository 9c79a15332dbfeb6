"""PAT103: one patient's rows come from several published cases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import identifiers
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("PAT103", severity=Severity.WARNING, since="0.1")
def one_patient_two_cases(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient id whose rows come from several case pages.

    What it checks
    --------------
    All rows of a patient that cite a page of a case database (Radiopaedia, Eurorad, SIRM,
    Coronacases, RSNA) cite the same one; addresses of one page in other languages or spellings
    count as the same. Papers are left out: one patient may well be in two. Each further page is
    reported once, at its first row.

    Why it matters
    --------------
    A case database publishes a patient once as a rule. Two pages under one id are more often two
    people whose rows got the same number by copying or by counting on from the wrong row.

    Example
    -------
    Patient 7 has rows of ``https://www.eurorad.org/case/1`` and of
    ``https://www.eurorad.org/case/2``.

    How to fix
    ----------
    Compare age, sex, place and story on both pages. Give a second person an id of their own; if
    it is the same person, say so in other_notes and keep this row in the baseline with that reason.

    Source
    ------
    SCHEMA.md: one person keeps one id, and two never share one.
    """
    for patient, urls in dataset.conflicts("patientid", "url"):
        pages: dict[str, int] = {}
        for cells in urls:
            if identifiers.is_case_page(cells.text):
                pages.setdefault(identifiers.canonical_url(cells.text), cells.rows[0])
        first, *others = pages.values() or (0,)
        for index in others:
            yield dataset.row(index).at(
                "url",
                f"patient {patient.text} has another case page in line {dataset.row(first).line}: "
                f"{dataset.row(first)['url']}",
                suggestion="two people? then give one of them an id of their own",
            )
