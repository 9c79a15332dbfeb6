"""ANN104: an image changed since it was annotated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN104", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS, Need.STRUCTURE))
def annotated_image_changed(dataset: Dataset) -> Iterator[Hit]:
    """Report an image that is not the one that was annotated.

    What it checks
    --------------
    An image has the SHA-256 that ``annotations/pinned.csv`` says it had when it was annotated.

    Why it matters
    --------------
    Boxes and masks are about pixels. Where an image was cropped or replaced since, they mark
    another place, and nothing else shows it where the size stayed the same.

    Example
    -------
    ``a.png`` was cut to remove its border after the lungs were boxed.

    How to fix
    ----------
    Look at the annotation over the image with ``covidxr annotations show``. Where it still
    fits, ``covidxr annotations pin --again FILENAME``; else have it drawn anew, or put the old
    image back.

    Source
    ------
    Three images of the published collection were re-cropped after their boxes were drawn.
    """
    named = {
        (image.file or file.path, image.image): (file, image)
        for file, image in annotationhits.images(dataset)
    }
    for pin in dataset.pins:
        file, image = named.get((pin.annotation, pin.filename), (None, None))
        seen = annotationhits.facts(dataset, image) if image else None
        if file and image and seen and seen.sha256 and seen.sha256 != pin.sha256:
            yield annotationhits.hit(
                file,
                image,
                f"{pin.filename} changed since it was annotated",
                suggestion="look at `covidxr annotations show`, then pin it again or annotate anew",
            )
