"""PAT109: a case page stands under two patient ids of the same sex and age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import identifiers
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Cells, Dataset
    from covidxr.model import Hit


@rule("PAT109", severity=Severity.WARNING, since="0.1")
def alike_patients_on_one_page(dataset: Dataset) -> Iterator[Hit]:
    """Report two patient ids of the same sex and age on one page of a case database.

    What it checks
    --------------
    Rows that cite the same page of a case database (Radiopaedia, Eurorad, SIRM, Coronacases,
    RSNA) and agree in sex and age, both known, have the same patientid. A page may report a
    family or a series: ids whose sex or age differ, or are not known, are not reported, nor are
    papers. Reported once per page, sex and age, at the second id. Ids that share files are PAT102.

    Why it matters
    --------------
    Such a page shows one person as a rule. Images that were added later, or volumes beside
    images, easily get a new id, and a split by patient then tears the person in two.

    Example
    -------
    ``https://www.eurorad.org/case/1`` is cited for patient 7 and for patient 8, both F and 50.

    How to fix
    ----------
    Open the page. If it shows one person, give all its rows one id; if not, ignore this row with
    that as the reason.

    Source
    ------
    SCHEMA.md: one person keeps one id, and two never share one.
    """
    for _, patients in dataset.conflicts("url", "patientid", same=_case_page):
        alike: dict[tuple[str, str], list[Cells]] = {}
        for patient in patients:
            alike.setdefault(_person(dataset, patient), []).append(patient)
        for person, (first, *others) in alike.items():
            own = [
                each for each in others if all(person) and not _share_files(dataset, first, each)
            ]
            if own:
                yield _hit(dataset, first, own, person)


def _hit(dataset: Dataset, first: Cells, others: list[Cells], person: tuple[str, str]) -> Hit:
    row = dataset.row(others[0].rows[0])
    more = f", and so have {len(others) - 1} more" if len(others) > 1 else ""
    return row.at(
        "patientid",
        f"patient {row['patientid']} has the page, sex and age of patient {first.text} in line "
        f"{dataset.row(first.rows[0]).line} ({', '.join(person)}; {row['url']}){more}",
        suggestion="one person? then give all rows of the page one id",
    )


def _case_page(url: str) -> str:
    return identifiers.canonical_url(url) if identifiers.is_case_page(url) else ""


def _person(dataset: Dataset, patient: Cells) -> tuple[str, str]:
    rows = [dataset.row(index) for index in patient.rows]
    sex = next((row["sex"] for row in rows if row["sex"] in {"M", "F"}), "")
    age = next((row["age"] for row in rows if row["age"].isdecimal()), "")
    return sex, age


def _share_files(dataset: Dataset, patient: Cells, other: Cells) -> bool:
    paths = {dataset.row(index).path for index in patient.rows}
    return any(dataset.row(index).path in paths for index in other.rows)
