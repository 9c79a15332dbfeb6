"""CLN113: a cell is blank although another one of its row says what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_IMPLIED_BY = {"intubated": ("intubation_present", "extubated"), "went_icu": ("in_icu",)}


@rule("CLN113", severity=Severity.WARNING, since="0.1")
def implied_yes_left_blank(dataset: Dataset) -> Iterator[Hit]:
    """Report a blank about the whole illness that the row's other cells answer with yes.

    What it checks
    --------------
    intubated is not blank where intubation_present or extubated is Y, and went_icu is not blank
    where in_icu is Y. Where they are N, that is CLN102, CLN103 or CLN104.

    Why it matters
    --------------
    A blank means that it is not known. Who counts intubated patients by the column intubated
    misses this one.

    Example
    -------
    extubated ``Y`` and intubated blank.

    How to fix
    ----------
    Write Y, in every row of the patient; or correct the other cell. It is not filled in by
    ``--fix``, because either cell may be the wrong one.

    Source
    ------
    SCHEMA.md: “at any point of this illness” and “at the time of the image”.
    """
    for name, others in _IMPLIED_BY.items():
        if not dataset.has(name):
            continue
        for cells in dataset.cells(name, *others):
            says_yes = [
                other for other, text in zip(others, cells.texts[1:], strict=True) if text == "Y"
            ]
            if not cells.text and says_yes:
                verb = "are" if len(says_yes) > 1 else "is"
                yield cells.at(
                    name,
                    f"{name} is blank, but {' and '.join(says_yes)} {verb} Y",
                    suggestion="write Y in every row of the patient, or correct the other cell",
                )
