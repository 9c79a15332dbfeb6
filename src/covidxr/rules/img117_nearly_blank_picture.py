"""IMG117: a picture has next to no contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.filefacts import NEARLY_BLANK
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("IMG117", severity=Severity.WARNING, since="0.1", needs=(Need.PIXELS,))
def nearly_blank_picture(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture in which there is next to nothing to see.

    What it checks
    --------------
    The darkest and the brightest hundredth of each picture differ by eight levels of grey or
    more, of 256. One of no contrast at all is IMG116.

    Why it matters
    --------------
    Such a picture shows noise, and cannot be compared with others: a second copy of it is not
    found.

    Example
    -------
    A radiograph of 16 bits that was cut down to its upper eight, so that all of it is nearly
    black.

    How to fix
    ----------
    Get the file from its source again, or write it from the original with the right window.

    Source
    ------
    Of 250 published images the faintest has 69 levels.
    """
    for path, facts in dataset.files.items():
        levels = 0 if facts.pixels is None else facts.pixels.levels
        if 0 < levels < NEARLY_BLANK:
            name = path.rpartition("/")[2]
            yield dataset.at_file(
                path,
                f"{name} is nearly blank: {levels} of 256 levels of grey are used",
                suggestion="get the file again, or write it with the right window",
            )
