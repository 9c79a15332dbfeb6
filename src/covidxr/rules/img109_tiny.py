"""IMG109: a picture is a thumbnail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dataset import shorter_side
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


# No published image of the collection that this is modelled on is smaller than 157 pixels.
_LEAST = 128
_DO = "look at the source for the image in full size"


@rule("IMG109", severity=Severity.WARNING, since="0.1", needs=(Need.IMAGES,))
def tiny(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture that is too small to be the image itself.

    What it checks
    --------------
    The shorter side of each picture in ``images/`` has 128 pixels or more. From there to 224
    pixels it is IMG113.

    Why it matters
    --------------
    Sites show a thumbnail and link the image from it; a scraper that takes the first address
    saves the thumbnail. On so few pixels no finding can be seen.

    Example
    -------
    A radiograph of 96 × 96 pixels.

    How to fix
    ----------
    Look at the row's url for the image in full size and replace the file.

    Source
    ------
    Measured on 724 published images: the smallest is 157 × 156 pixels.
    """
    for path, facts in dataset.files.items():
        side = shorter_side(facts)
        if side is not None and side < _LEAST and path.startswith("images/"):
            name = path.rpartition("/")[2]
            message = f"{name} has only {facts.width} × {facts.height} pixels"
            yield dataset.at_file(path, message, suggestion=_DO)
