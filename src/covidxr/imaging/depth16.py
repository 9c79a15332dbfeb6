"""The frames of a DICOM file as PNG: all sixteen bits without loss, and eight to look at.

This module owns how frames are written as PNG files; `dicompixels` owns what is in them, and the
way back to what was stored. It opens no file.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from covidxr.imaging.cleaned import UncleanError
from covidxr.model import FileProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# Level 6 takes 5.6 times as long for a radiograph of 10 MB; decoding is noise beside it.
_LEVEL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One frame.

    Parameters
    ----------
    png16 : bytes or None
        Grey of 16 bits that holds every stored number; None for colour, which `png8` holds whole.
    png8 : bytes
        Eight bits, grey or colour, through the file's own window: for looking at.
    slope, offset : int
        ``stored = slope * png16 + offset``; 1 and 0 for colour. They are the same for all frames of
        a series, but for those with numbers that BitsStored has no room for.
    inverted : bool
        Whether the file stores white as the lowest number (MONOCHROME1), and the picture was turned
        so that what is dense is white, as everywhere else. The slope is -1 then.
    """

    png16: bytes | None
    png8: bytes
    slope: int = 1
    offset: int = 0
    inverted: bool = False


def pictures(data: bytes) -> list[Picture]:
    """Write every frame of a DICOM file as PNG.

    Parameters
    ----------
    data : bytes
        The whole file, cleaned: nothing is cleaned here, and nothing of its tags goes in.

    Returns
    -------
    list of Picture
        In the order of the frames, one at least.

    Raises
    ------
    UncleanError
        Where the pixels cannot be decoded, or have more than 16 bits.
    """
    return list(each_picture(data))


def each_picture(data: bytes) -> Iterator[Picture]:
    """Give the pictures of `pictures` one at a time, so that one frame is held at a time."""
    from covidxr.imaging.dicompixels import frames_of

    count = frames_of(data)
    if isinstance(count, FileProblem):
        raise UncleanError("it cannot be read as DICOM, or has no picture")
    for frame in range(count):
        yield _picture(data, frame)


def _picture(data: bytes, frame: int) -> Picture:
    from covidxr.imaging.dicompixels import shown, sixteen_bits

    viewed = shown(data, frame)
    if isinstance(viewed, FileProblem):
        # A decoder's words may quote the file.
        raise UncleanError(f"the pixels of frame {frame + 1} cannot be decoded")
    if viewed.ndim == 3:  # noqa: PLR2004 - rows, columns, channels
        return Picture(png16=None, png8=_png(viewed))
    deep = sixteen_bits(data, frame)
    if isinstance(deep, FileProblem):
        raise UncleanError(f"the pixels of frame {frame + 1} do not fit into 16 bits")
    return Picture(
        png16=_png(deep.pixels),
        png8=_png(viewed),
        slope=deep.step,
        offset=deep.origin,
        inverted=deep.step < 0,
    )


def _png(pixels: NDArray[np.uint8] | NDArray[np.uint16]) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG", compress_level=_LEVEL)
    return stream.getvalue()
