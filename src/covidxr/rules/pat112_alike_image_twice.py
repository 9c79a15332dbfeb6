"""PAT112: one patient has the same image in two files that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit
    from covidxr.table import Row


@rule("PAT112", severity=Severity.WARNING, since="0.1", needs=(Need.PIXELS,))
def alike_image_twice(dataset: Dataset) -> Iterator[Hit]:
    """Report two files that show the same image and belong to one patient.

    What it checks
    --------------
    Files that rows of one patient name show the same pixels, or one was made from the other:
    scaled, coded again, framed, marked or cut a little. The pair is reported at the later row.
    Files with the same bytes are PAT110. Pairs that were decided on are not reported, as long as
    both files still hold the bytes that the decision is about.

    Why it matters
    --------------
    The image counts twice. Where the rows give two offsets, one of them is wrong: a course over
    days then shows no change because it is one image.

    Example
    -------
    ``images/day-0.jpg`` and ``images/day-4.png`` of patient 7 are one image, saved twice.

    How to fix
    ----------
    ``covidxr duplicates --montage pairs.png`` shows both. Find the image that belongs to the second
    row, or delete the row and its file. Where they are two images after all, or are to stay, say so
    with ``covidxr duplicates decide``.

    Source
    ------
    The figures from which on two pictures are taken for the same stand in
    ``covidxr/imaging/likeness.py``, with what they were measured on.
    """
    for pair in dataset.alike:
        decision = dataset.decided(pair.first, pair.second)
        if pair.kind == "bytes" or (decision and decision.settles(one_patient=True)):
            continue
        rows = [dataset.row(index) for index in dataset.table.rows_of(pair.first)]
        others = [dataset.row(index) for index in dataset.table.rows_of(pair.second)]
        patients = {row["patientid"] for row in (*rows, *others)}
        if rows and others and len(patients) == 1 and "" not in patients:
            first, row = sorted((rows[0], others[0]), key=lambda each: each.index)
            shows = "has the same pixels as" if pair.kind == "pixels" else "shows the same image as"
            yield row.at(
                "filename",
                f"{row.path} {shows} {first.path} in line {first.line}, also of patient "
                f"{row['patientid']}{_days(first, row)}",
                suggestion="was another image meant? Otherwise delete one row and its file",
            )


def _days(first: Row, row: Row) -> str:
    offsets = first["offset"], row["offset"]
    return ", under another offset" if all(offsets) and len(set(offsets)) > 1 else ""
