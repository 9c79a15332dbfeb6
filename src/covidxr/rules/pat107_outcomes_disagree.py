"""PAT107: one patient's rows tell the course of the illness in two ways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import columns
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_WHOLE_ILLNESS = ("survival", "intubated", "went_icu", "needed_supplemental_O2", "extubated")
_NOW = {"intubated": "intubation_present", "went_icu": "in_icu"}


@rule("PAT107", severity=Severity.WARNING, since="0.1")
def outcomes_disagree(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient for whom one row says yes and another no about the whole illness.

    What it checks
    --------------
    survival, intubated, went_icu, needed_supplemental_O2 and extubated say what happened at any
    point of the illness, so all rows of a patient say the same. Blank cells do not count.
    Reported once per patient and column, at the first N.

    Why it matters
    --------------
    N on an early image is often meant as “not yet”. A model that predicts intubation from the
    first image then learns the opposite of what happened.

    Example
    -------
    Patient 7 has intubated ``N`` at offset 0 and ``Y`` at offset 4.

    How to fix
    ----------
    Write Y in all rows if it happened at all. What holds at the time of the image belongs in
    intubation_present and in_icu.

    Source
    ------
    SCHEMA.md: “at any point of this illness”.
    """
    for name in _WHOLE_ILLNESS:
        spellings = columns.BY_NAME[name].spellings
        for patient, texts in dataset.conflicts("patientid", name):
            firsts: dict[str, int] = {}
            for cells in texts:
                meant = spellings.get(cells.text.casefold(), cells.text)
                firsts[meant] = min(cells.rows[0], firsts.get(meant, cells.rows[0]))
            if "Y" not in firsts or "N" not in firsts:
                continue
            now = f"; what holds at this image belongs in {_NOW[name]}" if name in _NOW else ""
            yield dataset.row(firsts["N"]).at(
                name,
                f"{name} of patient {patient.text} is N here and Y in line "
                f"{dataset.row(firsts['Y']).line}, but it is about the whole illness",
                suggestion=f"write Y in every row if it happened at all{now}",
            )
