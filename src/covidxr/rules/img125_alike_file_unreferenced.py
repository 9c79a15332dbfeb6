"""IMG125: a file that no row names shows the same image as another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("IMG125", severity=Severity.INFO, since="0.1", needs=(Need.IMAGES, Need.PIXELS))
def alike_file_unreferenced(dataset: Dataset) -> Iterator[Hit]:
    """Report a file without a row that shows the same image as another file.

    What it checks
    --------------
    No row names the file, and its bytes or pixels are those of another, or one was made from the
    other. That no row names it is IMG102; this says what it is. Each such file is reported once,
    with a file that has a row if there is one. Pairs that were decided on are not reported.

    Why it matters
    --------------
    It was left behind, most likely, when an image was renamed or replaced by a better copy. If it
    got a row of its own, the image would be there twice.

    Example
    -------
    ``images/gr1_lrg.jpg`` has no row and shows the same image as ``images/fx1_lrg.jpg`` in line 12.

    How to fix
    ----------
    Delete it, or let the row name the better of the two.

    Source
    ------
    The figures from which on two pictures are taken for the same stand in
    ``covidxr/imaging/likeness.py``, with what they were measured on.
    """
    like: dict[str, tuple[str, int]] = {}
    for pair in dataset.alike:
        decision = dataset.decided(pair.first, pair.second)
        if decision and decision.settles(one_patient=True):
            continue
        rows = {path: dataset.table.rows_of(path) for path in (pair.first, pair.second)}
        for path, other in ((pair.first, pair.second), (pair.second, pair.first)):
            line = dataset.row(rows[other][0]).line if rows[other] else 0
            if not rows[path] and (path not in like or (line and not like[path][1])):
                like[path] = other, line
    for path, (other, line) in like.items():
        where = f" in line {line}" if line else ", which has no row either"
        yield dataset.at_file(
            path,
            f"{path} is in no row and shows the same image as {other}{where}",
            suggestion="left behind? then delete it",
        )
