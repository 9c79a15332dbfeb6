"""VOL101: a row names a volume that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dataset import fold_name
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.grouping import Cells
    from covidxr.model import Hit


_FEW = 1


@rule("VOL101", severity=Severity.WARNING, since="0.1", needs=(Need.VOLUMES,))
def volume_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report a row whose volume is not in ``volumes/``.

    What it checks
    --------------
    Each row whose folder is volumes names a file that is in ``volumes/``. Where none of them is
    there, that is said once: volumes are often kept elsewhere because of their size.

    Why it matters
    --------------
    The row promises a volume that who clones the collection does not get.

    Example
    -------
    ``volumes/`` holds two of the three volumes that rows name.

    How to fix
    ----------
    Add the volume, or say in ``volumes/DOWNLOAD.md`` where it is and with which checksum, and leave
    this rule out with a reason.

    Source
    ------
    SCHEMA.md: every row has its file.
    """
    listed = dataset.listed("volumes")
    missing = [cells for cells in listed if f"volumes/{cells.texts[1]}" not in dataset.files]
    if len(missing) == len(listed) > _FEW:
        yield dataset.at_header(
            dataset.table.fields["filename"],
            f"none of the {len(missing):,} volumes that rows name is in volumes/",
            name="filename",
            suggestion="fetch them; where they are kept elsewhere, leave this rule out with a "
            "reason",
        )
        return
    folded = {fold_name(path): path for path in dataset.files} if missing else {}
    for cells in missing:
        yield _hit(dataset, cells, folded.get(fold_name(f"volumes/{cells.texts[1]}")))


def _hit(dataset: Dataset, cells: Cells, there: str | None) -> Hit:
    name = cells.texts[1]
    suggestion = None
    if there is not None:
        suggestion = f"it is called {there.removeprefix('volumes/')} there"
    elif f"images/{name}" in dataset.files:
        suggestion = "it is in images/: move it, or correct the folder"
    return cells.at("filename", f"{name} is not in volumes/", value=name, suggestion=suggestion)
