"""ANN103: an annotation names no image of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN103", severity=Severity.ERROR, since="0.1", needs=(Need.ANNOTATIONS,))
def annotated_image_missing(dataset: Dataset) -> Iterator[Hit]:
    """Report an annotation of an image that no row names.

    What it checks
    --------------
    Each image that an annotation file names is the ``filename`` of a row: whole, without
    folders, or, for masks and where a table leaves it out, without extension. A name that two
    rows share without extension is nobody's.

    Why it matters
    --------------
    The annotation is lost to everyone who joins by name. 12 of the 192 Brixia names that were
    published belong to images that are gone.

    Example
    -------
    Line 14 of ``severity-scores.csv`` scores ``a.jpg``; the row says ``a.jpeg``.

    How to fix
    ----------
    Correct the name, or remove the entry where the image was taken down: ``covidxr takedown``
    removes both together.

    Source
    ------
    The published annotations of the collection that this is modelled on.
    """
    for file, image in annotationhits.images(dataset):
        if image.row is None:
            yield annotationhits.hit(
                file,
                image,
                f"no row names {image.written}",
                field="filename",
                suggestion="correct the name, or remove what is said of an image that is gone",
            )
