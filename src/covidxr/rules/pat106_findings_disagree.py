"""PAT106: one patient has two diseases that have nothing to do with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.labels import BY_NAME, read_finding
from covidxr.model import Severity
from covidxr.plugins import rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_AGENTS = frozenset({"bacterium", "virus", "fungus"})


@rule("PAT106", severity=Severity.WARNING, since="0.1")
def findings_disagree(dataset: Dataset) -> Iterator[Hit]:
    """Report a patient whose images name two unrelated agents.

    What it checks
    --------------
    Where two rows of a patient each name a bacterium, virus or fungus, they share one, or one is
    a kind of the other. No Finding before or after a disease is fine, so is a general finding
    (Pneumonia) beside a specific one, and ARDS beside its cause. Reported once per patient.

    Why it matters
    --------------
    A second infection happens, and then the later row names both, joined by ``|``. More often
    the rows of two people share an id, or a finding was filled down too far.

    Example
    -------
    Patient 7 has ``Pneumonia/Viral/COVID-19`` in line 12 and
    ``Pneumonia/Bacterial/Streptococcus`` in line 13.

    How to fix
    ----------
    Open the page: correct the id or the finding, or name both agents.

    Source
    ------
    The hierarchy of findings in SCHEMA.md.
    """
    for patient, findings in dataset.conflicts("patientid", "finding"):
        named: tuple[str, int] | None = None
        for cells in findings:
            if not _agents(cells.text):
                continue
            if named is None:
                named = cells.text, cells.rows[0]
            elif not _related(named[0], cells.text):
                line = dataset.row(named[1]).line
                yield dataset.row(cells.rows[0]).at(
                    "finding",
                    f"patient {patient.text} has {cells.text} here and {named[0]} in line {line}",
                    suggestion="two people under one id? If it is a second infection, name both",
                )
                break


def _agents(text: str) -> list[tuple[str, ...]]:
    return [path for path in read_finding(text).paths if BY_NAME[path[-1]].kind in _AGENTS]


def _related(text: str, other: str) -> bool:
    return any(
        path[: len(above)] == above or above[: len(path)] == path
        for path in _agents(text)
        for above in _agents(other)
    )
