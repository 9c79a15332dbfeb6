"""DCM107: rows give files of one DICOM study to two patients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dicomrows import tagged
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit
    from covidxr.table import Row


@rule("DCM107", severity=Severity.ERROR, since="0.1", needs=(Need.IMAGES,))
def one_study_two_patients(dataset: Dataset) -> Iterator[Hit]:
    """Report files of one DICOM study that rows give to different patients.

    What it checks
    --------------
    Files with the same StudyInstanceUID, or the same SeriesInstanceUID, belong to rows of one
    patient. Each patient after the first is reported once a study.

    Why it matters
    --------------
    A study is one visit of one person. A split by patient puts parts of it on both sides, and the
    test then contains what was trained on.

    Example
    -------
    ``a.dcm`` of patient 7 and ``b.dcm`` of patient 31 have one StudyInstanceUID.

    How to fix
    ----------
    Find which patient it is, and give all its rows one id.

    Source
    ------
    DICOM PS3.3, C.7.2.1 and C.7.3.1: identifiers of studies and series are unique in the world.
    """
    firsts: dict[tuple[str, str], Row] = {}
    told: set[tuple[str, str]] = set()
    for row, tags in tagged(dataset, "patientid"):
        for word in ("StudyInstanceUID", "SeriesInstanceUID"):
            identifier = tags.get(word, "")
            first = firsts.setdefault((word, identifier), row) if identifier else row
            pair = (first["patientid"], row["patientid"])
            if pair[0] != pair[1] and pair not in told:
                told.add(pair)
                yield row.at(
                    "patientid",
                    f"{row.path} of patient {pair[1]} and {first.path} of patient {pair[0]} in "
                    f"line {first.line} have one {word}",
                    suggestion="one person under two ids, or a file in the wrong place?",
                )
