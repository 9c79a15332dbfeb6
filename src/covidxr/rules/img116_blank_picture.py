"""IMG116: a picture is of one tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("IMG116", severity=Severity.ERROR, since="0.1", needs=(Need.PIXELS,))
def blank_picture(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture in which there is nothing to see.

    What it checks
    --------------
    The darkest and the brightest hundredth of each picture differ by at least one level of
    grey. A DICOM file is judged as it is shown, through its own window; a volume by its middle
    slice.

    Why it matters
    --------------
    A black image under a finding teaches that black means the finding.

    Example
    -------
    A slice whose window lies outside all of its values.

    How to fix
    ----------
    Get the file from its source again. Where a window is to blame, correct it.

    Source
    ------
    The level is the least that eight bits can tell.
    """
    for path, facts in dataset.files.items():
        if facts.pixels is not None and facts.pixels.levels == 0:
            name = path.rpartition("/")[2]
            yield dataset.at_file(
                path, f"{name} is blank: all of it has one tone", suggestion="get the file again"
            )
