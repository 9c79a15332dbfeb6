"""The frames of a DICOM file as PNG: all sixteen bits without loss, and eight to look at.

This module owns how stored numbers become those of a PNG file, and the way back. It opens no file.
Source: DICOM PS3.3, C.7.6.3 (pixels), C.11.1 (modality LUT), C.11.2 (VOI LUT and windows).
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from covidxr.imaging.cleaned import UncleanError
from covidxr.imaging.formats import MOST_DECODED
from covidxr.imaging.quiet import heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Stored: TypeAlias = NDArray[np.generic]

# Level 6 takes 5.6 times as long for a radiograph of 10 MB; decoding is noise beside it.
_LEVEL = 1
_MOST_BITS = 16
# Of values without a window the brightest and darkest half percent is cut: metal hides the rest.
_CUT_PERCENT = 0.5
_COLOUR = 3  # rows, columns, channels


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
    try:
        with heard():
            from pydicom import dcmread

            dataset = dcmread(io.BytesIO(data))
            count = max(1, int(dataset.get("NumberOfFrames") or 1))
            size = int(dataset.Rows) * int(dataset.Columns)
    except Exception as error:
        raise UncleanError("it cannot be read as DICOM, or has no picture") from error
    if not 0 < size <= MOST_DECODED:
        raise UncleanError(f"its header claims {size:,} pixels")
    for frame in range(count):
        stored = _stored(dataset, frame)
        with heard():
            made = _colour(stored) if stored.ndim == _COLOUR else _grey(stored, dataset)
        # Outside, since what is done with a picture may want to hear warnings as well.
        yield made


def _stored(dataset: Any, frame: int) -> Stored:
    from pydicom.pixels import apply_color_lut, pixel_array

    try:
        with heard():
            stored = pixel_array(dataset, index=frame)
            if dataset.get("PhotometricInterpretation") == "PALETTE COLOR":
                stored = apply_color_lut(stored, dataset)
    except Exception as error:
        raise UncleanError(f"the pixels of frame {frame + 1} cannot be decoded") from error
    return np.asarray(stored)


def _colour(stored: Stored) -> Picture:
    if stored.dtype.kind == "u" and stored.dtype.itemsize == 2:  # noqa: PLR2004 - 16 bits
        # Palettes have 16 bits often; no screen shows them. Source: PS3.3, C.7.9.
        return Picture(png16=None, png8=_png((stored.astype(np.uint32) >> 8).astype(np.uint8)))
    if stored.dtype != np.uint8:
        raise UncleanError("its colours have neither 8 nor 16 bits")
    return Picture(png16=None, png8=_png(stored.astype(np.uint8)))


def _grey(stored: Stored, dataset: Any) -> Picture:
    inverted = dataset.get("PhotometricInterpretation") == "MONOCHROME1"
    low, high = _range(stored, dataset)
    # Unsigned numbers of 16 bits go round in a circle, so this is exact for signed ones as well.
    base = np.uint16((high if inverted else low) & 0xFFFF)
    turned = stored.astype(np.uint16)
    level = base - turned if inverted else turned - base
    return Picture(
        png16=_png(level),
        png8=_png(_shown(stored, dataset, (low, high), inverted=inverted)),
        slope=-1 if inverted else 1,
        offset=high if inverted else low,
        inverted=inverted,
    )


def _range(stored: Stored, dataset: Any) -> tuple[int, int]:
    """Give the numbers that become 0 and the highest level.

    They are those that the bits of the header hold, so that they are the same for all frames and
    slices. Where a frame has numbers beyond (padding often has), all that 16 bits hold.
    """
    if stored.dtype.kind not in "iu":
        raise UncleanError("its pixels are no whole numbers")
    signed = stored.dtype.kind == "i"
    least, most = int(stored.min()), int(stored.max())
    claimed = int(dataset.get("BitsStored") or _MOST_BITS)
    for bits in (min(max(claimed, 1), _MOST_BITS), _MOST_BITS):
        low = -(1 << (bits - 1)) if signed else 0
        high = low + (1 << bits) - 1
        if low <= least and most <= high:
            return low, high
    raise UncleanError("its pixels have more than 16 bits")


def _shown(
    stored: Stored, dataset: Any, ends: tuple[int, int], *, inverted: bool
) -> NDArray[np.uint8]:
    """Give eight bits. What each number is shown as is found once, not for each pixel."""
    low, high = ends
    numbers = np.arange(low, high + 1, dtype=np.int32)
    try:
        values, window = _values(numbers.astype(stored.dtype), dataset)
    except Exception:  # noqa: BLE001 - a damaged table; the numbers themselves can be shown
        values, window = numbers.astype(np.float64), None
    at = stored.astype(np.int32) - low
    black, white = window or _most(values, at, dataset, low)
    scaled = np.clip((values - black) / ((white - black) or 1.0), 0.0, 1.0)
    shade = np.round(scaled * 255).astype(np.uint8)
    if inverted:
        shade = np.subtract(255, shade, dtype=np.uint8)
    picture: NDArray[np.uint8] = shade[at]
    return picture


def _values(
    numbers: Stored, dataset: Any
) -> tuple[NDArray[np.float64], tuple[float, float] | None]:
    """Give what each stored number means, and the window through which it is shown, if any."""
    from pydicom.pixels import apply_modality_lut, apply_voi_lut

    values = np.asarray(apply_modality_lut(numbers, dataset))
    if "VOILUTSequence" in dataset:
        # The table is looked up by whole numbers, and rescaling gives fractions.
        shown = np.asarray(apply_voi_lut(np.rint(values).astype(np.int32), dataset), np.float64)
        return shown, (float(shown.min()), float(shown.max()))
    return values.astype(np.float64), _window(dataset)


def _window(dataset: Any) -> tuple[float, float] | None:
    """Give the values shown black and white; None without a window. Source: PS3.3, C.11.2.1.2."""
    if "VOILUTSequence" in dataset or "WindowWidth" not in dataset:
        return None
    centre, width = (_first(dataset.get(word)) for word in ("WindowCenter", "WindowWidth"))
    if centre is None or width is None or width < 1:
        return None
    if dataset.get("VOILUTFunction", "LINEAR") == "LINEAR_EXACT":
        return centre - width / 2, centre + width / 2
    return centre - 0.5 - (width - 1) / 2, centre - 0.5 + (width - 1) / 2


def _first(value: Any) -> float | None:
    several = not isinstance(value, str) and hasattr(value, "append")
    first = (value[0] if len(value) else None) if several else value
    return None if first in (None, "") else float(first)


def _most(
    values: NDArray[np.float64], at: NDArray[np.int32], dataset: Any, low: int
) -> tuple[float, float]:
    """Give the range of nearly all values, without those around the picture."""
    counts = np.bincount(at.ravel(), minlength=len(values))
    padding = dataset.get("PixelPaddingValue")
    if padding is not None and 0 <= int(padding) - low < len(counts):
        counts[int(padding) - low] = 0
    counts[~np.isfinite(values)] = 0
    if not counts.any():
        return 0.0, 1.0
    order = np.argsort(values, kind="stable")
    sums = np.cumsum(counts[order])
    ends = (sums[-1] * _CUT_PERCENT / 100, sums[-1] * (100 - _CUT_PERCENT) / 100)
    black, white = (float(values[order[int(np.searchsorted(sums, end))]]) for end in ends)
    return black, white


def _png(pixels: NDArray[np.uint8] | NDArray[np.uint16]) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(stream, "PNG", compress_level=_LEVEL)
    return stream.getvalue()
