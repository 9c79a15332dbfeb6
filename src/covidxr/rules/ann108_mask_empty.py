"""ANN108: a mask marks nothing, or everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN108", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS, Need.MASKS))
def mask_empty(dataset: Dataset) -> Iterator[Hit]:
    """Report a mask that marks no pixel, or every one.

    What it checks
    --------------
    A mask has pixels that are 0 and pixels that are not.

    Why it matters
    --------------
    A mask of one value says nothing of the image, and a model learns that from it.

    Example
    -------
    ``a_mask.png`` is black.

    How to fix
    ----------
    Make the mask again. Where there is nothing to mark, leave it out.

    Source
    ------
    Masks of lungs: no lung fills a radiograph, and none is empty.
    """
    for file, image in annotationhits.images(dataset):
        for mask in image.masks:
            if len(mask.values) == 1:
                what = "no pixel" if mask.values == (0,) else "every pixel"
                yield annotationhits.hit(
                    file,
                    image,
                    f"the mask {annotationhits.named(mask.label, image.image)} marks {what}",
                    field=mask.label or None,
                    suggestion="make it again, or leave it out where nothing is to be marked",
                )
