"""PAT111: two patients have the same image in two files that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.filefacts import AlikePair
    from covidxr.model import Hit
    from covidxr.table import Row


@rule("PAT111", severity=Severity.ERROR, since="0.1", needs=(Need.PIXELS,))
def alike_image_two_patients(dataset: Dataset) -> Iterator[Hit]:
    """Report two files that show the same image and belong to different patients.

    What it checks
    --------------
    Files that rows of different patients name show the same pixels, or one was made from the other:
    scaled, coded again, framed, marked or cut a little. The pair is reported at the later row.
    Files with the same bytes are PAT108. Pairs that were decided on are not reported, as long as
    both files still hold the bytes that the decision is about.

    Why it matters
    --------------
    An image shows one person. A split by patient puts the copies on both sides, and the test
    then contains what was trained on. Papers and case databases publish the same image often.

    Example
    -------
    ``images/a.jpg`` of patient 7 is ``images/b.png`` of patient 31, half as large.

    How to fix
    ----------
    ``covidxr duplicates --montage pairs.png`` shows both. Delete the other row, or give both rows
    one id. Where they differ after all, or are to stay, say so with ``covidxr duplicates decide``.

    Source
    ------
    The figures from which on two pictures are taken for the same stand in
    ``covidxr/imaging/likeness.py``, with what they were measured on.
    """
    for pair in dataset.alike:
        clash = None if pair.kind == "bytes" else _clash(dataset, pair)
        decision = dataset.decided(pair.first, pair.second)
        if clash is None or (decision and decision.settles(one_patient=False)):
            continue
        row, other = clash
        shows = "has the same pixels as" if pair.kind == "pixels" else "shows the same image as"
        suggestion = "one person under two ids, or an image in the wrong place?"
        if decision is not None:
            suggestion = "it was decided that they show one patient: give both rows one id"
        yield row.at(
            "filename",
            f"{row.path} of patient {row['patientid']} {shows} {other.path} of patient "
            f"{other['patientid']} in line {other.line}",
            suggestion=suggestion,
        )


def _clash(dataset: Dataset, pair: AlikePair) -> tuple[Row, Row] | None:
    """Give two rows of different patients, the later one first."""
    for one in map(dataset.row, dataset.table.rows_of(pair.first)):
        for other in map(dataset.row, dataset.table.rows_of(pair.second)):
            if one["patientid"] and other["patientid"] not in {"", one["patientid"]}:
                return (one, other) if one.index > other.index else (other, one)
    return None
