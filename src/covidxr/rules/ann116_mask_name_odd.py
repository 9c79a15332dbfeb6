"""ANN116: a mask is named otherwise than its image says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


@rule("ANN116", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS,))
def mask_name_odd(dataset: Dataset) -> Iterator[Hit]:
    """Report a mask that is not called after its image and .png.

    What it checks
    --------------
    A mask is called ``<image without extension>_mask.png``, with at most what is marked behind
    ``_mask``.

    Why it matters
    --------------
    Programs build the name from the image's, and find no file.

    Example
    -------
    ``a_mask.png.png``.

    How to fix
    ----------
    Rename it; ``covidxr annotations pin`` then pins it under its new name.

    Source
    ------
    Four published lung masks end in ``_mask.png.png``.
    """
    for file, image in annotationhits.images(dataset):
        for mask in image.masks:
            name = mask.path.rpartition("/")[2]
            if name.lower().endswith(".png.png"):
                right = name[: name.lower().index(".png")] + ".png"
                yield annotationhits.hit(
                    file,
                    image,
                    f"{name} has its extension twice",
                    field="filename",
                    suggestion=f"rename it to {right}",
                )
