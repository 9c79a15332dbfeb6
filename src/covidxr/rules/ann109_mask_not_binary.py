"""ANN109: a mask has more than two values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr import annotationhits
from covidxr.annotated import MOST_VALUES
from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.annotated import Mask
    from covidxr.dataset import Dataset
    from covidxr.model import Hit


_TWO = 2


@rule("ANN109", severity=Severity.WARNING, since="0.1", needs=(Need.ANNOTATIONS, Need.MASKS))
def mask_not_binary(dataset: Dataset) -> Iterator[Hit]:
    """Report a mask of more than two values.

    What it checks
    --------------
    A mask has two values, 0 and another one.

    Why it matters
    --------------
    What the values between mean is anybody's guess: classes, or edges that were blurred when
    the mask was scaled. Programs that take all that is not 0 see a larger lung than those that
    halve at 128.

    Example
    -------
    A mask of 54 values, from 0 to 255.

    How to fix
    ----------
    Write it with two values, at the threshold that its author meant; write several classes as
    several masks, ``<image>_mask_<what>.png``.

    Source
    ------
    Two of the 66 lung masks in a sample of the published ones have 40 and 54 values.
    """
    for file, image in annotationhits.images(dataset):
        for mask in image.masks:
            if len(mask.values) > _TWO:
                yield annotationhits.hit(
                    file,
                    image,
                    f"the mask {annotationhits.named(mask.label, image.image)} has {_many(mask)}, "
                    f"from {mask.values[0]} to {mask.values[-1]}",
                    field=mask.label or None,
                    suggestion="write it with two values, or each class as a mask of its own",
                )


def _many(mask: Mask) -> str:
    cut = "or more " if len(mask.values) >= MOST_VALUES else ""
    return f"{len(mask.values)} {cut}values"
