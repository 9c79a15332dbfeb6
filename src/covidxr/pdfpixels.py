"""Pictures of a PDF: at which resolution, whose bytes, and whether grey or perhaps inverted.

This module owns what is decided on a picture. It opens nothing and changes no value but to take
three equal channels for one: a picture that looks inverted is reported, never turned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from covidxr.pdfregions import ImageBox, Region

Pixels = NDArray[np.uint8]
"""``(height, width)`` or ``(height, width, 3)``, eight bits."""

POINTS_AN_INCH = 72.0
"""PDF 1.7, 8.3.2.3."""

# Journals ask for 300 to 600 dots an inch; below 100 letters in a figure cannot be read.
_LEAST_DPI, _MOST_DPI = 100.0, 600.0
# Of one figure: a printed page, 8.3 x 11.7 inches, has 35 million at 600 dots an inch.
_MOST_PIXELS = 60_000_000
# Pixels of a picture that are square but for rounding.
_EVEN = 0.02
# Exif stands in the first segment but one, which has 65,535 bytes at most.
_EXIF, _HEADERS = b"Exif\x00\x00", 70_000
_SIMPLE_COLOURS = {"DeviceGray", "DeviceRGB"}
_MASKS = ("Decode", "D", "SMask", "Mask", "ImageMask", "IM", "SMaskInData")

# A grey picture that was kept as a JPEG in colour differs between channels by rounding: by 3 or 4
# levels, as does black ink in the radiographs of one paper of 2020 by 2.
_GREY_SPREAD = 6
# Two decoders of one JPEG differ by 2 or 3 levels. A letter or an arrow over it differs by 50.
_DECODERS_DIFFER = 12
# Around the shoulders a radiograph shows air: the upper corners of those in papers of 2020 have 34
# to 84 of 255 levels. A drawing, and CT scans on a white page, are mostly pure black and white.
_BRIGHT_CORNER = 180
_CORNER = 12
_MIDDLE_TONES = (20, 235)
_MOSTLY = 0.75
_FEWEST = 48


def grey(pixels: Pixels) -> Pixels:
    """Give one channel where all three agree, else the picture as it is.

    Parameters
    ----------
    pixels : numpy.ndarray
        Eight bits.
    """
    if pixels.ndim != 3:  # noqa: PLR2004 - rows, columns, channels
        return pixels
    spread = pixels.max(axis=2) - pixels.min(axis=2)
    if int(spread.max(initial=0)) > _GREY_SPREAD:
        return pixels
    # Rounded to the nearest, so that three equal channels give just that value.
    mean: Pixels = ((pixels.astype(np.uint16).sum(axis=2) * 2 + 3) // 6).astype(np.uint8)
    return mean


def agree(first: Pixels, second: Pixels) -> bool:
    """Tell whether two pictures are the same, up to what two decoders make of one file.

    Parameters
    ----------
    first, second : numpy.ndarray
        Eight bits, grey or in colour.
    """
    if first.shape[:2] != second.shape[:2]:
        return False
    one, other = (
        each if each.ndim == 3 else each[:, :, np.newaxis]  # noqa: PLR2004 - as above
        for each in (first, second)
    )
    apart = np.abs(one.astype(np.int16) - other.astype(np.int16))
    return int(apart.max(initial=0)) <= _DECODERS_DIFFER


def looks_inverted(pixels: Pixels) -> bool:
    """Tell whether a picture may be a radiograph with black and white swapped.

    Parameters
    ----------
    pixels : numpy.ndarray
        Eight bits; anything in colour is no such picture.

    Returns
    -------
    bool
        True where both upper corners are bright in a picture of middle tones. It says nothing on
        CT scans, nor on panels with a wide white page between.
    """
    if pixels.ndim != 2 or min(pixels.shape) < _FEWEST:  # noqa: PLR2004 - rows, columns
        return False
    dark, bright = _MIDDLE_TONES
    if float(((pixels > dark) & (pixels < bright)).mean()) < _MOSTLY:
        return False
    high, wide = (side // _CORNER for side in pixels.shape)
    corners = (pixels[:high, :wide], pixels[:high, -wide:])
    return all(float(corner.mean()) >= _BRIGHT_CORNER for corner in corners)


def scales_of(region: Region) -> tuple[float, float]:
    """Give the scale at which the largest picture of a figure keeps its own pixels.

    Parameters
    ----------
    region : Region
        The figure.

    Returns
    -------
    tuple of float
        Pixels a point, across and along: 100 to 600 an inch, less for a huge page.
    """
    across, along = own_scales_of(region)
    mean = (across * along) ** 0.5
    left, top, right, bottom = region.box
    most = (_MOST_PIXELS / ((right - left) * (bottom - top))) ** 0.5
    scale = min(max(mean, _LEAST_DPI / POINTS_AN_INCH), _MOST_DPI / POINTS_AN_INCH, most)
    # One picture that is placed almost evenly keeps its very rows and columns.
    if scale == mean and abs(across / along - 1) < _EVEN:
        return across, along
    return scale, scale


def own_scales_of(region: Region) -> tuple[float, float]:
    """Give the scales of `scales_of` without their limits.

    Parameters
    ----------
    region : Region
        The figure.
    """
    largest = max(region.images, key=_area)
    across = largest.width / (largest.box[2] - largest.box[0])
    along = largest.height / (largest.box[3] - largest.box[1])
    return across, along


def _area(image: ImageBox) -> float:
    return (image.box[2] - image.box[0]) * (image.box[3] - image.box[1])


def whole_jpeg(region: Region, streams: Sequence[Mapping[str, Any]]) -> bytes | None:
    """Give the file of a JPEG that is a whole figure, where it needs nothing of the PDF.

    Parameters
    ----------
    region : Region
        The figure.
    streams : sequence of mapping
        The pictures of its page, as pdfplumber describes them.

    Returns
    -------
    bytes or None
        What a decoder of its own makes of it must still be compared with the page: letters and
        arrows may lie upon it.
    """
    image = region.images[0]
    alone = len(region.images) == 1 and image.box == region.box
    if not alone or not 0 < image.width * image.height <= _MOST_PIXELS:
        return None
    item = streams[image.name]
    stream = item["stream"]
    attributes = stream.attrs
    plain = _names(attributes.get("Filter")) == ["DCTDecode"] and _simple(item["colorspace"])
    if not plain or any(key in attributes for key in _MASKS):
        return None
    raw = bytes(stream.rawdata or b"")
    # A PDF ignores which way up a camera was held; other viewers of the file would turn it.
    turned = _EXIF in raw[:_HEADERS]
    return raw if raw.startswith(b"\xff\xd8") and not turned else None


def _names(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(getattr(each, "name", "")) for each in values]


def _simple(colours: Any) -> bool:
    """Tell whether numbers in a colour space mean what they mean in a JPEG file of its own."""
    parts = colours[0] if colours and isinstance(colours[0], list) else colours
    if not isinstance(parts, list) or not parts:
        return False
    name = str(getattr(parts[0], "name", ""))
    if name == "ICCBased" and len(parts) > 1:
        return getattr(parts[1], "attrs", {}).get("N") in {1, 3}
    return name in _SIMPLE_COLOURS
