"""PAT110: one patient has the same file twice, byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit
    from covidxr.table import Row


@rule("PAT110", severity=Severity.WARNING, since="0.1", needs=(Need.STRUCTURE,))
def same_image_twice(dataset: Dataset) -> Iterator[Hit]:
    """Report two files with the same bytes that belong to one patient.

    What it checks
    --------------
    Files that rows of one patient name differ in SHA-256. Each row after the first is reported,
    with the line of the first. Rows that name one and the same file are PAT104. Pairs that were
    decided on are not reported, as long as both files still hold the bytes that the decision is
    about.

    Why it matters
    --------------
    The image counts twice. Where the rows give two offsets, one of them is wrong: a course over
    days then shows no change because it is one image.

    Example
    -------
    ``images/day-0.png`` and ``images/day-4.png`` of patient 7 are the same file.

    How to fix
    ----------
    Find the image that belongs to the second row, or delete the row and its file. Where both are
    to stay, say so with ``covidxr duplicates decide``.

    Source
    ------
    SHA-256 (FIPS 180-4): two different files with the same sum are not known to exist.
    """
    for rows in dataset.copies():
        firsts: dict[str, Row] = {}
        for row in rows:
            if not row["patientid"]:
                continue
            first = firsts.setdefault(row["patientid"], row)
            decision = dataset.decided(first.path, row.path)
            if first.path != row.path and not (decision and decision.settles(one_patient=True)):
                yield row.at(
                    "filename",
                    f"{row.path} is the same file as {first.path} in line {first.line}, "
                    f"also of patient {row['patientid']}{_days(first, row)}",
                    suggestion="was another image meant? Otherwise delete one row and its file",
                )


def _days(first: Row, row: Row) -> str:
    offsets = first["offset"], row["offset"]
    return ", under another offset" if all(offsets) and len(set(offsets)) > 1 else ""
