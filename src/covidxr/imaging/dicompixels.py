"""The pixels of a DICOM file: as they are stored, as values, to be shown, and to be kept in a PNG.

This module owns how stored numbers become values and greys. It opens no file. One frame is decoded
at a time, so that a file of a thousand frames needs no more memory than one of them.
Whatever is wrong with a file is a :class:`covidxr.model.FileProblem`; nothing here raises on it.

Source: DICOM PS3.3, C.7.6.3 (pixels), C.11.1 and C.11.2 (modality and VOI); PS3.5, annex A.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from covidxr.imaging.dicomdecode import decoded, frame_count, has_decoder
from covidxr.imaging.dicomfile import Header, items, number, open_header, text, words_of
from covidxr.imaging.formats import MOST_LOOKED_AT
from covidxr.imaging.measured import DamagedError, corrupt, unreadable
from covidxr.imaging.quiet import heard
from covidxr.model import FileProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from covidxr.imaging.measured import Buffer
    from covidxr.imaging.windowing import Window

_Given = TypeVar("_Given")

_MOST_BITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SixteenBits:
    """A grey picture without loss, white is bright, and the way back to what was stored.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width)``, ``uint16``.
    origin, step : int
        What was stored is ``origin + step * pixel``; `step` is -1 where black and white were
        turned, else 1. The same for all frames and files with the same header.
    slope, intercept : float or None
        A value, such as a Hounsfield unit, is ``slope * stored + intercept``; None where a table
        takes their place.
    bits : int
        Of a pixel that can differ from 0, 16 at most.
    """

    pixels: NDArray[np.uint16]
    origin: int
    step: int
    slope: float | None
    intercept: float | None
    bits: int


def frames_of(data: Buffer) -> int | FileProblem:
    """Count the frames of a file, as its header has them; at least 1."""
    return _guarded(lambda: frame_count(open_header(data, ["NumberOfFrames"]).elements))


def stored(data: Buffer, frame: int = 0) -> NDArray[Any] | FileProblem:
    """Give the pixels as the file keeps them.

    Parameters
    ----------
    data : bytes or mmap
        The whole file.
    frame : int
        From 0.

    Returns
    -------
    numpy.ndarray or FileProblem
        ``(height, width)`` of whole numbers or floats; ``(height, width, 3)`` in red, green, blue,
        where the file has colours of another kind, too. Indices where a palette is used.
    """
    return _guarded(lambda: decoded(open_header(data), frame))


def values(data: Buffer, frame: int = 0) -> NDArray[np.float64] | FileProblem:
    """Give the pixels in the unit that the file says: Hounsfield units of a CT.

    Parameters
    ----------
    data, frame
        As in `stored`.

    Returns
    -------
    numpy.ndarray or FileProblem
        ``(height, width)``, after the modality's table or slope and intercept; a problem for
        colours, which have no unit.
    """

    def work() -> NDArray[np.float64]:
        header = open_header(data)
        pixels = decoded(header, frame)
        if pixels.ndim != 2 or _has_palette(header):  # noqa: PLR2004 - rows and columns
            raise DamagedError("unreadable", "its pixels are colours, which have no unit")
        return _valued(header, pixels, frame)

    return _guarded(work)


def shown(data: Buffer, frame: int = 0) -> NDArray[np.uint8] | FileProblem:
    """Give a picture of eight bits to look at.

    Parameters
    ----------
    data, frame
        As in `stored`.

    Returns
    -------
    numpy.ndarray or FileProblem
        ``(height, width)``, through the file's first window or table, or else through one that is
        chosen from the values; white is bright, whatever the file has. ``(height, width, 3)`` in
        red, green, blue where the file has colours, or a palette of them.
    """

    def work() -> NDArray[np.uint8]:
        header = open_header(data)
        pixels = decoded(header, frame)
        if _has_palette(header):
            from pydicom.pixels import apply_color_lut

            return _narrowed(apply_color_lut(pixels, header.elements))
        if pixels.ndim != 2:  # noqa: PLR2004 - rows and columns
            return _narrowed(pixels, number(header.elements, "BitsStored"))
        return _picture(header, pixels, frame)

    return _guarded(work)


def sixteen_bits(data: Buffer, frame: int = 0) -> SixteenBits | FileProblem:
    """Give a grey picture as it is kept in a PNG of 16 bits, without loss.

    Parameters
    ----------
    data, frame
        As in `stored`.

    Returns
    -------
    SixteenBits or FileProblem
        A problem for colours and palettes, which eight bits hold, and for more than 16 bits.
    """

    def work() -> SixteenBits:
        header = open_header(data)
        return _deep(header, decoded(header, frame), frame)

    return _guarded(work)


def check_frames(data: Buffer) -> tuple[FileProblem, ...]:
    """Decode one frame after another, as far as `MOST_LOOKED_AT` pixels in all, but always one.

    Parameters
    ----------
    data : bytes or mmap
        The whole file.

    Returns
    -------
    tuple of FileProblem
        The first that is met. Empty, too, where nothing here decodes the transfer syntax, which is
        no fault of the file.
    """

    def work() -> tuple[FileProblem, ...]:
        header = open_header(data)
        if not has_decoder(header):
            return ()
        size = number(header.elements, "Rows") * number(header.elements, "Columns")
        if size > MOST_LOOKED_AT:
            return unreadable(
                f"its {size:,} pixels are not decoded: the limit is {MOST_LOOKED_AT:,} pixels"
            )
        count = min(frame_count(header.elements), max(1, MOST_LOOKED_AT // max(size, 1)))
        for frame in range(count):
            decoded(header, frame)
        return ()

    found = _guarded(work)
    return (found,) if isinstance(found, FileProblem) else found


def _guarded(work: Callable[[], _Given]) -> _Given | FileProblem:
    try:
        with heard():
            return work()
    except DamagedError as damaged:
        return damaged.problem
    except Exception as error:  # noqa: BLE001 - pydicom and decoders raise nearly anything
        return corrupt(f"pydicom cannot decode its pixels: {words_of(error)}")[0]


def _has_palette(header: Header) -> bool:
    return text(header.elements, "PhotometricInterpretation") == "PALETTE COLOR"


def _valued(header: Header, pixels: NDArray[Any], frame: int) -> NDArray[np.float64]:
    import numpy as np

    if items(header.elements, "ModalityLUTSequence"):
        from pydicom.pixels import apply_modality_lut

        pixels = apply_modality_lut(pixels, header.elements)
    slope, intercept = _scaling(header, frame)
    return np.asarray(pixels, dtype=np.float64) * slope + intercept


def _scaling(header: Header, frame: int) -> tuple[float, float]:
    if items(header.elements, "ModalityLUTSequence"):
        return 1.0, 0.0
    for holder in _holders(header, frame, "PixelValueTransformationSequence"):
        slope, intercept = (_float(holder, f"Rescale{word}") for word in ("Slope", "Intercept"))
        if slope is not None or intercept is not None:
            return slope or 1.0, intercept or 0.0
    return 1.0, 0.0


def _holders(header: Header, frame: int, sequence: str) -> list[Any]:
    """Give what may hold an element of a frame: the functional groups first, then the header."""
    elements = header.elements
    groups = items(elements, "PerFrameFunctionalGroupsSequence")[frame : frame + 1]
    groups += items(elements, "SharedFunctionalGroupsSequence")[:1]
    return [held for group in groups for held in items(group, sequence)[:1]] + [elements]


def _float(elements: Any, word: str) -> float | None:
    """Read the first number of an element; None where it is absent, or none."""
    import math

    try:
        found = float(text(elements, word).split("\\")[0])
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _window(header: Header, frame: int) -> Window | None:
    from covidxr.imaging.windowing import Window

    for holder in _holders(header, frame, "FrameVOILUTSequence"):
        centre, width = (_float(holder, f"Window{word}") for word in ("Center", "Width"))
        function = text(holder, "VOILUTFunction") or "LINEAR"
        # A linear window of 1 parts black from white (C.11.2.1.2.1); smaller ones are none.
        if centre is not None and width is not None and width > 0:
            least = 0.0 if function != "LINEAR" else 1.0
            return Window(centre=centre, width=width, function=function) if width >= least else None
    return None


def _picture(header: Header, pixels: NDArray[Any], frame: int) -> NDArray[np.uint8]:
    import numpy as np

    turned = text(header.elements, "PhotometricInterpretation") == "MONOCHROME1"
    least, most = pixels.min(), pixels.max()
    if pixels.dtype.kind not in "iu" or int(most) - int(least) >= 1 << _MOST_BITS:
        picture = _levels(header, pixels, frame)
    else:
        # Each value is shown once, and then looked up: that is faster, and takes less memory.
        steps = np.arange(int(least), int(most) + 1).astype(pixels.dtype)
        counts = _counted(pixels)
        around = _padding(header, pixels) - int(least)
        if 0 <= around < len(counts):
            counts[around] = 0
        table = _levels(header, steps, frame, counts)
        picture = table[_above(pixels, int(least))]
    return np.subtract(255, picture, dtype=np.uint8) if turned else picture


def _padding(header: Header, pixels: NDArray[Any]) -> int:
    """Give the value around the picture, which has no say in how bright it is; -1e9 for none.

    Source: DICOM PS3.3, C.7.5.1.1.2.
    """
    said = _float(header.elements, "PixelPaddingValue")
    if said is None:
        return -1_000_000_000
    # It is written as one kind of number and meant as the pixels' own.
    return int(said) - ((1 << _MOST_BITS) if pixels.dtype.kind == "i" and said >= 1 << 15 else 0)


def _levels(
    header: Header, pixels: NDArray[Any], frame: int, counts: NDArray[np.int64] | None = None
) -> NDArray[np.uint8]:
    """Show stored values; `counts` says how often each is met, where they are no picture."""
    import numpy as np

    from covidxr.imaging.windowing import between, through, windowed

    valued = _valued(header, pixels, frame)
    window = _window(header, frame)
    if window is not None:
        return through(valued, window)
    if not items(header.elements, "VOILUTSequence"):
        return windowed(valued, counts)
    from pydicom.pixels import apply_voi_lut

    looked_up = apply_voi_lut(np.rint(valued).astype(np.int64), header.elements)
    entry = header.elements["VOILUTSequence"].value[0]
    white = max(1, (1 << int(entry.LUTDescriptor[2])) - 1)
    return between(np.asarray(looked_up, dtype=np.float64), 0.0, float(white))


def _above(pixels: NDArray[Any], least: int) -> NDArray[np.uint16]:
    """Subtract a number that no pixel is 65,536 above: modulo that, in no more than 16 bits."""
    import numpy as np

    return pixels.astype(np.uint16) - np.uint16(least % (1 << _MOST_BITS))


def _counted(pixels: NDArray[Any]) -> NDArray[np.int64]:
    """Count how often each whole number is met, from the least to the greatest, row by row."""
    import numpy as np

    least = int(pixels.min())
    counts = np.zeros(int(pixels.max()) - least + 1, np.int64)
    for row in pixels:
        met = np.bincount(_above(row, least))
        counts[: len(met)] += met
    return counts


def _narrowed(colours: NDArray[Any], bits: int = 0) -> NDArray[np.uint8]:
    """Bring colours of more than eight bits to eight."""
    import numpy as np

    bits = bits or colours.dtype.itemsize * 8
    if bits > 8:  # noqa: PLR2004 - a byte
        colours = colours >> (bits - 8)
    narrowed: NDArray[np.uint8] = np.clip(colours, 0, 255).astype(np.uint8)
    return narrowed


def _deep(header: Header, pixels: NDArray[Any], frame: int) -> SixteenBits:
    import numpy as np

    if pixels.ndim != 2 or _has_palette(header):  # noqa: PLR2004 - rows and columns
        raise DamagedError("unreadable", "it is in colour, which eight bits hold")
    if pixels.dtype.kind not in "iu":
        raise DamagedError("unreadable", "its pixels are no whole numbers")
    low, high = _range(header, pixels)
    turned = text(header.elements, "PhotometricInterpretation") == "MONOCHROME1"
    above = _above(pixels, low)
    slope, intercept = _scaling(header, frame)
    table = bool(items(header.elements, "ModalityLUTSequence"))
    return SixteenBits(
        pixels=np.uint16(high - low) - above if turned else above,
        origin=high if turned else low,
        step=-1 if turned else 1,
        slope=None if table else slope,
        intercept=None if table else intercept,
        bits=(high - low).bit_length(),
    )


def _range(header: Header, pixels: NDArray[Any]) -> tuple[int, int]:
    """Find what stored values can be: by the header, or wider where some are outside of that."""
    bits = number(header.elements, "BitsStored")
    signed = pixels.dtype.kind == "i"
    least, most = int(pixels.min()), int(pixels.max())
    low, high = (-(1 << bits >> 1), (1 << bits >> 1) - 1) if signed else (0, (1 << bits) - 1)
    if not 0 < bits <= _MOST_BITS or least < low or most > high:
        low, high = least, most
    if high - low >= 1 << _MOST_BITS:
        raise DamagedError("unreadable", "its pixels need more than 16 bits")
    return low, high
