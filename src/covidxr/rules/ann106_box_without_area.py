"""ANN106: a box has no numbers, or no area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN106", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS,))
def box_without_area(dataset: Dataset) -> Iterator[Hit]:
    """Report a box whose numbers are null or that has no area.

    What it checks
    --------------
    Left, top, width and height of a box are numbers, and width and height are more than 0.

    Why it matters
    --------------
    Loaders take a null for not-a-number or stop; a box without area makes a loss infinite.

    Example
    -------
    ``"bbox": [null, null, null, null]``.

    How to fix
    ----------
    Draw the box anew. Where there is nothing to mark, remove the entry and keep the image's.

    Source
    ------
    Two boxes of the published lung boxes are nulls; COCO data format.
    """
    for file, image in annotationhits.images(dataset):
        for region in image.regions:
            why = _why(region.box)
            if why:
                yield annotationhits.hit(
                    file,
                    image,
                    f"the box {annotationhits.named(region.label, image.image)} has {why}",
                    at=(region.line, None),
                    field=region.label or "bbox",
                    suggestion="draw it anew, or remove it where nothing is to be marked",
                )


def _why(box: tuple[float | None, ...] | None) -> str:
    if box is None:
        return ""
    if None in box:
        return "no numbers" if set(box) == {None} else "a number missing"
    return "no area" if min(box[2] or 0, box[3] or 0) <= 0 else ""
