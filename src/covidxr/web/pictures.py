"""Pictures as a browser can show them: bytes of any file in, a picture and its media type out.

This module owns what is sent to the browser as it is, what is drawn anew, and what is not shown at
all. A file's content decides, never its name or what a record says of it. It opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from covidxr.imaging.examine import examine
from covidxr.imaging.formats import MOST_DECODED, PEEK, describe, recognise
from covidxr.levels import ImageDepth

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

AS_THEY_ARE = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "BMP": "image/bmp",
}
"""Formats that every browser shows, with their media types. SVG is a document, not a picture."""

THUMBNAIL = 192
"""Pixels of a thumbnail's longer side: the strip shows 96, and screens have two pixels for one."""


class NotShownError(Exception):
    """A file cannot be shown; the message says why."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture for the browser.

    Parameters
    ----------
    data : bytes
        The file.
    media_type : str
        What it is.
    """

    data: bytes
    media_type: str


def shown(data: bytes) -> Shown:
    """Give a picture as a browser can show it.

    Parameters
    ----------
    data : bytes
        A file of the collection or of a candidate.

    Returns
    -------
    Shown
        The very file where browsers know its format; else a PNG file of eight bits: of a volume its
        middle slice, of more than eight bits what the file's own window says.

    Raises
    ------
    NotShownError
        If it is no picture, is damaged or has more than `MOST_DECODED` pixels.
    """
    kind = _checked(data)
    if kind in AS_THEY_ARE:
        return Shown(data, AS_THEY_ARE[kind])
    from covidxr.imaging.viewing import quick_png

    return Shown(quick_png(_pixels(data)), "image/png")


def thumbnail(data: bytes) -> Shown:
    """Give a small JPEG of a picture; errors are those of `shown`."""
    from covidxr.imaging.viewing import small_jpeg

    _checked(data)
    return Shown(small_jpeg(_pixels(data), THUMBNAIL), "image/jpeg")


def _checked(data: bytes) -> str:
    kind = recognise(data[:PEEK])
    facts = examine("", data, ImageDepth.HEADER)
    size = (facts.width or 0) * (facts.height or 0)
    if size > MOST_DECODED:
        raise NotShownError(
            f"It has {size / 1e6:.0f} megapixels ({facts.width} x {facts.height}); more than "
            f"{MOST_DECODED / 1e6:.0f} are not decoded. Look at the file with another program."
        )
    if not kind:
        raise NotShownError(f"It cannot be shown: {describe(kind, data[:PEEK] or bytes(8))}.")
    return kind


def _pixels(data: bytes) -> NDArray[np.uint8]:
    from covidxr.imaging.viewing import eight_bits

    pixels = eight_bits(data)
    if pixels is None:
        raise NotShownError("It is damaged or in a format that is not decoded here.")
    return pixels
