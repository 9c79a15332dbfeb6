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
import xxhash

from covidxr.imaging.formats import MOST_DECODED, PEEK, recognise
from covidxr.imaging.jpegpixels import decode_jpeg
from covidxr.imaging.pillow import PLUGINS, open_picture
from covidxr.imaging.quiet import heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PIL.Image import Image as Picture
    from PIL.ImageFile import ImageFile

    from covidxr.imaging.measured import Buffer

_FULL_16_BITS = 65_535
_OPAQUE = 255
# Pixels of a picture that memory is no matter for.
_QUICK = 16_000_000
# Pixels of a strip: small enough to stay in a processor's own memory.
_STRIP = 1 << 18


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


def decode(data: Buffer) -> NDArray[np.uint8] | None:
    """Decode a picture's first frame.

    Parameters
    ----------
    data : bytes or mmap
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
    quick = decode_jpeg(data) if kind == "JPEG" else None
    if quick is not None and quick.pixels is not None:
        return quick.pixels
    picture, _ = open_picture(kind, data)
    if picture is None or not 0 < picture.width * picture.height <= MOST_DECODED:
        return None
    try:
        with heard():
            return whole(picture).pixels
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
    grey = only_grey(part)
    part = part if grey is None else grey
    written = part if part.ndim == 2 else part[:, :, ::-1]  # noqa: PLR2004 - cv2 wants blue first
    _, coded = cv2.imencode(".png", np.ascontiguousarray(written))
    return bytes(coded)


def only_grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Give the one channel of a picture whose red, green and blue are the same everywhere.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)`` or ``(height, width, 3)``.

    Returns
    -------
    numpy.ndarray or None
        ``(height, width)``; the very array that was given where it is grey; None for colours.
    """
    if pixels.ndim == 2:  # noqa: PLR2004 - rows, columns
        return pixels
    height, width = pixels.shape[:2]
    grey = np.empty((height, width), np.uint8)
    for rows in _strips(height, width):
        red, green, blue = cv2.split(pixels[rows])
        if cv2.norm(red, green, cv2.NORM_INF) or cv2.norm(red, blue, cv2.NORM_INF):
            return None
        grey[rows] = red
    return grey


def digest(pixels: NDArray[np.uint8]) -> str:
    """Hash pixels, with 128 bits as 32 hex digits: what looks the same has the same.

    Parameters
    ----------
    pixels : numpy.ndarray
        As `only_grey` gives them, or ``(height, width, 3)`` of colours.

    Returns
    -------
    str
        XXH3 (Y. Collet), a hash that is no seal: files are told by SHA-256, this is 20 times as
        fast, and two pictures have the same by chance once in 10**38.
    """
    hashed = xxhash.xxh3_128(repr(pixels.shape).encode())
    hashed.update(np.ascontiguousarray(pixels).data)
    return str(hashed.hexdigest())


@dataclass(frozen=True, slots=True, eq=False)
class Whole:
    """A decoded picture.

    Parameters
    ----------
    pixels : numpy.ndarray
        As `decode` gives them.
    transparent : bool
        Whether something behind it would show.
    """

    pixels: NDArray[np.uint8]
    transparent: bool = False


def whole(picture: ImageFile) -> Whole:
    """Decode an opened picture's first frame; whatever the decoder raises is raised.

    Strips are turned one after the other: no second copy of a large picture is in memory.
    """
    from PIL import ImageFile as settings  # noqa: N813 - a module, for its one switch

    # Another library may have asked Pillow to fill what is missing with grey.
    settings.LOAD_TRUNCATED_IMAGES = False
    picture.load()
    if picture.mode.startswith(("I", "F")):
        return Whole(_deep(np.asarray(picture)))
    clear = picture.mode in {"LA", "La", "PA", "RGBA", "RGBa"} or "transparency" in picture.info
    if picture.mode in {"L", "RGB"} and not clear:
        return Whole(np.asarray(picture))
    if picture.mode == "1" and not clear:
        return Whole(np.asarray(picture.convert("L")))
    width, height = picture.size
    if picture.mode == "RGBA" and width * height <= _QUICK:
        four = np.asarray(picture)
        if cv2.minMaxLoc(cv2.extractChannel(four, 3))[0] == _OPAQUE:
            return Whole(np.asarray(cv2.cvtColor(four, cv2.COLOR_RGBA2RGB), dtype=np.uint8))
    pixels = np.empty((height, width, 3), np.uint8)
    transparent = False
    for rows in _strips(height, width):
        part = picture.crop((0, rows.start, width, rows.stop))
        if clear:
            part, seen_through = _opaque(part)
            transparent = transparent or seen_through
        pixels[rows] = np.asarray(part.convert("RGB"))
    return Whole(pixels, transparent)


def _strips(height: int, width: int) -> Iterator[slice]:
    rows = max(1, _STRIP // max(1, width))
    return (slice(top, min(top + rows, height)) for top in range(0, height, rows))


def _deep(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Scale more than eight bits to eight.

    Where all values fit in 16 bits white is 65535, as the PNG and TIFF formats have it; other
    numbers have no white of their own, so the largest is taken for it.
    """
    finite = [_finite(values[rows]) for rows in _strips(*values.shape)]
    low = min(0.0, *(float(each.min()) for each in finite))
    high = max(float(each.max()) for each in finite)
    if values.dtype.kind in "ui" and low >= 0 and high <= _FULL_16_BITS:
        high = float(_FULL_16_BITS)
    span = (high - low) or 1.0
    pixels = np.empty(values.shape, np.uint8)
    for rows in _strips(*values.shape):
        pixels[rows] = np.round((_finite(values[rows]) - low) * (255.0 / span))
    return pixels


def _finite(values: NDArray[np.generic]) -> NDArray[np.float64]:
    return np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)


def _opaque(part: Picture) -> tuple[Picture, bool]:
    """Lay a part over white; tell whether that made a difference."""
    from PIL import Image

    layered = part.convert("RGBA")
    if layered.getchannel("A").getextrema()[0] == _OPAQUE:
        return layered, False
    white = Image.new("RGBA", layered.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, layered), True
