"""IMG118: a radiograph or CT image has colour in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

# Share of coloured pixels from which on it is told.
_SHARE = 0.01


@rule("IMG118", severity=Severity.INFO, since="0.1", needs=(Need.PIXELS,))
def colour_where_grey_is_due(dataset: Dataset) -> Iterator[Hit]:
    """Report a radiograph or CT image with coloured pixels.

    What it checks
    --------------
    Of the pixels of each picture in ``images/`` less than 1 % are coloured so that an eye sees
    it: red, green and blue are less than 24 levels apart.

    Why it matters
    --------------
    Arrows, boxes and captions were drawn on by the source and point at the finding; a tint
    comes from a photograph of a film or a screen. A network can learn either.

    Example
    -------
    A figure of a paper with a yellow arrow at each opacity.

    How to fix
    ----------
    Look for the original at the source. If there is none, the image stays; say in
    ``other_notes`` what is drawn on it.

    Source
    ------
    Measured on 250 published images: 8 have 1 % or more, three of them 80 to 90 %.
    """
    for path, facts in dataset.files.items():
        share = 0.0 if facts.pixels is None else facts.pixels.colour
        if share >= _SHARE and path.startswith("images/"):
            name = path.rpartition("/")[2]
            yield dataset.at_file(
                path,
                f"{share:.0%} of the pixels of {name} are coloured",
                suggestion="is something drawn on it, or is it a photograph of a film?",
            )
