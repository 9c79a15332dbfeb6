"""IMG113: a picture is smaller than what networks take in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.dataset import shorter_side
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_TINY = 128
# Side of the input of the networks that chest radiographs are commonly given to, since ImageNet.
_INPUT = 224
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
    for path, facts in dataset.files.items():
        side = shorter_side(facts)
        if side is not None and _TINY <= side < _INPUT and path.startswith("images/"):
            name = path.rpartition("/")[2]
            message = f"{name} has only {facts.width} × {facts.height} pixels"
            yield dataset.at_file(path, message, suggestion=_DO)
