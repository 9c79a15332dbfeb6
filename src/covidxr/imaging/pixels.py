"""Pictures as arrays: bytes in, pixels out, and a part of them back as bytes.

This module owns what a picture looks like once decoded: eight bits, grey or red-green-blue,
nothing transparent. It opens no file and judges nothing. It imports numpy and cv2, so a caller
imports it only when there is a picture to look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from covidxr.imaging.formats import MOST_DECODED, PEEK, recognise
from covidxr.imaging.pillow import PLUGINS, open_picture
from covidxr.imaging.quiet import heard

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image as Picture
    from PIL.ImageFile import ImageFile

_FULL_16_BITS = 65_535


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of pixels.

    Parameters
    ----------
    left, top : int
        First column and row that belong to it.
    right, bottom : int
        First column and row that no longer do.
    """

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Rows."""
        return self.bottom - self.top


def decode(data: bytes) -> NDArray[np.uint8] | None:
    """Decode a picture's first frame.

    Parameters
    ----------
    data : bytes
        The whole file: JPEG, PNG, WebP, TIFF, BMP or GIF, told by its content.

    Returns
    -------
    numpy.ndarray or None
        Eight bits, ``(height, width)`` for grey and ``(height, width, 3)`` for red, green, blue.
        What is transparent is laid over white. None for everything else: what is no picture, is
        damaged, or has more than `MOST_DECODED`.
    """
    kind = recognise(data[:PEEK])
    if kind not in PLUGINS:
        return None
    picture, _ = open_picture(kind, data)
    if picture is None or not 0 < picture.width * picture.height <= MOST_DECODED:
        return None
    try:
        with heard():
            return _pixels(picture)
    except Exception:  # noqa: BLE001 - decoders raise nearly anything on damaged bytes
        return None


def crop_png(pixels: NDArray[np.uint8], box: Box) -> bytes:
    """Write a part of a picture as a PNG file, without loss.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` or ``(height, width, 3)``, eight bits.
    box : Box
        Which part; what lies outside the picture is left out.

    Returns
    -------
    bytes
        Grey where red, green and blue are the same everywhere in the part.

    Raises
    ------
    ValueError
        Where the part is empty.
    """
    part = pixels[max(box.top, 0) : max(box.bottom, 0), max(box.left, 0) : max(box.right, 0)]
    if part.size == 0:
        raise ValueError(f"{box} holds no pixel of a picture of {pixels.shape[:2]}")
    if part.ndim == 3 and _is_grey(part):  # noqa: PLR2004 - rows, columns, channels
        part = part[:, :, 0]
    written = part if part.ndim == 2 else part[:, :, ::-1]  # noqa: PLR2004 - cv2 wants blue first
    _, coded = cv2.imencode(".png", np.ascontiguousarray(written))
    return bytes(coded)


def _is_grey(part: NDArray[np.uint8]) -> bool:
    first = part[:, :, 0]
    return bool((first == part[:, :, 1]).all() and (first == part[:, :, 2]).all())


def _pixels(picture: ImageFile) -> NDArray[np.uint8]:
    from PIL import ImageFile as settings  # noqa: N813 - a module, for its one switch

    # Another library may have asked Pillow to fill what is missing with grey.
    settings.LOAD_TRUNCATED_IMAGES = False
    picture.load()
    if picture.mode.startswith(("I", "F")):
        return _deep(np.asarray(picture))
    if picture.mode == "1":
        return np.asarray(picture.convert("L"))
    if picture.mode == "L" and "transparency" not in picture.info:
        return np.asarray(picture)
    return np.asarray(_opaque(picture))


def _deep(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale more than eight bits to eight.

    Where all values fit in 16 bits white is 65535, as the PNG and TIFF formats have it; other
    numbers have no white of their own, so the largest is taken for it.
    """
    wide = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = min(float(wide.min()), 0.0), float(wide.max())
    if values.dtype.kind in "ui" and low >= 0 and high <= _FULL_16_BITS:
        high = float(_FULL_16_BITS)
    span = (high - low) or 1.0
    return np.round((wide - low) * (255.0 / span)).astype(np.uint8)


def _opaque(picture: ImageFile) -> Picture:
    """Turn any mode of eight bits to red, green and blue, over white where it is transparent."""
    from PIL import Image

    clear = picture.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in picture.info
    if not clear:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, layered).convert("RGB")
