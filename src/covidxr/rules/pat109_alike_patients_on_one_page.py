"""PAT109: a case page stands under two patient ids of the same sex and age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import identifiers
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells
    from covidxr.model import Hit

    Alike = tuple[Cells, Sequence[Cells]]


# From so many patients on, the page is one of a series, or its address is wrong in all rows.
_MANY = 5


@rule("PAT109", severity=Severity.WARNING, since="0.1")
def alike_patients_on_one_page(dataset: Dataset) -> Iterator[Hit]:
    """Report two patient ids of the same sex and age on one page of a case database.

    What it checks
    --------------
    Rows that cite the same page of a case database (Radiopaedia, Eurorad, SIRM, Coronacases,
    RSNA) and agree in sex and age, both known, have the same patientid. A page may report a
    family or a series: ids whose sex or age differ, or are not known, are not reported, nor are
    papers. Reported once per page, sex and age, at the second id, and only once per page where more
    than five ids are alike. Ids that share files are PAT102.

    Why it matters
    --------------
    Such a page shows one person as a rule. Images that were added later, or volumes beside
    images, easily get a new id, and a split by patient then tears the person in two.

    Example
    -------
    ``https://www.eurorad.org/case/1`` is cited for patient 7 and for patient 8, both F and 50.

    How to fix
    ----------
    Open the page. If it shows one person, give all its rows one id; if not, keep this row in
    the baseline with that as the reason.

    Source
    ------
    SCHEMA.md: one person keeps one id, and two never share one.
    """
    pages: dict[str, list[Alike]] = {}
    for person, patients in dataset.conflicts(
        "url", "patientid", same=_case_page, within=("sex", "age")
    ):
        sex, age = person.texts[1:]
        others = _of_other_files(dataset, patients) if sex in {"M", "F"} and age.isdecimal() else ()
        if others:
            pages.setdefault(person.text, []).append((patients[0], others))
    for alike in pages.values():
        if sum(len(others) for _, others in alike) > _MANY:
            yield _series(dataset, alike)
        else:
            yield from (_hit(dataset, first, others) for first, others in alike)


def _hit(dataset: Dataset, first: Cells, others: Sequence[Cells]) -> Hit:
    row = dataset.row(others[0].rows[0])
    more = f", and so have {len(others) - 1} more" if len(others) > 1 else ""
    return row.at(
        "patientid",
        f"patient {row['patientid']} has the page, sex and age of patient {first.text} in line "
        f"{dataset.row(first.rows[0]).line} ({row['sex']}, {row['age']}; {row['url']}){more}",
        suggestion="one person? then give all rows of the page one id",
    )


def _series(dataset: Dataset, alike: Sequence[Alike]) -> Hit:
    first, others = alike[0]
    row = dataset.row(others[0].rows[0])
    count = sum(len(others) for _, others in alike)
    return row.at(
        "patientid",
        f"{count:,} patients of one page, {row['url']}, have the sex and age of an earlier patient "
        f"of it; the first, patient {row['patientid']}, those of patient {first.text} in line "
        f"{dataset.row(first.rows[0]).line} ({row['sex']}, {row['age']})",
        suggestion="is it a series of many patients, or was one address filled down too far?",
    )


def _case_page(url: str) -> str:
    return identifiers.canonical_url(url) if identifiers.is_case_page(url) else ""


def _of_other_files(dataset: Dataset, patients: Sequence[Cells]) -> Sequence[Cells]:
    """Leave out the first patient, and all who share a file with that one."""
    sharing = {
        dataset.row(row)["patientid"]
        for index in patients[0].rows
        for row in dataset.table.rows_of_same_file(index)
    }
    if len(sharing) == 1:
        return patients[1:]
    return [each for each in patients[1:] if each.text not in sharing]
