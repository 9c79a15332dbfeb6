"""PAT101: one patient has two sexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import columns, identifiers
from covidxr.model import Hit, Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells

_SEX = columns.BY_NAME["sex"]


@rule("PAT101", severity=Severity.ERROR, since="0.1")
def two_sexes(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient whose rows give both sexes.

    What it checks
    --------------
    Rows with the same patientid give the same sex. Blank cells do not count, and other spellings
    of a sex count as what they mean. The rows of the rarer sex are reported, the later ones where
    both are as frequent, and whether they come from another page than the rest.

    Why it matters
    --------------
    Two people share an id, or a cell is wrong. Splits that keep a patient together then keep
    strangers together, and everything that is looked up by patient is wrong for one of them.

    Example
    -------
    Patient 7 is ``M`` in two rows and ``F`` in a third, whose page reports another case.

    How to fix
    ----------
    Open the pages. Give the other person a new id, or correct the sex.

    Source
    ------
    SCHEMA.md: one person keeps one id, and two never share one.
    """
    for patient, texts in dataset.conflicts("patientid", "sex"):
        sexes = sorted(_by_sex(texts).items(), key=lambda each: (-len(each[1]), each[1][0]))
        if len(sexes) > 1:
            (sex, rows), (other, others) = sexes[0], sexes[-1]
            first = dataset.row(rows[0])
            yield Hit(
                message=(
                    f"patient {patient.text} is {other} here and {sex} in line {first.line}"
                    f"{_elsewhere(first['url'], dataset.row(others[0])['url'])}"
                ),
                rows=others,
                field="sex",
                value=dataset.table.cell(others[0], "sex"),
                suggestion="another person's image? then give it an id of its own",
            )


def _by_sex(texts: Sequence[Cells]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for cells in texts:
        sex = _SEX.spellings.get(cells.text.casefold(), cells.text)
        if sex in _SEX.allowed:
            found[sex] = sorted([*found.get(sex, ()), *cells.rows])
    return found


def _elsewhere(url: str, other: str) -> str:
    pages = identifiers.canonical_url(url), identifiers.canonical_url(other)
    return f"; the page here is another one, {other}" if all(pages) and len(set(pages)) > 1 else ""
