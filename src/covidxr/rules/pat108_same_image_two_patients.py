"""PAT108: two patients have the same file, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit
    from covidxr.table import Row


@rule("PAT108", severity=Severity.ERROR, since="0.1", needs=(Need.STRUCTURE,))
def same_image_two_patients(dataset: Dataset) -> Iterator[Hit]:
    """Report two files with the same bytes that belong to different patients.

    What it checks
    --------------
    Files that rows of different patients name differ in SHA-256. Each row after the first is
    reported, with the line and the patient of an earlier one. Rows that name one and the same
    file are PAT104. Pairs that were decided on are not reported, as long as both files still hold
    the bytes that the decision is about.

    Why it matters
    --------------
    An image shows one person. A split by patient puts the copies on both sides, and the test
    then contains what was trained on.

    Example
    -------
    ``images/a.png`` of patient 7 and ``images/b.png`` of patient 31 are the same file.

    How to fix
    ----------
    Find which patient it shows. Delete the other row, or give both rows one id. Where both are to
    stay as they are, say so with ``covidxr duplicates decide``.

    Source
    ------
    SHA-256 (FIPS 180-4): two different files with the same sum are not known to exist.
    """
    for rows in dataset.copies():
        firsts: dict[str, Row] = {}
        for row in rows:
            if not row["patientid"]:
                continue
            clashes = (each for each in firsts.values() if _clash(each, row))
            other = next((each for each in clashes if not _settled(dataset, each, row)), None)
            firsts.setdefault(row["patientid"], row)
            if other is not None:
                yield row.at(
                    "filename",
                    f"{row.path} of patient {row['patientid']} is the same file as "
                    f"{other.path} of patient {other['patientid']} in line {other.line}",
                    suggestion="one person under two ids, or an image in the wrong place?",
                )


def _clash(row: Row, other: Row) -> bool:
    return row["patientid"] != other["patientid"] and row.path != other.path


def _settled(dataset: Dataset, row: Row, other: Row) -> bool:
    decision = dataset.decided(row.path, other.path)
    return decision is not None and decision.settles(one_patient=False)
