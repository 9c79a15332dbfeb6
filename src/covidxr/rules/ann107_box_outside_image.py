"""ANN107: a box or an outline reaches beyond its image."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN107", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS,))
def box_outside_image(dataset: Dataset) -> Iterator[Hit]:
    """Report a box or an outline that reaches beyond its image.

    What it checks
    --------------
    Boxes and outlines lie within the image: from 0 to its width and height, as the file has
    them, or where it was not looked at, as the annotation says. One pixel is allowed for
    rounding.

    Why it matters
    --------------
    Programs cut such a box, move it, or fail; it is often a sign of a cropped image or of left
    and width exchanged with right.

    Example
    -------
    A box from 300 on, 245 wide, in an image of 500 pixels.

    How to fix
    ----------
    Look at it with ``covidxr annotations show`` and correct it.

    Source
    ------
    COCO data format: pixels from the upper left corner.
    """
    for file, image in annotationhits.images(dataset):
        size = annotationhits.size(dataset, image)
        for region in image.regions if size else ():
            beyond = annotationhits.beyond(region, size)
            if beyond:
                whose = annotationhits.named(region.label, image.image)
                what = "box" if region.box is not None else "outline"
                yield annotationhits.hit(
                    file,
                    image,
                    f"the {what} {whose} reaches {beyond}",
                    at=(region.line, None),
                    field=region.label or "bbox",
                    suggestion="look at it with `covidxr annotations show`",
                )
