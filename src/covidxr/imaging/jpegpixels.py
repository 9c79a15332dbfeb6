"""Decode a JPEG file's pixels, and hear what libjpeg has to say of them.

This module owns all use of simplejpeg. libjpeg mends what is damaged, warns, and goes on; Pillow
and OpenCV drop the warnings, so that a file with 4 kB of zeros in it is a picture to them. Of 40
such files simplejpeg tells all, and of 40 with one changed byte 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import simplejpeg

from covidxr.imaging.formats import MOST_LOOKED_AT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from covidxr.imaging.measured import Buffer

_COLOURS = {"Gray": "GRAY", "YCbCr": "RGB", "RGB": "RGB"}


@dataclass(frozen=True, slots=True, eq=False)
class Jpeg:
    """What came of it.

    Parameters
    ----------
    pixels : numpy.ndarray or None
        ``(height, width)`` or ``(height, width, 3)``, eight bits; None where it is damaged.
    said : str
        libjpeg's words; empty where it had none.
    """

    pixels: NDArray[np.uint8] | None = None
    said: str = ""


def decode_jpeg(data: Buffer) -> Jpeg | None:
    """Decode a JPEG file of grey or of three colours.

    Parameters
    ----------
    data : bytes or mmap
        The whole file.

    Returns
    -------
    Jpeg or None
        None for what is left to Pillow: inks, other depths, headers that cannot be read, and
        what has more than `MOST_LOOKED_AT` pixels.
    """
    try:
        height, width, colours, _ = simplejpeg.decode_jpeg_header(data)
    except (ValueError, MemoryError):
        return None
    if colours not in _COLOURS or not 0 < height * width <= MOST_LOOKED_AT:
        return None
    try:
        pixels = simplejpeg.decode_jpeg(data, colorspace=_COLOURS[colours])
    except (ValueError, MemoryError) as error:
        return Jpeg(said=" ".join(str(error).split())[:200])
    return Jpeg(pixels[:, :, 0] if colours == "Gray" else pixels)
