"""ANN105: an annotation is of an image of another size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN105", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS, Need.IMAGES))
def annotated_size_differs(dataset: Dataset) -> Iterator[Hit]:
    """Report an annotation made on an image of another size.

    What it checks
    --------------
    Width and height that an annotation file says of an image, and those of a mask, are those of
    the file.

    Why it matters
    --------------
    Every box and every pixel of a mask is then somewhere else. The image was cropped or scaled
    after it was annotated, or the annotation is of another image.

    Example
    -------
    The file says 466 x 399 pixels, ``a.png`` has 359 x 345.

    How to fix
    ----------
    Have the annotation drawn anew, or put the image back that it was drawn on. Where the image
    was only scaled, scale the boxes with it.

    Source
    ------
    Three images of the published collection were re-cropped after their boxes were drawn.
    """
    for file, image in annotationhits.images(dataset):
        seen = annotationhits.facts(dataset, image)
        if seen is None or seen.width is None or seen.height is None:
            continue
        said = [("the annotation is of", image.width, image.height)]
        said += [("the mask has", mask.width, mask.height) for mask in image.masks]
        for words, width, height in said:
            if None not in (width, height) and (width, height) != (seen.width, seen.height):
                yield annotationhits.hit(
                    file,
                    image,
                    f"{words} {width} x {height} pixels, {image.image} has "
                    f"{seen.width} x {seen.height}",
                    suggestion="annotate it anew, or put back the image that it was drawn on",
                )
