"""PAT102: one published case stands under two patient ids."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import identifiers
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit
    from covidxr.table import Row


@rule("PAT102", severity=Severity.ERROR, since="0.1")
def one_case_two_patients(dataset: Dataset) -> Iterator[Hit]:
    """Report a case that was entered twice, under two patient ids.

    What it checks
    --------------
    No two patient ids name the same files of the same page. A page that reports several patients
    is fine: their files differ. The later of the two ids is reported once, at its first row.

    Why it matters
    --------------
    One person counts as two. A split by patient can put the same image on both sides, and a
    model is then tested on what it was trained on.

    Example
    -------
    Lines 12 to 14 and 80 to 82 name the same three files of ``https://www.eurorad.org/case/1``,
    once as patient 7 and once as patient 31.

    How to fix
    ----------
    Keep one id and one row per file.

    Source
    ------
    Two real cases were entered twice in the collection that this one is modelled on.
    """
    if not dataset.has("url"):
        return
    twins: dict[tuple[str, str], list[tuple[Row, Row]]] = {}
    for _, patients in dataset.conflicts("filename", "patientid"):
        first = dataset.row(patients[0].rows[0])
        for other in patients[1:]:
            row = dataset.row(other.rows[0])
            if row.path == first.path and _page(row) and _page(row) == _page(first):
                twins.setdefault((patients[0].text, other.text), []).append((first, row))
    for (patient, other_id), pairs in twins.items():
        first, row = pairs[0]
        files = "file" if len(pairs) == 1 else f"{len(pairs)} files"
        yield row.at(
            "patientid",
            f"patient {other_id} is patient {patient} of line {first.line}: "
            f"the same {files} of the same page, {row['url']}",
            suggestion=f"keep patient {patient}, and one row per file",
        )


def _page(row: Row) -> str:
    return identifiers.canonical_url(row["url"])
