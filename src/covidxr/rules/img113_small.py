"""IMG113: a picture is smaller than what networks take in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Hit, Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import ImageFacts


_TINY = 128
# Side of the input of the networks that chest radiographs are commonly given to, since ImageNet.
_INPUT = 224
_PICTURES = frozenset({"JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP", "DICOM"})
_DO = "see whether the source has a larger one; if not, it stays as it is"


@rule("IMG113", severity=Severity.INFO, since="0.1", needs=(Need.IMAGES,))
def small(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture whose shorter side has fewer than 224 pixels.

    What it checks
    --------------
    The shorter side of each picture in ``images/`` has 224 pixels or more. Below 128 it is
    IMG109.

    Why it matters
    --------------
    Most networks take in 224 × 224 pixels: a smaller image is enlarged and blurred, which a
    network can learn to tell its source by.

    Example
    -------
    A radiograph of 190 × 230 pixels, cut from a figure of a paper.

    How to fix
    ----------
    See whether the source has a larger one. If not, nothing needs to be done.

    Source
    ------
    Measured on 724 published images: 7 are smaller. 224 is the input of the networks of
    Simonyan and Zisserman (ICLR 2015), and of most since.
    """
    bad = {
        path: f"{facts.width} × {facts.height} pixels"
        for path, facts in dataset.files.items()
        if path.startswith("images/") and _is_small(facts)
    }
    for cells in dataset.cells("folder", "filename") if bad else ():
        folder, name = cells.texts
        message = bad.pop(f"{folder or 'images'}/{name}", None)
        if message is not None:
            yield cells.at("filename", f"{name} has only {message}", value=name, suggestion=_DO)
    for path, message in bad.items():
        yield Hit(message=f"{path} has only {message}", file=path, suggestion=_DO)


def _is_small(facts: ImageFacts) -> bool:
    if facts.format not in _PICTURES or facts.width is None or facts.height is None:
        return False
    return _TINY <= min(facts.width, facts.height) < _INPUT
